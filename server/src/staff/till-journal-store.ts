/** What the end of a shift reads of the ledger, and the table `staff_till_banking`: all their SQL. */
import { uuids } from '../db/array.ts'
import type { Reader, Tx } from '../db/index.ts'
import type { Amount, BusinessDate } from '../kernel/index.ts'
import type { Banking } from './till.ts'

/** It stays the last one until this transaction ends. */
export async function lastClosedDate(tx: Tx): Promise<BusinessDate | null> {
  const [row] = await tx.query<{ closed_through: string | null }>(
    'select closed_through from business_day for share',
  )
  return row?.closed_through ?? null
}

/** The account of a closed till in each bucket that it served: nothing moves on them any more. */
export function drawersOf(
  tx: Tx,
  account: string,
): Promise<{ readonly bucket: number; readonly balance: Amount }[]> {
  return tx.query(
    `select bucket, debits_posted - credits_posted as balance from account
     where name = $1 order by bucket`,
    [account],
  )
}

export async function insertBanking(
  tx: Tx,
  till: string,
  banking: Banking & { readonly approval: string; readonly businessDate: BusinessDate },
): Promise<void> {
  const { amount, slip, approval, businessDate, at } = banking
  await tx.query(
    `insert into staff_till_banking (till, amount, slip, approval, business_date, at)
     values ($1, $2::int8, $3, $4, $5::date, $6::int8)`,
    [till, amount, slip, approval, businessDate, at],
  )
}

export async function readBankings(
  reader: Reader,
  tills: readonly string[],
): Promise<ReadonlyMap<string, Banking>> {
  if (tills.length === 0) return new Map()
  const rows = await reader.query<{ till: string; amount: bigint; slip: string; at: bigint }>(
    'select till, amount, slip, at from staff_till_banking where till = any($1::uuid[])',
    [uuids(tills)],
  )
  return new Map(rows.map(({ till, at, ...rest }) => [till, { ...rest, at: Number(at) }]))
}
