/** The table `scan`: all its SQL. */
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOfId } from '../kernel/index.ts'
import { bucketOfScan, type Scan, type ScanName } from './scan.ts'

interface Row {
  readonly id: string
  readonly bucket: number
  readonly merchant_id: string
  readonly merchant_order_id: string
  readonly client: string
  readonly content_hash: string | null
  readonly msisdn: string
  readonly code_alias: string
  readonly code_step: bigint
  readonly amount: bigint
  readonly goods_zh: string
  readonly goods_en: string
  readonly created_at: bigint
  readonly cancelled_at: bigint | null
  readonly payment_id: string | null
}

const toScan = (row: Row): Scan => ({
  id: row.id,
  bucket: row.bucket,
  merchantId: row.merchant_id,
  merchantOrderId: row.merchant_order_id,
  client: row.client,
  wanted: row.content_hash === null ? null : wantedOf(row, row.content_hash),
  createdAt: Number(row.created_at),
  cancelledAt: row.cancelled_at === null ? null : Number(row.cancelled_at),
  paymentId: row.payment_id,
})

const wantedOf = (row: Row, contentHash: string) => ({
  contentHash,
  msisdn: row.msisdn,
  alias: row.code_alias,
  step: Number(row.code_step),
  amount: row.amount,
  goods: { zh: row.goods_zh, en: row.goods_en },
})

// By name, for every scan runs them: what is prepared is not planned again.
const readStatement: Statement = {
  name: 'scan.read',
  text: 'select * from scan where bucket = $1 and merchant_id = $2 and merchant_order_id = $3',
}
const lockStatement: Statement = {
  name: 'scan.lock',
  text: `select pg_advisory_xact_lock(hashtextextended(name, 31))
    from (select name from unnest($1::text[]) as u (name) order by name) n`,
}
const readManyStatement: Statement = {
  name: 'scan.read_many',
  text: `select s.* from unnest($1::int2[], $2::text[], $3::text[]) as u (bucket, merchant, number)
    cross join lateral (
      select * from scan where bucket = u.bucket and merchant_id = u.merchant
        and merchant_order_id = u.number offset 0
    ) s`,
}
const insertStatement: Statement = {
  name: 'scan.insert',
  text: `insert into scan (bucket, id, merchant_id, merchant_order_id, client, created_at, cancelled_at,
      payment_id, content_hash, msisdn, code_alias, code_step, amount, goods_zh, goods_en)
    select * from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::int8[], $7::int8[],
      $8::uuid[], $9::text[], $10::text[], $11::text[], $12::int8[], $13::int8[], $14::text[], $15::text[])`,
}

export async function readScan(reader: Reader, name: ScanName): Promise<Scan | undefined> {
  const { merchantId, merchantOrderId } = name
  const values = [bucketOfScan(name), merchantId, merchantOrderId]
  const [row] = await reader.query<Row>(readStatement, values)
  return row && toScan(row)
}

export async function scanById(reader: Reader, id: string): Promise<Scan | undefined> {
  const statement = 'select * from scan where bucket = $1 and id = $2'
  const [row] = await reader.query<Row>(statement, [bucketOfId(id) ?? -1, id])
  return row && toScan(row)
}

/** Nobody else comes to this order until the transaction ends, be it there yet or not. */
export const lockScan = async (tx: Tx, name: ScanName): Promise<Scan | undefined> =>
  (await lockScans(tx, [name])).get(nameOf(name))

export const nameOf = ({ merchantId, merchantOrderId }: ScanName): string =>
  `${merchantId}/${merchantOrderId}`

/** The same of several, by their names, in the order of these, so that two who lock several queue up. */
export async function lockScans(tx: Tx, names: readonly ScanName[]): Promise<Map<string, Scan>> {
  const [, rows] = await Promise.all([
    tx.query(lockStatement, [texts(names.map(nameOf))]),
    tx.query<Row>(readManyStatement, [
      int8s(names.map(bucketOfScan)),
      texts(names.map(({ merchantId }) => merchantId)),
      texts(names.map(({ merchantOrderId }) => merchantOrderId)),
    ]),
  ])
  return new Map(rows.map(toScan).map((scan) => [nameOf(scan), scan]))
}

export function insertScans(tx: Tx, scans: readonly Scan[]): void {
  if (scans.length === 0) return
  const wanted = scans.map((scan) => scan.wanted)
  tx.write(insertStatement, [
    ...[int8s(scans.map(({ bucket }) => bucket)), uuids(scans.map(({ id }) => id))],
    texts(scans.map(({ merchantId }) => merchantId)),
    texts(scans.map(({ merchantOrderId }) => merchantOrderId)),
    texts(scans.map(({ client }) => client)),
    ...[int8s(scans.map(({ createdAt }) => createdAt))],
    ...[int8s(scans.map(({ cancelledAt }) => cancelledAt))],
    ...[uuids(scans.map(({ paymentId }) => paymentId))],
    ...[texts(wanted.map((one) => one?.contentHash ?? null))],
    ...[texts(wanted.map((one) => one?.msisdn ?? null))],
    ...[texts(wanted.map((one) => one?.alias ?? null))],
    ...[int8s(wanted.map((one) => one?.step ?? null))],
    ...[int8s(wanted.map((one) => one?.amount ?? null))],
    ...[texts(wanted.map((one) => one?.goods.zh ?? null))],
    ...[texts(wanted.map((one) => one?.goods.en ?? null))],
  ])
}

/** Since when those are cancelled that are, by their ids. */
export async function readCancelled(
  reader: Reader,
  scans: readonly Scan[],
): Promise<Map<string, number>> {
  const rows = await reader.query<{ readonly id: string; readonly cancelled_at: bigint }>(
    cancelledStatement,
    [int8s(scans.map(({ bucket }) => bucket)), uuids(scans.map(({ id }) => id))],
  )
  return new Map(rows.map((row) => [row.id, Number(row.cancelled_at)]))
}

const cancelledStatement: Statement = {
  name: 'scan.cancelled',
  text: `select s.id, s.cancelled_at from unnest($1::int2[], $2::uuid[]) as u (bucket, id)
    join scan s on s.bucket = u.bucket and s.id = u.id where s.cancelled_at is not null`,
}

/** For good. The caller holds its lock. */
export function saveCancelled(tx: Tx, { bucket, id }: Scan, at: number): void {
  tx.write('update scan set cancelled_at = $3 where bucket = $1 and id = $2', [bucket, id, at])
}
