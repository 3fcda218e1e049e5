/** The table `bank_operation`: all its SQL. */
import { int8s, type Reader, type Tx, texts, uuids } from '../../db/index.ts'
import { assert, bucketOfId } from '../../kernel/index.ts'
import type { BankRefusal, BankTrace } from '../bank.ts'
import type { OperationKind, OperationState } from './operation.ts'
import type { Operation } from './record.ts'

interface Row {
  readonly bucket: number
  readonly id: string
  readonly kind: OperationKind
  readonly bank: string
  readonly card_token: string
  readonly amount: bigint
  readonly order_no: string
  readonly debit_id: string | null
  readonly sealed_pin: string | null
  readonly sealed_payee: string | null
  readonly state: OperationState
  readonly detail: string | null
  readonly refusal: BankRefusal | null
  readonly trace: BankTrace | null
  readonly retries: number
  readonly refunded: bigint
  readonly created_at: bigint
}

const columns = `o.bucket, o.id, o.kind, o.bank, o.card_token, o.amount, o.order_no, o.debit_id,
  o.sealed_pin, o.sealed_payee, o.state, o.detail, o.refusal, o.trace, o.retries, o.refunded, o.created_at`

const toOperation = (row: Row): Operation => ({
  ...{ bucket: row.bucket, id: row.id, kind: row.kind, bank: row.bank, amount: row.amount },
  ...{ cardToken: row.card_token, orderNo: row.order_no, debitId: row.debit_id },
  ...{
    sealedPin: row.sealed_pin,
    sealedPayee: row.sealed_payee,
    state: row.state,
    detail: row.detail,
    refusal: row.refusal,
  },
  ...{ trace: row.trace, retries: row.retries, refunded: row.refunded },
  createdAt: Number(row.created_at),
})

export function bucketOf(id: string): number {
  const bucket = bucketOfId(id)
  assert(bucket !== undefined, 'an operation has an id of ours')
  return bucket
}

export async function readOperation(reader: Reader, id: string): Promise<Operation | undefined> {
  const bucket = bucketOfId(id)
  if (bucket === undefined) return undefined
  const [row] = await reader.query<Row>(
    {
      name: 'bank_operation.read',
      text: `select ${columns} from bank_operation o where bucket = $1 and id = $2`,
    },
    [bucket, id],
  )
  return row && toOperation(row)
}

export async function lockOperation(tx: Tx, id: string): Promise<Operation | undefined> {
  const [row] = await tx.query<Row>(
    {
      name: 'bank_operation.lock',
      text: `select ${columns} from bank_operation o where bucket = $1 and id = $2 for update`,
    },
    [bucketOf(id), id],
  )
  return row && toOperation(row)
}

/**
 * The ids of those that were not there yet. Two who insert the same meet here, and the second waits for the
 * first; in one order, so that two who insert several queue up.
 */
export async function insertOperations(tx: Tx, all: readonly Operation[]): Promise<Set<string>> {
  const rows = await tx.query<{ id: string }>(
    {
      name: 'bank_operation.insert',
      text: `insert into bank_operation (bucket, id, kind, bank, card_token, amount, order_no, debit_id,
          sealed_pin, sealed_payee, state, retries, refunded, created_at, changed_at)
        select bucket, id, kind, bank, card_token, amount, order_no, debit_id,
          sealed_pin, sealed_payee, state, 0, 0, created_at, created_at
        from unnest($1::int2[], $2::uuid[], $3::text[], $4::text[], $5::uuid[], $6::int8[], $7::text[],
          $8::uuid[], $9::text[], $10::text[], $11::text[], $12::int8[])
          as u (bucket, id, kind, bank, card_token, amount, order_no, debit_id, sealed_pin, sealed_payee,
            state, created_at)
        order by bucket, id
        on conflict do nothing returning id`,
    },
    [
      ...[int8s(all.map(({ bucket }) => bucket)), uuids(all.map(({ id }) => id))],
      ...[texts(all.map(({ kind }) => kind)), texts(all.map(({ bank }) => bank))],
      ...[uuids(all.map(({ cardToken }) => cardToken)), int8s(all.map(({ amount }) => amount))],
      ...[texts(all.map(({ orderNo }) => orderNo)), uuids(all.map(({ debitId }) => debitId))],
      texts(all.map(({ sealedPin }) => sealedPin)),
      ...[texts(all.map(({ sealedPayee }) => sealedPayee)), texts(all.map(({ state }) => state))],
      int8s(all.map(({ createdAt }) => createdAt)),
    ],
  )
  return new Set(rows.map(({ id }) => id))
}

/** The caller holds the row. */
export function saveOperation(tx: Tx, one: Operation, now: number): void {
  tx.write(
    {
      name: 'bank_operation.save',
      text: `update bank_operation set state = $3, detail = $4, refusal = $5, trace = $6, retries = $7,
          sealed_pin = $8, refunded = $9, changed_at = $10,
          sealed_payee = case when $3 = 'begun' then sealed_payee end
        where bucket = $1 and id = $2`,
    },
    [
      ...[one.bucket, one.id, one.state, one.detail, jsonOf(one.refusal), jsonOf(one.trace)],
      ...[one.retries, one.sealedPin, one.refunded, now],
    ],
  )
}

const jsonOf = (value: object | null) => (value === null ? null : JSON.stringify(value))

/** In one order, so that two batches that lock the same queue up. */
export async function lockOperations(tx: Tx, ids: readonly string[]): Promise<Operation[]> {
  if (ids.length === 0) return []
  const rows = await tx.query<Row>(
    {
      name: 'bank_operation.lock_many',
      text: `select ${columns} from bank_operation o
        join unnest($1::int2[], $2::uuid[]) as u (bucket, id) on o.bucket = u.bucket and o.id = u.id
        order by o.bucket, o.id for update of o`,
    },
    [int8s(ids.map(bucketOf)), uuids(ids)],
  )
  return rows.map(toOperation)
}
