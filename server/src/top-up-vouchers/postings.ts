/** The journals of vouchers. What is sold is owed to whoever brings the code, until it is used or given back. */
import type { Tx } from '../db/index.ts'
import { assert, type BusinessTime, type Ids } from '../kernel/index.ts'
import {
  type AnyTransfer,
  executeAcrossBuckets,
  reasons,
  topUpVoucherFloat,
  topUpVoucherReceivable,
  userBalance,
} from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import type { Batch, TopUpVoucher, Use } from './top-up-voucher.ts'

export interface Tools {
  readonly time: BusinessTime
  readonly ids: Ids
}

/** So many vouchers of a batch, by bucket. */
export type Counted = readonly { readonly bucket: number; readonly count: bigint }[]

/** The seller owes for what was activated. */
export const postSold = (tx: Tx, tools: Tools, batch: Batch, sold: Counted, now: number) =>
  post(tx, tools, now, (line) =>
    sold.map(({ bucket, count }) => ({
      ...line(bucket, `top-up-voucher-batch:${batch.id}`, count * batch.amount),
      reason: reasons.topUpVoucherSold,
      debit: topUpVoucherReceivable(bucket, batch.seller),
      credit: topUpVoucherFloat(bucket, batch.id),
    })),
  )

/** It owes no longer for what nobody can use any more. */
export const postReturned = (tx: Tx, tools: Tools, batch: Batch, returned: Counted, now: number) =>
  post(tx, tools, now, (line) =>
    returned.map(({ bucket, count }) => ({
      ...line(bucket, `top-up-voucher-batch:${batch.id}`, count * batch.amount),
      reason: reasons.topUpVoucherReturned,
      debit: topUpVoucherFloat(bucket, batch.id),
      credit: topUpVoucherReceivable(bucket, batch.seller),
    })),
  )

export const postUsed = (
  tx: Tx,
  tools: Tools,
  { voucher, use }: { readonly voucher: TopUpVoucher; readonly use: Use },
) =>
  post(tx, tools, use.at, (line) => [
    {
      ...line(use.bucket, use.id, use.amount),
      reason: reasons.topUpVoucher,
      debit: topUpVoucherFloat(voucher.bucket, voucher.batchId),
      credit: userBalance(use.bucket, use.walletId),
    },
  ])

type Line = (
  bucket: number,
  subject: string,
  amount: bigint,
) => Pick<
  Extract<AnyTransfer, { kind: 'between_buckets' }>,
  'kind' | 'id' | 'subject' | 'amount' | 'businessDate'
>

async function post(
  tx: Tx,
  { time, ids }: Tools,
  now: number,
  transfersOf: (line: Line) => readonly AnyTransfer[],
): Promise<void> {
  const closed = await closedThrough(tx)
  const today = time.dateOf(now)
  const businessDate = closed !== null && closed >= today ? time.nextDate(closed) : today
  const transfers = transfersOf((bucket, subject, amount) => ({
    ...{ kind: 'between_buckets', id: ids.next(bucket, now), subject, amount, businessDate },
  }))
  for (const result of await executeAcrossBuckets(tx, transfers, now))
    assert(result.ok, `top-up vouchers: ${result.ok ? '' : result.refusal}`)
}
