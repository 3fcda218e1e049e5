/** The tables `bank_day`, `bank_file_row` and `bank_difference`: what banks say of their days. */
import { int8s, type Reader, type Tx, texts } from '../../db/index.ts'
import type { BusinessDate } from '../../kernel/index.ts'
import type { BankFileRow, DayTotals } from '../bank-file.ts'
import { totalNames } from '../totals.ts'

export interface DayName {
  readonly bank: string
  readonly day: BusinessDate
}

export type DayState =
  /** Its file was not there yet. */
  | 'awaited'
  | 'read'
  /** The file does not add up to what was told at cut-over: it is read again. */
  | 'differs'
  /** It is no file of that day. */
  | 'refused'

export interface Day extends DayName {
  readonly cutOverAt: number | null
  readonly totals: DayTotals | null
  readonly state: DayState
  readonly problem: string | null
  /** When people said that its file is whole, where the bank told no totals. */
  readonly acceptedAt: number | null
}

/** What is in no file of such days never happened. */
export const isWhole = ({ state, totals, acceptedAt }: Day): boolean =>
  state === 'read' && (totals !== null || acceptedAt !== null)

interface DayRow {
  readonly bank: string
  readonly day: string
  readonly cut_over_at: bigint | null
  readonly totals: Record<keyof DayTotals, { count: number; amount: string }> | null
  readonly state: DayState
  readonly problem: string | null
  readonly accepted_at: bigint | null
}

const toDay = (row: DayRow): Day => ({
  ...{ bank: row.bank, day: row.day, state: row.state, problem: row.problem },
  cutOverAt: row.cut_over_at === null ? null : Number(row.cut_over_at),
  totals: row.totals && totalsOf(row.totals),
  acceptedAt: row.accepted_at === null ? null : Number(row.accepted_at),
})

const totalsOf = (json: NonNullable<DayRow['totals']>): DayTotals =>
  Object.fromEntries(
    totalNames.map((name) => [
      name,
      { count: json[name].count, amount: BigInt(json[name].amount) },
    ]),
  ) as unknown as DayTotals

const jsonOf = (totals: DayTotals) =>
  JSON.stringify(
    Object.fromEntries(
      totalNames.map((name) => [
        name,
        { count: totals[name].count, amount: String(totals[name].amount) },
      ]),
    ),
  )

const columns = 'bank, day, cut_over_at, totals, state, problem, accepted_at'

export async function readDay(reader: Reader, { bank, day }: DayName): Promise<Day | undefined> {
  const [row] = await reader.query<DayRow>(
    {
      name: 'bank_day.read',
      text: `select ${columns} from bank_day where bank = $1 and day = $2::date`,
    },
    [bank, day],
  )
  return row && toDay(row)
}

/** Days whose file is still to be read, the oldest first. */
export async function unreadDays(reader: Reader, bank: string, limit: number): Promise<Day[]> {
  const rows = await reader.query<DayRow>(
    `select ${columns} from bank_day where bank = $1 and state <> 'read' order by day limit $2`,
    [bank, limit],
  )
  return rows.map(toDay)
}

export async function lockDay(tx: Tx, { bank, day }: DayName): Promise<Day | undefined> {
  const [row] = await tx.query<DayRow>(
    `select ${columns} from bank_day where bank = $1 and day = $2::date for update`,
    [bank, day],
  )
  return row && toDay(row)
}

/** Newest first, from before a day. */
export async function daysOfBank(
  reader: Reader,
  given: { readonly bank: string; readonly before: BusinessDate | null; readonly limit: number },
): Promise<Day[]> {
  const rows = await reader.query<DayRow>(
    `select ${columns} from bank_day
     where bank = $1 and ($2::date is null or day < $2::date) order by day desc limit $3`,
    [given.bank, given.before, given.limit],
  )
  return rows.map(toDay)
}

export async function markAccepted(tx: Tx, { bank, day }: DayName, now: number): Promise<void> {
  await tx.query('update bank_day set accepted_at = $3 where bank = $1 and day = $2::date', [
    ...[bank, day, now],
  ])
}

