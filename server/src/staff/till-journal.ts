/**
 * What the end of a shift writes into the ledger, where acts have written cash in and out before. The float is the
 * operator's own and stands there nowhere.
 *
 *   over     debit counter-cash   credit till-suspense     counted more than there had to be
 *   short    debit till-suspense  credit counter-cash
 *   banked   debit reserve        credit counter-cash      in each bucket; the other way where more went out than in
 */
import type { Tx } from '../db/index.ts'
import {
  type Amount,
  assert,
  type BusinessDate,
  type BusinessTime,
  type Ids,
} from '../kernel/index.ts'
import {
  type AccountRef,
  counterCash,
  executeTransfers,
  type PlainTransfer,
  type Reason,
  reasons,
  reserve,
  tillSuspense,
} from '../ledger/index.ts'
import { drawersOf, lastClosedDate } from './till-journal-store.ts'

export interface JournalTools {
  readonly ids: Ids
  readonly time: BusinessTime
}

/** Tills are not spread: their own lines are all in one bucket. */
const homeBucket = 0

/** Answers the transfer's id; null where there is no difference. */
export async function postDifference(
  tx: Tx,
  tools: JournalTools,
  given: { readonly till: string; readonly difference: Amount; readonly now: number },
): Promise<string | null> {
  const { till, difference, now } = given
  if (difference === 0n) return null
  const [transfer] = await post(tx, tools, now, {
    till,
    reason: reasons.tillDifference,
    moves: [move(difference, counterCash(homeBucket, till), tillSuspense(homeBucket, till))],
  })
  assert(transfer, 'a difference is one transfer')
  return transfer.id
}

/** All that the ledger has of the till's cash goes to the bank; answers on which day. */
export async function postBanked(
  tx: Tx,
  tools: JournalTools,
  given: { readonly till: string; readonly amount: Amount; readonly now: number },
): Promise<BusinessDate> {
  const { till, amount, now } = given
  const drawers = await drawersOf(tx, counterCash(homeBucket, till).name)
  const sum = drawers.reduce((total, { balance }) => total + balance, 0n)
  assert(sum === amount, `till ${till} has ${amount} to bank, the ledger ${sum}`)
  const moves = drawers
    .filter(({ balance }) => balance !== 0n)
    .map(({ bucket, balance }) => move(balance, reserve(bucket), counterCash(bucket, till)))
  const [transfer] = await post(tx, tools, now, { till, reason: reasons.cashBanked, moves })
  assert(transfer, 'what goes to the bank is not nothing')
  return transfer.businessDate
}

type Move = Pick<PlainTransfer, 'debit' | 'credit' | 'amount'>

/** A negative amount goes the other way. */
const move = (amount: Amount, debit: AccountRef, credit: AccountRef): Move =>
  amount > 0n ? { debit, credit, amount } : { debit: credit, credit: debit, amount: -amount }

async function post(
  tx: Tx,
  { ids, time }: JournalTools,
  now: number,
  given: { readonly till: string; readonly reason: Reason; readonly moves: readonly Move[] },
): Promise<PlainTransfer[]> {
  const closed = await lastClosedDate(tx)
  const today = time.dateOf(now)
  const businessDate = closed !== null && closed >= today ? time.nextDate(closed) : today
  const transfers = given.moves.map(
    (one): PlainTransfer => ({
      ...{ ...one, kind: 'transfer', id: ids.next(one.debit.bucket, now) },
      ...{ bucket: one.debit.bucket, subject: given.till, reason: given.reason, businessDate },
    }),
  )
  for (const result of await executeTransfers(tx, transfers, now))
    assert(result.ok, `journal of till ${given.till}: ${result.ok ? '' : result.refusal}`)
  return transfers
}
