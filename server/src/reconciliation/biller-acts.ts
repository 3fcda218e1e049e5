/**
 * Asking for an act about a difference with a biller, and deciding one. What was right when it was asked for is looked
 * at again when it is agreed to: the bill may have moved on. In the transaction of whoever writes the log.
 */
import {
  type BillerDifference,
  type BillerResolution,
  type BillerStanding,
  type Billers,
  billsNamed,
  type Finding,
  type FindingRefusal,
  lockBillerDifference,
  resolveBillerDifference,
  standingOf,
} from '../billers/index.ts'
import type { Tx } from '../db/index.ts'
import {
  accept,
  assert,
  type BusinessTime,
  bucketOfId,
  type Ids,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { billerSuspense, executeTransfers, ownBank, reasons } from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import { type Decision, type DecisionRefusal, ended, mayDecide, newAsked } from './act.ts'
import { isStillWaiting, saveAct } from './asked-store.ts'
import type { BillerAct } from './biller-act.ts'
import {
  findBillerAct,
  insertBillerAct,
  lockBillerAct,
  lockWaitingBillerAct,
} from './biller-act-store.ts'

export interface BillerActTools {
  readonly time: BusinessTime
  readonly ids: Ids
  readonly billers: Pick<Billers, 'findOut'>
}

type StandingRefusal = 'difference_resolved' | 'difference_other_act'
export type BillerAskRefusal = StandingRefusal | 'difference_unknown' | 'act_waits'
export type BillerDecideRefusal = DecisionRefusal | StandingRefusal | FindingRefusal

export interface AskedBillerAct {
  readonly differenceId: string
  readonly kind: BillerResolution
  readonly reason: string
  readonly by: string
}

export async function askBillerAct(
  tx: Tx,
  { ids }: Pick<BillerActTools, 'ids'>,
  { differenceId, kind, reason, by }: AskedBillerAct,
  now: number,
): Promise<Result<BillerAct, BillerAskRefusal>> {
  const difference = await lockBillerDifference(tx, differenceId)
  if (!difference) return refuse('difference_unknown')
  const standing = await mayBe(tx, difference, kind)
  if (!standing.ok) return standing
  const waiting = await lockWaitingBillerAct(tx, differenceId)
  if (await isStillWaiting(tx, 'biller_act', waiting, now)) return refuse('act_waits')
  const act: BillerAct = {
    ...newAsked(ids.next(bucketOfId(difference.billId) ?? 0, now), { reason, by, now }),
    ...{ kind, differenceId, biller: difference.biller },
    amount: kind === 'covered' ? standing.value.amount : null,
  }
  await insertBillerAct(tx, act)
  return accept(act)
}

/** Agreed to, it happens in this transaction. */
export async function decideBillerAct(
  tx: Tx,
  tools: BillerActTools,
  given: Omit<Decision, 'now'> & { readonly id: string; readonly note: string | null },
  now: number,
): Promise<Result<BillerAct, BillerDecideRefusal>> {
  const known = await findBillerAct(tx, given.id)
  if (!known) return refuse('act_unknown')
  // What it is about is locked before it, as when it was asked for.
  const difference = await lockBillerDifference(tx, known.differenceId)
  const act = await lockBillerAct(tx, given.id)
  assert(act && difference, 'an act and its difference stay')
  const may = mayDecide(act, { ...given, now })
  if (!may.ok) return may
  const decided = ended(act, given.agrees ? 'done' : 'declined', { ...given, now })
  if (given.agrees) {
    const made = await make(tx, tools, { act, difference }, now)
    if (!made.ok) return made
    await resolveBillerDifference(tx, { ...difference, resolution: act.kind, resolvedAt: now })
  }
  await saveAct(tx, 'biller_act', decided)
  return accept(decided)
}

async function make(
  tx: Tx,
  { time, billers }: BillerActTools,
  { act, difference }: { readonly act: BillerAct; readonly difference: BillerDifference },
  now: number,
): Promise<Result<undefined, StandingRefusal | FindingRefusal>> {
  const standing = await mayBe(tx, difference, act.kind)
  if (!standing.ok) return standing
  const { has, amount } = standing.value
  if (act.amount !== null && act.amount !== amount) return refuse('difference_other_act')
  const finding = findingOf(difference, act.kind, has)
  if (finding) {
    const found = await billers.findOut(tx, { billId: difference.billId, finding, now })
    if (!found.ok) return found
  }
  if (act.amount !== null) await cover(tx, { act, amount: act.amount, time }, now)
  return accept(undefined)
}

/** What it says of the bill; nothing where the biller has a payment that is not ours. */
function findingOf(
  { theirs, day, receiptNo }: BillerDifference,
  kind: BillerResolution,
  has: BillerStanding['has'],
): Finding | undefined {
  if (kind === 'returned') return { kind, reason: theirs === null ? 'not_in_file' : 'taken_back' }
  if (has === 'theirs') return undefined
  return { kind: 'received', receiptNo: receiptNo ?? '-', date: day }
}

async function mayBe(
  tx: Tx,
  difference: BillerDifference,
  kind: BillerResolution,
): Promise<Result<BillerStanding, StandingRefusal>> {
  if (difference.resolution !== null) return refuse('difference_resolved')
  const bills = await billsNamed(tx, [difference.billId])
  const standing = standingOf(difference, bills.get(difference.billId))
  return standing.acts.includes(kind) ? accept(standing) : refuse('difference_other_act')
}

async function cover(
  tx: Tx,
  { act, amount, time }: { act: BillerAct; amount: bigint; time: BusinessTime },
  now: number,
): Promise<void> {
  const bucket = bucketOfId(act.id)
  assert(bucket !== undefined, 'an act has an id of ours')
  const closed = await closedThrough(tx)
  const today = time.dateOf(now)
  const [result] = await executeTransfers(
    tx,
    [
      {
        ...{ kind: 'transfer', id: act.id, bucket, amount, reason: reasons.billCovered },
        debit: billerSuspense(bucket, act.biller),
        credit: ownBank(bucket),
        subject: `biller_difference:${act.differenceId}`,
        businessDate: closed !== null && closed >= today ? time.nextDate(closed) : today,
      },
    ],
    now,
  )
  assert(result?.ok, `act ${act.id}: ${result?.ok === false ? result.refusal : ''}`)
}