/** Days whose file was accepted as whole and has not decided anything as such. */
export async function unjudgedDays(reader: Reader, bank: string): Promise<Day[]> {
  const rows = await reader.query<DayRow>(
    `select ${columns} from bank_day
     where bank = $1 and accepted_at is not null and absence_judged_at is null order by day`,
    [bank],
  )
  return rows.map(toDay)
}

export async function markJudged(tx: Tx, { bank, day }: DayName, now: number): Promise<void> {
  await tx.query('update bank_day set absence_judged_at = $3 where bank = $1 and day = $2::date', [
    ...[bank, day, now],
  ])
}

export async function lastDay(reader: Reader, bank: string): Promise<BusinessDate | undefined> {
  const [row] = await reader.query<{ day: string | null }>(
    'select max(day) as day from bank_day where bank = $1',
    [bank],
  )
  return row?.day ?? undefined
}

/** A day that ended, by the calendar or because the bank said so. What was told once stays. */
export async function noteDay(
  tx: Tx,
  { bank, day }: DayName,
  {
    cutOverAt,
    totals,
    now,
  }: {
    readonly cutOverAt?: number
    readonly totals?: DayTotals
    readonly now: number
  },
): Promise<void> {
  await tx.query(
    `insert into bank_day (bank, day, cut_over_at, totals, state, changed_at)
     values ($1, $2::date, $3, $4, 'awaited', $5)
     on conflict (bank, day) do update set
       cut_over_at = coalesce(bank_day.cut_over_at, excluded.cut_over_at),
       totals = coalesce(bank_day.totals, excluded.totals)`,
    [bank, day, cutOverAt ?? null, totals ? jsonOf(totals) : null, now],
  )
}

export async function closeDay(
  tx: Tx,
  { bank, day }: DayName,
  {
    state,
    problem,
    now,
  }: {
    readonly state: DayState
    readonly problem: string | null
    readonly now: number
  },
): Promise<void> {
  await tx.query(
    `update bank_day set state = $3, problem = $4, changed_at = $5
     where bank = $1 and day = $2::date`,
    [bank, day, state, problem, now],
  )
}

/** One attempt at the file of a day. */
export interface Reading extends DayName {
  readonly reading: number
}

/** Forgets what an earlier attempt has kept; null when the day was read meanwhile. */
export async function beginReading(tx: Tx, { bank, day }: DayName): Promise<Reading | null> {
  const [row] = await tx.query<{ reading: number }>(
    `update bank_day set reading = reading + 1
     where bank = $1 and day = $2::date and state <> 'read' returning reading`,
    [bank, day],
  )
  if (!row) return null
  await forgetRows(tx, { bank, day })
  return { bank, day, reading: row.reading }
}

/** Whether nobody has begun anew since; and nobody does until the transaction ends. */
export async function isReading(tx: Tx, { bank, day, reading }: Reading): Promise<boolean> {
  const rows = await tx.query(
    'select from bank_day where bank = $1 and day = $2::date and reading = $3 for update',
    [bank, day, reading],
  )
  return rows.length > 0
}

export async function forgetRows(tx: Tx, { bank, day }: DayName): Promise<void> {
  await tx.query('delete from bank_file_row where bank = $1 and day = $2::date', [bank, day])
}

export async function addRows(
  tx: Tx,
  { bank, day }: DayName,
  rows: readonly BankFileRow[],
): Promise<void> {
  await tx.query(
    {
      name: 'bank_file_row.add',
      text: `insert into bank_file_row (bank, day, key, kind, amount, fee, state, original)
        select $1, $2::date, * from unnest($3::text[], $4::text[], $5::int8[], $6::int8[], $7::text[],
          $8::text[])`,
    },
    [
      ...[bank, day, texts(rows.map(({ key }) => key)), texts(rows.map(({ kind }) => kind))],
      int8s(rows.map(({ amount }) => amount)),
      int8s(rows.map(({ fee }) => fee)),
      texts(rows.map(({ state }) => state)),
      texts(rows.map(({ original }) => original ?? null)),
    ],
  )
}
