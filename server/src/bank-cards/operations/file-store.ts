/** A day's file beside our messages: what it decides, and what differs. */
import { type Reader, type Tx, texts } from '../../db/index.ts'
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

/** Those of a day that are not resolved. */
export async function differencesOf(reader: Reader, { bank, day }: DayName): Promise<Difference[]> {
  const rows = await reader.query<
    Pick<Difference, 'kind' | 'key' | 'ours' | 'theirs'> & { readonly operation_id: string | null }
  >(
    `select kind, key, operation_id, ours, theirs from bank_difference
     where bank = $1 and day = $2::date and state <> 'resolved' order by kind, key`,
    [bank, day],
  )
  return rows.map(({ operation_id, ...row }) => ({ ...row, operationId: operation_id }))
}

/** Totals that differ once more, with what they are now. What a person has explained stays explained. */
export async function noteTotals(
  tx: Tx,
  { bank, day }: DayName,
  { found, now }: { readonly found: readonly Difference[]; readonly now: number },
): Promise<void> {
  for (const { key, ours, theirs } of found)
    await tx.query(
      `insert into bank_difference (bank, day, kind, key, ours, theirs, found_at)
       values ($1, $2::date, 'totals', $3, $4, $5, $6)
       on conflict (bank, day, kind, key) do update set ours = excluded.ours,
         theirs = excluded.theirs, state = 'open', resolution = null, resolved_at = null
       where bank_difference.state = 'open' or bank_difference.resolution = 'by_file'`,
      [bank, day, key, ours, theirs, now],
    )
  const keys = found.map(({ key }) => key)
  await tx.query(
    `update bank_difference set state = 'resolved', resolution = 'by_file', resolved_at = $4
     where bank = $1 and day = $2::date and kind = 'totals' and state = 'open'
       and not key = any($3::text[])`,
    [bank, day, texts(keys), now],
  )
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
    `insert into bank_difference
       (bank, day, kind, key, operation_id, ours, theirs, found_at, side, amount)
     with filed as (
       select r.*, e.operation_id, e.kind as sent_kind, e.amount as sent_amount, o.state as stands,
         exists (select from bank_file_row v where v.bank = r.bank and v.kind = 'reversal'
           and v.day >= r.day and v.state = 'done' and v.original = r.key) as is_reversed
       from bank_file_row r
       left join bank_exchange e on e.key = r.key and e.bank = r.bank and e.begun_at >= $3
       left join bank_operation o on o.bucket = e.bucket and o.id = e.operation_id
       where r.bank = $1 and r.day = $2::date
     ), found as (
       select bank, day, case when operation_id is null then 'missing_here'
           when amount <> sent_amount then 'amount' else 'state' end as kind,
         key, operation_id, sent_kind || ' ' || sent_amount || ' ' || stands as ours,
         kind || ' ' || amount || ' ' || state as theirs,
         case when state = 'done' and not is_reversed then ${moved('kind', 'amount')} else 0 end
           - ${booked} as difference
       from filed
       where operation_id is null or amount <> sent_amount or kind <> sent_kind or case
         when kind = 'purchase' and is_reversed then stands <> 'reversed' and stands <> 'refused'
         when kind = 'reversal' then stands not in ('reversed', 'refused', 'done')
         when state = 'done' then stands <> 'done'
         else stands <> state end
       union all
       select e.bank, $2::date, 'missing_there', e.key, e.operation_id,
         e.kind || ' ' || e.amount || ' ' || e.state, null,
         case when o.state = 'done' then - ${moved('e.kind', 'e.amount')} end
       from bank_exchange e
       join bank_operation o on o.bucket = e.bucket and o.id = e.operation_id
       where e.bank = $1 and e.begun_at >= $3 and e.settled_on = $5
         and e.state in ('approved', 'accepted')
         and not exists (select from bank_file_row r
           where r.bank = e.bank and r.day = $2::date and r.key = e.key)
     )
     select bank, day, kind, key, operation_id, ours, theirs, $4::int8,
       case sign(difference) when 1 then 'long' when -1 then 'short' end, nullif(abs(difference), 0)
     from found`,
    [bank, day, since, now, monthDay],
  )
  await tx.query(
    `update bank_difference d set state = 'resolved', resolution = 'by_file', resolved_at = $3
     from bank_file_row r, bank_operation o
     where r.bank = $1 and r.day = $2::date and r.kind = 'reversal' and r.state = 'done'
       and d.bank = r.bank and d.key = r.original and d.kind = 'state' and d.state = 'open'
       and o.id = d.operation_id and o.state in ('reversed', 'refused')`,
    [bank, day, now],
  )
}

/** What a message moves into our account at the bank. A reversal moves nothing: its purchase is as if not made. */
const moved = (kind: string, amount: string) =>
  `case ${kind} when 'purchase' then ${amount} when 'reversal' then null else - ${amount} end`

/** What we have booked of it; null while nobody knows. */
const booked = `case when operation_id is null or stands in ('refused', 'reversed') then 0
  when stands = 'done' then ${moved('sent_kind', 'sent_amount')} end`
