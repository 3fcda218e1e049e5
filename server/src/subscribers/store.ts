/** The table `subscriber`: all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import type { KeptSubscriber, OwnLimits } from './own-limits.ts'
import type { Subscriber } from './subscriber.ts'

/** A row as JSON; int8 as text, for a JSON number is not exact. */
interface Row {
  readonly bucket: number
  readonly msisdn: string
  readonly carrier: string
  readonly brand: string
  readonly billing: Subscriber['billing']
  readonly region: string
  readonly language: Subscriber['language']
  readonly status: Subscriber['status']
  readonly sim_kind: Subscriber['simKind']
  readonly handset_model: string | null
  readonly switched_on: boolean
  readonly own_single_limit: string | null
  readonly own_day_limit: string | null
  readonly own_month_limit: string | null
  readonly last_yes_at: string | null
  readonly sim_changed_at: string | null
  readonly next_switched_on: boolean | null
  readonly next_single_limit: string | null
  readonly next_day_limit: string | null
  readonly next_month_limit: string | null
  readonly next_from: string | null
}

const columns = `s.bucket, s.msisdn, s.carrier, s.brand, s.billing, s.region, s.language, s.status,
  s.sim_kind, s.handset_model, s.switched_on, s.own_single_limit::text, s.own_day_limit::text,
  s.own_month_limit::text, s.last_yes_at::text, s.next_switched_on, s.next_single_limit::text,
  s.next_day_limit::text, s.next_month_limit::text, s.next_from::text, s.sim_changed_at::text`

const amountOf = (text: string | null) => (text === null ? null : BigInt(text))
const timeOf = (text: string | null) => (text === null ? null : Number(text))

const toSubscriber = (row: Row): KeptSubscriber => ({
  bucket: row.bucket,
  msisdn: row.msisdn,
  carrier: row.carrier,
  brand: row.brand,
  billing: row.billing,
  region: row.region,
  language: row.language,
  status: row.status,
  simKind: row.sim_kind,
  handsetModel: row.handset_model,
  switchedOn: row.switched_on,
  ownSingleLimit: amountOf(row.own_single_limit),
  ownDayLimit: amountOf(row.own_day_limit),
  ownMonthLimit: amountOf(row.own_month_limit),
  lastYesAt: timeOf(row.last_yes_at),
  simChangedAt: timeOf(row.sim_changed_at),
  pending: row.next_from === null ? null : { from: Number(row.next_from), limits: nextLimits(row) },
})

const nextLimits = (row: Row): OwnLimits => ({
  switchedOn: row.next_switched_on ?? true,
  single: amountOf(row.next_single_limit),
  day: amountOf(row.next_day_limit),
  month: amountOf(row.next_month_limit),
})

const selected = `select ${columns} from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
  join subscriber s on s.bucket = k.bucket and s.msisdn = k.msisdn`

// The rows are locked as they leave the sort, so two batches never wait for each other in a ring.
// They travel as one value: a driver spends more on a thousand rows than JSON does.
const lockStatement: Statement = {
  name: 'subscriber.lock',
  text: `with locked as materialized (
      ${selected} order by s.bucket, s.msisdn for no key update of s
    ) select coalesce(json_agg(locked), '[]')::text as rows from locked`,
}

/** Locks the numbers that are known, in key order, and reads them. */
export async function lockRows(tx: Tx, msisdns: readonly Msisdn[]): Promise<KeptSubscriber[]> {
  const [answer] = await tx.query<{ rows: string }>(lockStatement, keysOf(msisdns))
  return (JSON.parse(answer?.rows ?? '[]') as Row[]).map(toSubscriber)
}

export async function readRows(
  reader: Reader,
  msisdns: readonly Msisdn[],
): Promise<KeptSubscriber[]> {
  const rows = await reader.query<Row>({ name: 'subscriber.read', text: selected }, keysOf(msisdns))
  return rows.map(toSubscriber)
}

const keysOf = (msisdns: readonly Msisdn[]) => {
  const distinct = [...new Set(msisdns)]
  return [int8s(distinct.map(bucketOf)), texts(distinct)]
}

