/** Asking for an act, and deciding one that was asked for. In the transaction of whoever writes the log. */
import { type AcceptRefusal, acceptableDay, acceptDay } from '../bank-cards/index.ts'
import type { Tx } from '../db/index.ts'
import {
  accept,
  assert,
  type BusinessDate,
  type BusinessTime,
  bucketOfId,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { executeAcrossBuckets } from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import { lockOpenAccount, lockOpenAccountById, tellCredit } from '../wallet/index.ts'
import {
  type Act,
  type ActKind,
  type Decision,
  type DecisionRefusal,
  ended,
  mayDecide,
  newAsked,
} from './act.ts'
import { findAct, insertAct, lockAct, lockWaiting } from './act-store.ts'
import { isStillWaiting, saveAct } from './asked-store.ts'
import {
  type Difference,
  type DifferenceState,
  type ResolutionAct,
  type StepRefusal,
  stepOf,
} from './difference.ts'
import { lockDifference, saveDifference } from './difference-store.ts'
import { transferOf } from './postings.ts'

export interface ReconciliationTools {
  readonly time: BusinessTime
  readonly ids: Ids
}

export type AskRefusal =
  | StepRefusal
  | AcceptRefusal
  | 'difference_unknown'
  | 'act_waits'
  | 'wallet_not_open'
  | 'number_needed'
  | 'number_not_wanted'
export type DecideRefusal = DecisionRefusal | StepRefusal | AcceptRefusal | 'wallet_not_open'

export interface AskedAct {
  readonly differenceId: string
  readonly kind: ResolutionAct
  readonly reason: string
  /** Of `identified`: whose wallet the money goes into. */
  readonly msisdn: Msisdn | null
  readonly by: string
}

/** What moves no money is done at once. */
export async function askAct(
  tx: Tx,
  { ids }: Pick<ReconciliationTools, 'ids'>,
  { differenceId, kind, reason, msisdn, by }: AskedAct,
  now: number,
): Promise<Result<Act, AskRefusal>> {
  const difference = await lockDifference(tx, differenceId)
  if (!difference) return refuse('difference_unknown')
  const next = stepOf(difference, kind)
  if (!next.ok) return next
  if ((kind === 'identified') !== (msisdn !== null))
    return refuse(msisdn === null ? 'number_needed' : 'number_not_wanted')
  const { bank, day, side, amount, operationId } = difference
  if (await isWaiting(tx, { differenceId, bank, day }, now)) return refuse('act_waits')
  const account = msisdn === null ? undefined : await lockOpenAccount(tx, msisdn, now)
  if (msisdn !== null && !account) return refuse('wallet_not_open')
  const bucket = (operationId === null ? undefined : bucketOfId(operationId)) ?? 0
  const act: Act = {
    ...newAct({ ids, bucket, kind, bank, day, reason, by, now }),
    ...{ differenceId, side, amount },
    wallet: account ? { id: account.id, bucket: account.bucket } : null,
  }
  const done = needsSecond(act) ? act : ended(act, 'done', { by, note: null, now })
  await insertAct(tx, done)
  if (done.state === 'done') await saveStep(tx, { difference, act: done, to: next.value }, now)
  return accept(done)
}

export async function askCompleteFile(
  tx: Tx,
  { ids }: Pick<ReconciliationTools, 'ids'>,
  { bank, day, reason, by }: { bank: string; day: BusinessDate; reason: string; by: string },
  now: number,
): Promise<Result<Act, AskRefusal>> {
  const acceptable = await acceptableDay(tx, { bank, day })
  if (!acceptable.ok) return acceptable
  if (await isWaiting(tx, { differenceId: null, bank, day }, now)) return refuse('act_waits')
  const act = newAct({ ids, bucket: 0, kind: 'complete_file', bank, day, reason, by, now })
  await insertAct(tx, act)
  return accept(act)
}

/** Agreed to, it happens in this transaction. */
export async function decideAct(
  tx: Tx,
  { time, ids }: ReconciliationTools,
  given: Omit<Decision, 'now'> & { readonly id: string; readonly note: string | null },
  now: number,
): Promise<Result<Act, DecideRefusal>> {
  const known = await findAct(tx, given.id)
  if (!known) return refuse('act_unknown')
  // What it is about is locked before it, as when it was asked for.
  const { bank, day, differenceId } = known
  const difference = differenceId === null ? null : await lockDifference(tx, differenceId)
  const acceptable = differenceId === null ? await acceptableDay(tx, { bank, day }) : null
  const act = await lockAct(tx, given.id)
  assert(act, 'an act stays')
  const may = mayDecide(act, { ...given, now })
  if (!may.ok) return may
  if (!given.agrees) return end(tx, ended(act, 'declined', { ...given, now }))
  const done = ended(act, 'done', { ...given, now })
  if (!difference) {
    if (acceptable && !acceptable.ok) return acceptable
    await acceptDay(tx, { bank, day }, now)
    return end(tx, done)
  }
  const next = stepOf(difference, act.kind as ResolutionAct)
  if (!next.ok) return next
  const account = act.wallet && (await lockOpenAccountById(tx, act.wallet.id, now))
  if (act.wallet && !account) return refuse('wallet_not_open')
  if (account && act.amount !== null)
    await tellCredit(tx, account, {
      ...{ notice: 'wallet_credited', amount: act.amount, time, ids, now },
    })
  await post(tx, { act: done, time, now })
  await saveStep(tx, { difference, act: done, to: next.value }, now)
  return end(tx, done)
}

async function post(
  tx: Tx,
  { act, time, now }: { readonly act: Act; readonly time: BusinessTime; readonly now: number },
): Promise<void> {
  const closed = await closedThrough(tx)
  const today = time.dateOf(now)
  const date = closed !== null && closed >= today ? time.nextDate(closed) : today
  const transfer = transferOf(act, date)
  if (!transfer) return
  const [result] = await executeAcrossBuckets(tx, [transfer], now)
  assert(result?.ok, `act ${act.id}: ${result?.ok === false ? result.refusal : ''}`)
}

async function saveStep(
  tx: Tx,
  step: { readonly difference: Difference; readonly act: Act; readonly to: DifferenceState },
  now: number,
): Promise<void> {
  const { difference, act, to } = step
  const end =
    to === 'resolved'
      ? { resolution: act.kind as Difference['resolution'], resolvedAt: now }
      : { resolution: null, resolvedAt: null }
  await saveDifference(tx, { ...difference, ...end, state: to })
}

/** One at a time. */
const isWaiting = async (
  tx: Tx,
  about: Pick<Act, 'differenceId' | 'bank' | 'day'>,
  now: number,
): Promise<boolean> => isStillWaiting(tx, 'bank_act', await lockWaiting(tx, about), now)

async function end(tx: Tx, act: Act): Promise<Result<Act, never>> {
  await saveAct(tx, 'bank_act', act)
  return accept(act)
}

const needsSecond = ({ kind, amount }: Act) => kind !== 'explained' || amount !== null

function newAct(given: {
  readonly ids: Ids
  readonly bucket: number
  readonly kind: ActKind
  readonly bank: string
  readonly day: BusinessDate
  readonly reason: string
  readonly by: string
  readonly now: number
}): Act {
  const { ids, bucket, kind, bank, day, reason, by, now } = given
  return {
    ...newAsked(ids.next(bucket, now), { reason, by, now }),
    ...{ kind, bank, day, differenceId: null, side: null, amount: null, wallet: null },
  }
}
