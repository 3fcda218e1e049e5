/** The table `bank_card_bill`: all its SQL. */
import { int8s, type Reader, type Tx, uuids } from '../db/index.ts'
import { type Amount, assert, type BusinessDate, bucketOfId } from '../kernel/index.ts'
import type { CardBill } from './bill.ts'

interface Row {
  readonly binding_id: string
  readonly billed_on: BusinessDate
  readonly due_on: BusinessDate
  readonly amount: Amount
  readonly minimum: Amount
  readonly paid: Amount
  readonly source: CardBill['source']
  readonly asked_at: bigint
  readonly told: number
}

const columns = 'binding_id, billed_on, due_on, amount, minimum, paid, source, asked_at, told'

const toBill = (row: Row): CardBill => ({
  ...{ bindingId: row.binding_id, billedOn: row.billed_on, dueOn: row.due_on },
  ...{ amount: row.amount, minimum: row.minimum, paid: row.paid },
  ...{ source: row.source, askedAt: Number(row.asked_at), told: row.told },
})

const bucketOfBinding = (id: string): number => {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'a binding has an id of ours')
  return bucket
}

/** Newest first. */
export async function readBills(reader: Reader, bindingId: string): Promise<CardBill[]> {
  const rows = await reader.query<Row>(
    {
      name: 'card_bill.read',
      text: `select ${columns} from bank_card_bill where bucket = $1 and binding_id = $2
        order by billed_on desc`,
    },
    [bucketOfBinding(bindingId), bindingId],
  )
  return rows.map(toBill)
}

/** The newest of each of these cards. */
export async function newestBills(
  reader: Reader,
  bindingIds: readonly string[],
): Promise<CardBill[]> {
  if (bindingIds.length === 0) return []
  const rows = await reader.query<Row>(
    {
      name: 'card_bill.newest',
      text: `select distinct on (binding_id) ${columns} from bank_card_bill
        where (bucket, binding_id) in (select * from unnest($1::int2[], $2::uuid[]))
        order by binding_id, billed_on desc`,
    },
    [int8s(bindingIds.map(bucketOfBinding)), uuids(bindingIds)],
  )
  return rows.map(toBill)
}

/** All of a card, newest first, locked. */
export async function lockBills(tx: Tx, bindingId: string): Promise<CardBill[]> {
  const rows = await tx.query<Row>(
    {
      name: 'card_bill.lock',
      text: `select ${columns} from bank_card_bill where bucket = $1 and binding_id = $2
        order by billed_on desc for update`,
    },
    [bucketOfBinding(bindingId), bindingId],
  )
  return rows.map(toBill)
}

export async function saveBill(tx: Tx, bill: CardBill, now: number): Promise<void> {
  await tx.query(
    {
      name: 'card_bill.save',
      text: `insert into bank_card_bill as b (bucket, ${columns}, updated_at, highest)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $5)
        on conflict (bucket, binding_id, billed_on) do update set due_on = excluded.due_on,
          amount = excluded.amount, minimum = excluded.minimum, paid = excluded.paid,
          source = excluded.source, asked_at = excluded.asked_at, told = excluded.told,
          updated_at = excluded.updated_at, highest = greatest(b.highest, excluded.amount)`,
    },
    [
      ...[bucketOfBinding(bill.bindingId), bill.bindingId, bill.billedOn, bill.dueOn, bill.amount],
      ...[bill.minimum, bill.paid, bill.source, bill.askedAt, bill.told, now],
    ],
  )
}
