/** The table `bank_exchange`: all its SQL. */
import { int8s, type Reader, type Tx, uuids } from '../../db/index.ts'
import type { BankFileKind } from '../bank-file.ts'
import { exchangeKey } from '../exchange-key.ts'
import { bucketOf } from './operation-store.ts'
import type { SentExchange, SentState } from './record.ts'

export interface ExchangeRow {
  readonly bucket: number
  readonly operation_id: string
  readonly no: number
  readonly kind: BankFileKind
  readonly bank: string
  readonly stan: number
  readonly transmitted_at: string
  readonly acquirer: string
  readonly forwarder: string
  readonly amount: bigint
  readonly reverses: number | null
  readonly state: SentState
  readonly code: string | null
  readonly settled_on: string | null
  readonly sends: number
  readonly begun_at: bigint
  readonly sent_at: bigint
}

export const exchangeColumns = `e.bucket, e.operation_id, e.no, e.kind, e.bank, e.stan, e.transmitted_at,
  e.acquirer, e.forwarder, e.amount, e.reverses, e.state, e.code, e.settled_on, e.sends, e.begun_at, e.sent_at`

export const toExchange = (row: ExchangeRow): SentExchange => ({
  ...{ bucket: row.bucket, operationId: row.operation_id, no: row.no, kind: row.kind },
  ...{ bank: row.bank, amount: row.amount, state: row.state, code: row.code, sends: row.sends },
  exchange: {
    ...{ stan: row.stan, transmittedAt: row.transmitted_at },
    ...{ acquirer: row.acquirer, forwarder: row.forwarder },
  },
  ...{ reverses: row.reverses, settledOn: row.settled_on },
  ...{ begunAt: Number(row.begun_at), sentAt: Number(row.sent_at) },
})

/** All of an operation, the first one first. */
export const exchangesOf = (
  reader: Reader,
  { id }: { readonly id: string },
): Promise<SentExchange[]> => exchangesOfMany(reader, [id])

/** All of these operations, of each the first one first. */
export async function exchangesOfMany(
  reader: Reader,
  ids: readonly string[],
): Promise<SentExchange[]> {
  const rows = await reader.query<ExchangeRow>(
    {
      name: 'bank_exchange.of_operations',
      text: `select ${exchangeColumns} from bank_exchange e
        join unnest($1::int2[], $2::uuid[]) as u (bucket, id)
          on e.bucket = u.bucket and e.operation_id = u.id
        order by e.bucket, e.operation_id, e.no`,
    },
    [int8s(ids.map(bucketOf)), uuids(ids)],
  )
  return rows.map(toExchange)
}

/** The newest under this key: trace numbers come again within a year, and not within a month. */
export async function exchangeByKey(
  reader: Reader,
  { bank, key, since }: { readonly bank: string; readonly key: string; readonly since: number },
): Promise<SentExchange | undefined> {
  const [row] = await reader.query<ExchangeRow>(
    {
      name: 'bank_exchange.by_key',
      text: `select ${exchangeColumns} from bank_exchange e
        where key = $1 and bank = $2 and begun_at >= $3 order by begun_at desc limit 1`,
    },
    [key, bank, since],
  )
  return row && toExchange(row)
}

export function insertExchange(tx: Tx, one: SentExchange): void {
  const { stan, transmittedAt, acquirer, forwarder } = one.exchange
  tx.write(
    {
      name: 'bank_exchange.insert',
      text: `insert into bank_exchange (bucket, operation_id, no, kind, bank, stan, transmitted_at,
          acquirer, forwarder, key, amount, reverses, state, sends, begun_at, sent_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`,
    },
    [
      ...[one.bucket, one.operationId, one.no, one.kind, one.bank, stan, transmittedAt, acquirer],
      ...[forwarder, exchangeKey(one.exchange), one.amount, one.reverses, one.state],
      ...[one.sends, one.begunAt, one.sentAt],
    ],
  )
}

/** The caller holds the row of the operation. */
export function saveExchange(tx: Tx, one: SentExchange): void {
  tx.write(
    {
      name: 'bank_exchange.save',
      text: `update bank_exchange set state = $4, code = $5, settled_on = $6, sends = $7, sent_at = $8
        where bucket = $1 and operation_id = $2 and no = $3`,
    },
    [
      ...[one.bucket, one.operationId, one.no, one.state, one.code, one.settledOn, one.sends],
      one.sentAt,
    ],
  )
}
