/**
 * What has been used of a limit: rows `(subject, period)`, changed only in the transaction of the yes
 * (or of what gives room back), under the lock of the number or of the counter itself.
 */

import { int8s, type Reader, type Statement, sqlStateOf, type Tx, texts } from '../db/index.ts'
import { type BusinessTime, bucketOf, type Msisdn } from '../kernel/index.ts'

export interface CounterKey {
  readonly bucket: number
  /** `number:+8613800138000`, `card:<binding>` or `merchant:6021`. */
  readonly subject: string
  /** `D2026-11-23` or `M2026-11`. */
  readonly period: string
  /** Whose sales to many numbers it counts: the lock of a number does not guard it. */
  readonly merchantId?: string
}

export const numberDay = (time: BusinessTime, msisdn: Msisdn, at: number): CounterKey => ({
  bucket: bucketOf(msisdn),
  subject: `number:${msisdn}`,
  period: `D${time.dateOf(at)}`,
})

export const numberMonth = (time: BusinessTime, msisdn: Msisdn, at: number): CounterKey => ({
  bucket: bucketOf(msisdn),
  subject: `number:${msisdn}`,
  period: `M${time.monthOf(at)}`,
})

/** Of a bound card, under the lock of the number it is bound to. */
export const cardDay = (
  time: BusinessTime,
  card: { readonly msisdn: Msisdn; readonly id: string },
  at: number,
): CounterKey => ({
  bucket: bucketOf(card.msisdn),
  subject: `card:${card.id}`,
  period: `D${time.dateOf(at)}`,
})

export const merchantDay = (time: BusinessTime, merchantId: string, at: number): CounterKey => ({
  bucket: bucketOf(merchantId),
  subject: `merchant:${merchantId}`,
  period: `D${time.dateOf(at)}`,
  merchantId,
})

/** What left a wallet in a day, under the lock of its number. */
export const walletDay = (
  time: BusinessTime,
  bucket: number,
  walletId: string,
  at: number,
): CounterKey => ({ bucket, subject: `wallet:${walletId}`, period: `D${time.dateOf(at)}` })

export const walletYear = (
  time: BusinessTime,
  bucket: number,
  walletId: string,
  at: number,
): CounterKey => ({
  bucket,
  subject: `wallet:${walletId}`,
  period: `Y${time.dateOf(at).slice(0, 4)}`,
})

export const walletEver = (bucket: number, walletId: string): CounterKey => ({
  bucket,
  subject: `wallet:${walletId}`,
  period: 'E',
})

/** All that is counted of a wallet at an instant. */
export const walletPeriods = (
  time: BusinessTime,
  { bucket, walletId }: { readonly bucket: number; readonly walletId: string },
  at: number,
) => ({
  day: walletDay(time, bucket, walletId, at),
  year: walletYear(time, bucket, walletId, at),
  ever: walletEver(bucket, walletId),
})

export const counterName = (key: CounterKey): string => `${key.subject}|${key.period}`

const readStatement: Statement = {
  name: 'limit_counter.read',
  text: `select c.subject, c.period, c.used
    from unnest($1::int2[], $2::text[], $3::text[]) as k (bucket, subject, period)
    cross join lateral (
      select subject, period, used from limit_counter l
      where l.bucket = k.bucket and l.subject = k.subject and l.period = k.period offset 0
    ) c`,
}
const openStatement: Statement = {
  name: 'limit_counter.open',
  text: `insert into limit_counter (bucket, subject, period, used)
    select b, s, p, 0 from unnest($1::int2[], $2::text[], $3::text[]) as u (b, s, p)
    order by b, s, p on conflict do nothing`,
}
const lockStatement: Statement = {
  name: 'limit_counter.lock',
  text: `select c.subject, c.period, c.used
    from (
      select * from unnest($1::int2[], $2::text[], $3::text[]) as k (bucket, subject, period)
      order by bucket, subject, period
    ) k
    cross join lateral (
      select subject, period, used from limit_counter l
      where l.bucket = k.bucket and l.subject = k.subject and l.period = k.period
      offset 0 for no key update
    ) c`,
}

/**
 * Reads the counters of numbers whose lock the caller holds; without it, only to show them. One without a row stands
 * at zero.
 */
export async function readCounters(reader: Reader, keys: readonly CounterKey[]): Promise<Counters> {
  if (keys.length === 0) return new Map()
  return asMap(await reader.query<Row>(readStatement, columnsOf(keys)))
}

/** Opens and locks counters that many numbers share, in key order, and reads them. */
export async function lockCounters(tx: Tx, keys: readonly CounterKey[]): Promise<Counters> {
  if (keys.length === 0) return new Map()
  const [, rows] = await Promise.all([
    tx.query(openStatement, columnsOf(keys)),
    tx.query<Row>(lockStatement, columnsOf(keys)),
  ])
  return asMap(rows)
}

const saveStatement: Statement = {
  name: 'limit_counter.save',
  text: `insert into limit_counter (bucket, subject, period, used)
    select * from unnest($1::int2[], $2::text[], $3::text[], $4::int8[])
    on conflict (bucket, subject, period) do update set used = excluded.used`,
}

/** Writes new values under the locks above. The table refuses a value below zero. */
export function saveCounters(
  tx: Tx,
  values: readonly { readonly key: CounterKey; readonly used: bigint }[],
): void {
  if (values.length === 0) return
  const keys = values.map((value) => value.key)
  tx.write(saveStatement, [...columnsOf(keys), int8s(values.map((value) => value.used))])
}

export interface Addition {
  readonly key: CounterKey
  /** Below zero when room is given back. */
  readonly amount: bigint
  /** What the counter must not exceed by it. */
  readonly max: bigint
}

// Done or an error: a division by zero fails the transaction without a look at the answer.
const addStatement: Statement = {
  name: 'limit_counter.add',
  text: `with added as (
      update limit_counter set used = used + $4::int8
      where bucket = $1 and subject = $2 and period = $3 and used + $4::int8 <= $5::int8
      returning 1
    ) select 1 / count(*) from added`,
}

/**
 * Adds to counters that many numbers share, which were only read: they are locked from here to the
 * commit and no longer. One that has come too near its maximum meanwhile fails the transaction
 * (`isOverMaximum`); then it has to be locked first (`lockCounters`).
 */
export function addToCounters(tx: Tx, additions: readonly Addition[]): void {
  if (additions.length === 0) return
  const sorted = additions.toSorted((a, b) => inKeyOrder(a.key, b.key))
  tx.write(openStatement, columnsOf(sorted.map(({ key }) => key)))
  for (const { key, amount, max } of sorted)
    tx.write(addStatement, [key.bucket, key.subject, key.period, amount, max])
}

const inKeyOrder = (a: CounterKey, b: CounterKey) =>
  a.bucket - b.bucket || (counterName(a) < counterName(b) ? -1 : 1)

/** What `addToCounters` fails with. */
export const isOverMaximum = (error: unknown): boolean => sqlStateOf(error) === '22012'

/** By `counterName`. */
export type Counters = Map<string, bigint>

interface Row {
  readonly subject: string
  readonly period: string
  readonly used: bigint
}

const asMap = (rows: readonly Row[]): Counters =>
  new Map(rows.map((row) => [`${row.subject}|${row.period}`, row.used]))

const columnsOf = (keys: readonly CounterKey[]) => [
  int8s(keys.map((key) => key.bucket)),
  texts(keys.map((key) => key.subject)),
  texts(keys.map((key) => key.period)),
]
