/** The table `scan`: all its SQL. */
import type { Reader, Statement, Tx } from '../db/index.ts'
import { bucketOf, bucketOfId } from '../kernel/index.ts'
import type { Scan, ScanName } from './scan.ts'

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
  text: 'select pg_advisory_xact_lock(hashtextextended($1, 31))',
}
const insertStatement: Statement = {
  name: 'scan.insert',
  text: `insert into scan (bucket, id, merchant_id, merchant_order_id, client, created_at, cancelled_at,
      content_hash, msisdn, code_alias, code_step, amount, goods_zh, goods_en)
    values ($1, $2, $3, $4, $5, $6::int8, $7::int8, $8, $9, $10, $11::int8, $12::int8, $13, $14)`,
}
const saveStatement: Statement = {
  name: 'scan.save',
  text: 'update scan set cancelled_at = $3::int8, payment_id = $4 where bucket = $1 and id = $2',
}

export const bucketOfScan = ({ merchantId, merchantOrderId }: ScanName): number =>
  bucketOf(`${merchantId}/${merchantOrderId}`)

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
export async function lockScan(tx: Tx, name: ScanName): Promise<Scan | undefined> {
  await tx.query(lockStatement, [`${name.merchantId}/${name.merchantOrderId}`])
  return readScan(tx, name)
}

export async function insertScan(tx: Tx, scan: Scan): Promise<void> {
  const { wanted } = scan
  await tx.query(insertStatement, [
    ...[scan.bucket, scan.id, scan.merchantId, scan.merchantOrderId, scan.client],
    ...[scan.createdAt, scan.cancelledAt],
    ...(wanted
      ? [wanted.contentHash, wanted.msisdn, wanted.alias, wanted.step, wanted.amount]
      : [null, null, null, null, null]),
    ...[wanted?.goods.zh ?? null, wanted?.goods.en ?? null],
  ])
}

export function saveScan(tx: Tx, { bucket, id, cancelledAt, paymentId }: Scan): void {
  tx.write(saveStatement, [bucket, id, cancelledAt, paymentId])
}