const lastYesStatement: Statement = {
  name: 'subscriber.last_yes',
  text: `update subscriber s set last_yes_at = k.at
    from unnest($1::int2[], $2::text[], $3::int8[]) as k (bucket, msisdn, at)
    where s.bucket = k.bucket and s.msisdn = k.msisdn`,
}

/** Writes the yes times of numbers whose lock the caller holds; one row a number. */
export function saveLastYes(
  tx: Tx,
  rows: readonly { readonly msisdn: Msisdn; readonly at: number }[],
): void {
  if (rows.length === 0) return
  tx.write(lastYesStatement, [
    int8s(rows.map((row) => bucketOf(row.msisdn))),
    texts(rows.map((row) => row.msisdn)),
    int8s(rows.map((row) => row.at)),
  ])
}

/** What the carrier says of a line. */
export type LineFacts = Pick<
  Subscriber,
  'msisdn' | 'carrier' | 'brand' | 'billing' | 'status' | 'language' | 'region'
>

/** The carrier gives a closed number again after about this long; whoever has it then is new. */
const quarantineMs = 90 * 86_400_000

/** The last instant at which somebody else may have had the number: who has it now came a quarantine later. */
export async function foreignUntil(reader: Reader, msisdn: Msisdn): Promise<number> {
  const [row] = await reader.query<{ since: bigint }>(
    {
      name: 'subscriber.since',
      text: 'select created_at as since from subscriber where bucket = $1 and msisdn = $2',
    },
    [bucketOf(msisdn), msisdn],
  )
  return row === undefined ? 0 : Number(row.since) - quarantineMs
}

// A number closed long ago that is active again has a new owner: nothing of the old one is kept.
const introduceStatement: Statement = {
  name: 'subscriber.introduce',
  text: `insert into subscriber
      (bucket, msisdn, carrier, brand, billing, region, language, status, created_at, updated_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9::int8, $9::int8)
    on conflict (bucket, msisdn) do update set
      carrier = excluded.carrier, brand = excluded.brand, billing = excluded.billing,
      region = excluded.region, language = excluded.language, status = excluded.status,
      sim_kind = 'ordinary', handset_model = null, switched_on = true,
      own_single_limit = null, own_day_limit = null, own_month_limit = null,
      next_switched_on = null, next_single_limit = null, next_day_limit = null,
      next_month_limit = null, next_from = null, last_yes_at = null,
      sim_changed_at = null,
      created_at = excluded.created_at, updated_at = excluded.updated_at
    where subscriber.status = 'closed' and excluded.status = 'active'
      and subscriber.updated_at <= excluded.created_at - ${quarantineMs}::int8`,
}

export async function insertLine(tx: Tx, line: LineFacts, now: number): Promise<void> {
  await tx.query(introduceStatement, [
    bucketOf(line.msisdn),
    line.msisdn,
    line.carrier,
    line.brand,
    line.billing,
    line.region,
    line.language,
    line.status,
    now,
  ])
}

/** Writes status, own limits and what waits of them, and the change of SIM. */
export async function saveRow(tx: Tx, row: KeptSubscriber, now: number): Promise<void> {
  const next = row.pending
  await tx.query(
    `update subscriber set status = $3, switched_on = $4, own_single_limit = $5,
       own_day_limit = $6, own_month_limit = $7, next_switched_on = $8, next_single_limit = $9,
       next_day_limit = $10, next_month_limit = $11, next_from = $12, sim_changed_at = $13,
       updated_at = $14
     where bucket = $1 and msisdn = $2`,
    [
      row.bucket,
      row.msisdn,
      row.status,
      row.switchedOn,
      row.ownSingleLimit,
      row.ownDayLimit,
      row.ownMonthLimit,
      next?.limits.switchedOn ?? null,
      next?.limits.single ?? null,
      next?.limits.day ?? null,
      next?.limits.month ?? null,
      next?.from ?? null,
      row.simChangedAt,
      now,
    ],
  )
}

export async function saveLanguage(
  tx: Tx,
  { bucket, msisdn, language }: Pick<KeptSubscriber, 'bucket' | 'msisdn' | 'language'>,
  now: number,
): Promise<void> {
  await tx.query(
    'update subscriber set language = $3, updated_at = $4 where bucket = $1 and msisdn = $2',
    [bucket, msisdn, language, now],
  )
}
