/** A day's file beside our messages: what it decides, and what differs. */
import type { Reader, Tx } from '../../db/index.ts'
import type { BankFileKind, BankFileRow } from '../bank-file.ts'
import type { DayName } from './day-store.ts'

/** A message of ours that may be decided, with its row where the file has one. */
export interface Candidate {
  readonly operationId: string
  readonly no: number
  readonly row?: Pick<BankFileRow, 'kind' | 'amount' | 'state'>
  readonly isReversed: boolean
}

interface Row {
  readonly operation_id: string
  readonly no: number
  readonly kind?: BankFileKind
  readonly amount?: bigint
  readonly state?: BankFileRow['state']
  readonly is_reversed?: boolean
}

/** Messages of open operations that the file names. */
export async function filedCandidates(
  reader: Reader,
  { bank, day }: DayName,
  since: number,
): Promise<Candidate[]> {
  const rows = await reader.query<Row>(
    {
      name: 'bank_file.candidates',
      text: `select e.operation_id, e.no, r.kind, r.amount, r.state, exists (
          select from bank_file_row v where v.bank = r.bank and v.day = r.day and v.kind = 'reversal'
            and v.state = 'done' and v.original = r.key) as is_reversed
        from bank_operation o
        join bank_exchange e on e.bucket = o.bucket and e.operation_id = o.id
        join bank_file_row r on r.bank = e.bank and r.day = $2::date and r.key = e.key
        where o.state in ('reversing', 'accepted', 'unknown') and e.bank = $1 and e.begun_at >= $3
        order by e.operation_id, e.no`,
    },
    [bank, day, since],
  )
  return rows.map(({ kind, amount, state, ...row }) => ({
    ...{ operationId: row.operation_id, no: row.no, isReversed: row.is_reversed === true },
    ...(kind && amount !== undefined && state && { row: { kind, amount, state } }),
  }))
}

/**
 * Messages of open operations that were sent between two instants and are in no file from `day` on. A debit
 * is judged by its last purchase, whatever became of its reversals.
 */
export async function absentCandidates(
  reader: Reader,
  { bank, day }: DayName,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Candidate[]> {
  const rows = await reader.query<Row>(
    {
      name: 'bank_file.absent',
      text: `select e.operation_id, e.no from bank_operation o
        join bank_exchange e on e.bucket = o.bucket and e.operation_id = o.id
        where o.state in ('reversing', 'unknown') and e.bank = $1
          and e.begun_at >= $3 and e.begun_at < $4 and e.kind <> 'reversal' and e.state in ('unanswered', 'refused')
          and not exists (select from bank_exchange l where l.bucket = e.bucket
            and l.operation_id = e.operation_id and l.kind <> 'reversal' and l.no <> e.no
            and l.state not in ('unsent', 'refused'))
          and not exists (
            select from bank_file_row r where r.bank = e.bank and r.day >= $2::date and r.key = e.key)
        order by e.operation_id, e.no`,
    },
    [bank, day, from, to],
  )
  return rows.map((row) => ({ operationId: row.operation_id, no: row.no, isReversed: false }))
}

export interface Difference {
  readonly kind: 'missing_here' | 'missing_there' | 'amount' | 'state' | 'totals'
  readonly key: string
  readonly operationId: string | null
  readonly ours: string | null
  readonly theirs: string | null
}

export async function differencesOf(reader: Reader, { bank, day }: DayName): Promise<Difference[]> {
  const rows = await reader.query<
    Pick<Difference, 'kind' | 'key' | 'ours' | 'theirs'> & { readonly operation_id: string | null }
  >(
    `select kind, key, operation_id, ours, theirs from bank_difference
     where bank = $1 and day = $2::date order by kind, key`,
    [bank, day],
  )
  return rows.map(({ operation_id, ...row }) => ({ ...row, operationId: operation_id }))
}

export async function addDifference(
  tx: Tx,
  { bank, day }: DayName,
  { difference, now }: { readonly difference: Difference; readonly now: number },
): Promise<void> {
  const { kind, key, operationId, ours, theirs } = difference
  await tx.query(
    `insert into bank_difference (bank, day, kind, key, operation_id, ours, theirs, found_at)
     values ($1, $2::date, $3, $4, $5, $6, $7, $8)`,
    [bank, day, kind, key, operationId, ours, theirs, now],
  )
}

export async function forgetDifferences(tx: Tx, { bank, day }: DayName): Promise<void> {
  await tx.query('delete from bank_difference where bank = $1 and day = $2::date', [bank, day])
}

/**
 * Lists what differs, once everything is decided that the file can decide. Taken back on a later day, a
 * purchase that was listed is none any more.
 */
export async function listDifferences(
  tx: Tx,
  { bank, day }: DayName,
  {
    since,
    monthDay,
    now,
  }: {
    readonly since: number
    readonly monthDay: string
    readonly now: number
  },
): Promise<void> {
  await tx.query(
    `insert into bank_difference (bank, day, kind, key, operation_id, ours, theirs, found_at)
     with filed as (
       select r.*, e.operation_id, e.kind as sent_kind, e.amount as sent_amount, o.state as stands,
         exists (select from bank_file_row v where v.bank = r.bank and v.kind = 'reversal'
           and v.day >= r.day and v.state = 'done' and v.original = r.key) as is_reversed
       from bank_file_row r
       left join bank_exchange e on e.key = r.key and e.bank = r.bank and e.begun_at >= $3
       left join bank_operation o on o.bucket = e.bucket and o.id = e.operation_id
       where r.bank = $1 and r.day = $2::date
     )
     select bank, day, case when operation_id is null then 'missing_here'
         when amount <> sent_amount then 'amount' else 'state' end,
       key, operation_id, sent_kind || ' ' || sent_amount || ' ' || stands,
       kind || ' ' || amount || ' ' || state, $4::int8
     from filed
     where operation_id is null or amount <> sent_amount or kind <> sent_kind or case
       when kind = 'purchase' and is_reversed then stands <> 'reversed' and stands <> 'refused'
       when kind = 'reversal' then stands not in ('reversed', 'refused', 'done')
       when state = 'done' then stands <> 'done'
       else stands <> state end
     union all
     select e.bank, $2::date, 'missing_there', e.key, e.operation_id,
       e.kind || ' ' || e.amount || ' ' || e.state, null, $4::int8
     from bank_exchange e
     where e.bank = $1 and e.begun_at >= $3 and e.settled_on = $5
       and e.state in ('approved', 'accepted')
       and not exists (select from bank_file_row r
         where r.bank = e.bank and r.day = $2::date and r.key = e.key)`,
    [bank, day, since, now, monthDay],
  )
  await tx.query(
    `delete from bank_difference d using bank_file_row r, bank_operation o
     where r.bank = $1 and r.day = $2::date and r.kind = 'reversal' and r.state = 'done'
       and d.bank = r.bank and d.key = r.original and d.kind = 'state'
       and o.id = d.operation_id and o.state in ('reversed', 'refused')`,
    [bank, day],
  )
}
