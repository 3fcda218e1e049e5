/** The tables `staff_till` and `staff_till_entry`: all their SQL. */
import type { Reader, Tx } from '../db/index.ts'
import type { Amount } from '../kernel/index.ts'
import type { Counts, Till, TillSums } from './till.ts'

interface Row {
  readonly id: string
  readonly office: string
  readonly desk: string
  readonly person: string
  readonly opened_at: bigint
  readonly float_counts: Counts
  readonly balance: bigint
  readonly held: bigint
  readonly entries: number
  readonly closed_at: bigint | null
  readonly closing_counts: Counts | null
  readonly counted: bigint | null
  readonly difference: bigint | null
  readonly reason: string | null
}

const columns = `t.id, t.office, t.desk, t.person, t.opened_at, t.float_counts, t.balance, t.held,
  t.entries, t.closed_at, t.closing_counts, t.counted, t.difference, t.reason`

const tillOf = (row: Row): Till => ({
  ...{ id: row.id, office: row.office, desk: row.desk, person: row.person },
  openedAt: Number(row.opened_at),
  floatCounts: row.float_counts,
  ...{ balance: row.balance, held: row.held, entries: row.entries },
  closedAt: row.closed_at === null ? null : Number(row.closed_at),
  closingCounts: row.closing_counts,
  ...{ counted: row.counted, difference: row.difference, reason: row.reason },
})

/** False when the person has a till open, or the desk. */
export async function insertTill(tx: Tx, till: Till): Promise<boolean> {
  const added = await tx.query(
    `insert into staff_till (id, office, desk, person, opened_at, float_counts, balance, entries)
     values ($1, $2, $3, $4, $5::int8, $6::jsonb, $7::int8, 1)
     on conflict do nothing returning id`,
    [
      ...[till.id, till.office, till.desk, till.person, till.openedAt],
      ...[JSON.stringify(till.floatCounts), till.balance],
    ],
  )
  if (added.length === 0) return false
  await tx.query(
    `insert into staff_till_entry (till, seq, kind, amount, balance, at)
     values ($1, 1, 'float', $2::int8, $2::int8, $3::int8)`,
    [till.id, till.balance, till.openedAt],
  )
  return true
}

export async function openTillOf(reader: Reader, person: string): Promise<Till | undefined> {
  const [row] = await reader.query<Row>(
    `select ${columns} from staff_till t where person = $1 and closed_at is null`,
    [person],
  )
  return row && tillOf(row)
}

export async function lockTill(
  tx: Tx,
  key: { readonly person: string } | { readonly id: string },
): Promise<Till | undefined> {
  const [column, value] = 'id' in key ? ['id', key.id] : ['person', key.person]
  const [row] = await tx.query<Row>(
    `select ${columns} from staff_till t where ${column} = $1 and closed_at is null for update`,
    [value],
  )
  return row && tillOf(row)
}

/** Sets aside what a payout under way will take; a negative amount gives it back. */
export async function holdInTill(tx: Tx, till: string, amount: Amount): Promise<void> {
  await tx.query('update staff_till set held = held + $2::int8 where id = $1', [till, amount])
}

/** Adds an entry; a payout takes what was held for it. The caller holds the till's lock. */
export async function addEntry(
  tx: Tx,
  till: Till,
  entry: {
    readonly kind: 'cash_in' | 'cash_out'
    readonly amount: Amount
    readonly act: string
    readonly at: number
  },
): Promise<void> {
  const isOut = entry.kind === 'cash_out'
  const change = isOut ? -entry.amount : entry.amount
  await tx.query(
    `insert into staff_till_entry (till, seq, kind, amount, balance, act, at)
     values ($1, $2, $3, $4::int8, $5::int8, $6, $7::int8)`,
    [
      ...[till.id, till.entries + 1, entry.kind, change, till.balance + change],
      ...[entry.act, entry.at],
    ],
  )
  await tx.query(
    `update staff_till set entries = entries + 1, balance = balance + $2::int8,
       held = held - $3::int8 where id = $1`,
    [till.id, change, isOut ? entry.amount : 0n],
  )
}

export async function actsUnderWay(reader: Reader, till: string): Promise<number> {
  const [row] = await reader.query<{ count: number }>(
    `select count(*)::int as count from staff_act where till = $1 and state = 'begun'`,
    [till],
  )
  return row?.count ?? 0
}

export async function saveClosing(
  tx: Tx,
  till: Till & { readonly approval: string | null; readonly differenceTransfer: string | null },
): Promise<void> {
  await tx.query(
    `update staff_till set closed_at = $2::int8, closing_counts = $3::jsonb, counted = $4::int8,
       difference = $5::int8, approval = $6, reason = $7, difference_transfer = $8 where id = $1`,
    [
      ...[till.id, till.closedAt, JSON.stringify(till.closingCounts), till.counted],
      ...[till.difference, till.approval, till.reason, till.differenceTransfer],
    ],
  )
}

/** Locked, so that its cash goes to the bank once. */
export async function closedTillOf(
  tx: Tx,
  { id, person }: { readonly id: string; readonly person: string },
): Promise<Till | undefined> {
  const [row] = await tx.query<Row>(
    `select ${columns} from staff_till t
     where id = $1 and person = $2 and closed_at is not null for update`,
    [id, person],
  )
  return row && tillOf(row)
}

/** Oldest first. A till whose difference is not in the ledger was closed before such lines were written. */
export async function toBankOf(reader: Reader, person: string): Promise<Till[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from staff_till t
     where person = $1 and closed_at is not null
       and counted <> (select amount from staff_till_entry where till = t.id and kind = 'float')
       and (difference = 0 or difference_transfer is not null)
       and not exists (select from staff_till_banking b where b.till = t.id)
     order by opened_at, id`,
    [person],
  )
  return rows.map(tillOf)
}

export async function sumsOf(reader: Reader, till: string): Promise<TillSums> {
  const [row] = await reader.query<{ cash_in: bigint; cash_out: bigint }>(
    `select coalesce(sum(amount) filter (where kind = 'cash_in'), 0)::int8 as cash_in,
       coalesce(-sum(amount) filter (where kind = 'cash_out'), 0)::int8 as cash_out
     from staff_till_entry where till = $1`,
    [till],
  )
  return { cashIn: row?.cash_in ?? 0n, cashOut: row?.cash_out ?? 0n }
}

/** Newest first. */
export async function tillsOf(reader: Reader, office: string, limit: number): Promise<Till[]> {
  const rows = await reader.query<Row>(
    `select ${columns} from staff_till t where office = $1 order by opened_at desc, id desc limit $2`,
    [office, limit],
  )
  return rows.map(tillOf)
}
