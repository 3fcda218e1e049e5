/** What the sweep reads and writes: the state of a merchant's accounts by bucket. */
import type { Reader, Tx } from '../db/index.ts'
import { type BusinessDate, bucketCount } from '../kernel/index.ts'

/** The last closed day, which stays the last one until this transaction ends. */
export async function holdDay(tx: Tx): Promise<BusinessDate | null> {
  const [row] = await tx.query<{ closed_through: string | null }>(
    'select closed_through from business_day for share',
  )
  return row?.closed_through ?? null
}

/** Locks the merchant against refunds, which must know whether a sale has been swept. */
export async function lockSwept(
  tx: Tx,
  merchantId: string,
): Promise<{ readonly sweptThrough: BusinessDate | null } | undefined> {
  const [row] = await tx.query<{ swept_through: string | null }>(
    'select swept_through from merchant where id = $1 for update',
    [merchantId],
  )
  return row && { sweptThrough: row.swept_through }
}

export function saveSwept(tx: Tx, merchantId: string, date: BusinessDate): void {
  tx.write('update merchant set swept_through = $2::date where id = $1', [merchantId, date])
}

export interface BucketOfMerchant {
  readonly bucket: number
  /** Pending, and from sales up to the date. */
  readonly due: bigint
  /** Payable in this bucket; below zero after refunds of sales that were swept before. */
  readonly payable: bigint
}

/**
 * In one statement, for two would see two instants. What later sales brought stays where it is, and so
 * does what is held for refunds under way.
 */
export async function bucketsOf(
  reader: Reader,
  merchantId: string,
  date: BusinessDate,
): Promise<BucketOfMerchant[]> {
  return reader.query<BucketOfMerchant>(
    `with later as (
        select bucket, sum(amount - refunded) as kept, sum(refunding) as refunding from payment
        where merchant_id = $1 and business_date > $2::date group by bucket
      )
      select b.bucket,
        (coalesce(pending.credits_posted - pending.debits_posted - pending.debits_pending, 0)
          - coalesce(later.kept - later.refunding, 0))::int8 as due,
        coalesce(payable.credits_posted - payable.debits_posted, 0) as payable
      from generate_series(0, $3::int - 1) as b (bucket)
      left join account pending
        on pending.bucket = b.bucket and pending.name = 'merchant-pending:' || $1
      left join account payable
        on payable.bucket = b.bucket and payable.name = 'merchant-payable:' || $1
      left join later on later.bucket = b.bucket
      order by b.bucket`,
    [merchantId, date, bucketCount],
  )
}
