/**
 * Transfers by the million, as payments leave them: a hold and its post between what a carrier owes
 * and what a merchant is due. Written set by set, and every balance is what the ledger would have made.
 */
import type { Database, Tx } from '../../../server/src/db/index.ts'
import { bucketCount } from '../../../server/src/kernel/index.ts'
import { businessDate } from './world.ts'

const amount = 1_000n
const merchants = 10

/** `payments` in all, evenly over buckets and merchants: a multiple of both counts. */
export async function seedTransfers(db: Database, payments: number): Promise<void> {
  const perBucket = payments / bucketCount
  const perMerchant = perBucket / merchants
  if (!Number.isInteger(perMerchant))
    throw new Error(`payments must be a multiple of ${bucketCount * merchants}`)
  await db.transact(async (tx) => {
    const indexes = await tx.query<{ name: string; definition: string }>(
      `select indexname as name, indexdef as definition from pg_indexes
        where tablename = 'transfer' and indexname <> 'transfer_pkey'`,
    )
    for (const { name } of indexes) await tx.query(`drop index ${name}`)
    for (let bucket = 0; bucket < bucketCount; bucket += 1)
      await seedBucket(tx, { bucket, perBucket, perMerchant })
    for (const { definition } of indexes) await tx.query(definition)
  })
}

async function seedBucket(
  tx: Tx,
  { bucket, perBucket, perMerchant }: { bucket: number; perBucket: number; perMerchant: number },
): Promise<void> {
  const total = amount * BigInt(perBucket)
  await tx.query(
    `insert into account (bucket, name, flags, debits_posted, credits_posted, version, changed_at)
      select $1::int2, 'carrier-receivable:CMCC', 2, $2::int8, 0, $3::int8, $3::int8
      union all
      select $1::int2, 'merchant-pending:' || 6000 + m, 1, 0, $4::int8, $5::int8,
        2 * ($6::int8 * ($5::int8 / 2 - 1) + m + 1)
      from generate_series(0, $6::int - 1) m`,
    [
      ...[bucket, total, 2 * perBucket],
      ...[amount * BigInt(perMerchant), 2 * perMerchant, merchants],
    ],
  )
  // Payment n of the bucket, of merchant m, is the k-th of that merchant: all else follows from n.
  await tx.query(
    `insert into transfer (bucket, id, kind, debit_account, credit_account, subject, reason,
        pending_id, business_date, amount, created_at,
        debit_version, debit_debits_pending, debit_debits_posted, debit_credits_pending,
        debit_credits_posted, credit_version, credit_debits_pending, credit_debits_posted,
        credit_credits_pending, credit_credits_posted)
      select $1::int2, id, kind, 'carrier-receivable:CMCC', 'merchant-pending:' || 6000 + m,
        hold::text, 'charge', case step when 2 then hold end, $2::date, $3::int8, 2 * n + step,
        2 * n + step, case step when 1 then $3::int8 else 0 end, $3::int8 * (n + step - 1), 0, 0,
        2 * k + step, 0, 0, case step when 1 then $3::int8 else 0 end, $3::int8 * (k + step - 1)
      from generate_series(0, $4::int8 - 1) n
      cross join lateral (select n % $5::int as m, n / $5::int as k,
        lpad(to_hex(2 * n + 2), 32, '0')::uuid as hold) payment
      cross join lateral (values (1, 'pending', hold),
        (2, 'post', lpad(to_hex(2 * n + 3), 32, '0')::uuid)) made (step, kind, id)`,
    [bucket, businessDate, amount, perBucket, merchants],
  )
}
