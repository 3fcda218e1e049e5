/**
 * Gathers what a merchant has sold up to a closed day. Sales are pending in the bucket of each payer;
 * the sweep moves them into one payable account, in the bucket of the merchant's own number:
 *
 *     bucket 3     merchant-pending:6021   12.00 ─┐
 *     bucket 17    merchant-pending:6021   40.00 ─┼──▶  bucket of 6021   merchant-payable:6021
 *     bucket 41    merchant-payable:6021   −5.00 ─┘     (refunds of sales swept before)
 *
 * Once a merchant and day: the merchant's row remembers the last day that was swept, and is locked.
 */
import type { Database } from '../db/index.ts'
import {
  accept,
  assert,
  type BusinessDate,
  type BusinessTime,
  bucketOf,
  type Clock,
  type Ids,
  type Result,
  refuse,
} from '../kernel/index.ts'
import {
  type AccountRef,
  executeAcrossBuckets,
  merchantPayable,
  merchantPending,
  reasons,
  type TransferBetweenBuckets,
} from '../ledger/index.ts'
import { type BucketOfMerchant, bucketsOf, holdDay, lockSwept, saveSwept } from './sweep-store.ts'

export interface SweepOptions {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly ids: Ids
}

export interface Swept {
  /** What the merchant's payable account gained; below zero when refunds were more than sales. */
  readonly amount: bigint
  readonly transfers: number
  /** When it was posted: the day itself is closed. */
  readonly postedOn: BusinessDate
}

export type SweepRefusal = 'merchant_unknown' | 'not_closed' | 'already_swept'

/** Days may be left out: the next sweep takes what they brought as well. */
export function sweepMerchant(
  { db, clock, time, ids }: SweepOptions,
  { merchantId, date }: { readonly merchantId: string; readonly date: BusinessDate },
): Promise<Result<Swept, SweepRefusal>> {
  return db.transact(async (tx) => {
    const closed = await holdDay(tx)
    if (closed === null || date > closed) return refuse('not_closed')
    const merchant = await lockSwept(tx, merchantId)
    if (!merchant) return refuse('merchant_unknown')
    if (merchant.sweptThrough !== null && merchant.sweptThrough >= date)
      return refuse('already_swept')
    const now = clock.now()
    const today = time.dateOf(now)
    const postedOn = closed >= today ? time.nextDate(closed) : today
    const buckets = await bucketsOf(tx, merchantId, date)
    const moves = buckets.flatMap((bucket) => movesOf(merchantId, bucket))
    const transfers = moves.map(
      (move): TransferBetweenBuckets => ({
        ...move,
        kind: 'between_buckets',
        id: ids.next(move.debit.bucket, now),
        subject: `sweep:${merchantId}:${date}`,
        reason: reasons.settle,
        businessDate: postedOn,
      }),
    )
    for (const result of await executeAcrossBuckets(tx, transfers, now))
      assert(result.ok, `sweep of ${merchantId}: ${result.ok ? '' : result.refusal}`)
    saveSwept(tx, merchantId, date)
    const home = bucketOf(merchantId)
    const amount = buckets.reduce(
      (sum, { bucket, due, payable }) => sum + due + (bucket === home ? 0n : payable),
      0n,
    )
    return accept({ amount, transfers: transfers.length, postedOn })
  })
}

interface Move {
  readonly debit: AccountRef
  readonly credit: AccountRef
  readonly amount: bigint
}

function movesOf(merchantId: string, { bucket, due, payable }: BucketOfMerchant): Move[] {
  assert(due >= 0n, `bucket ${bucket} of merchant ${merchantId} has ${due} pending`)
  const home = merchantPayable(bucketOf(merchantId), merchantId)
  const here = merchantPayable(bucket, merchantId)
  const moves: Move[] = []
  if (due > 0n)
    moves.push({ debit: merchantPending(bucket, merchantId), credit: home, amount: due })
  if (bucket === home.bucket || payable === 0n) return moves
  return payable > 0n
    ? [...moves, { debit: here, credit: home, amount: payable }]
    : [...moves, { debit: home, credit: here, amount: -payable }]
}
