/** The tables `payment`, `refund`, `payment_event` and `confirmation_slot`: all their SQL. */

import { insertInto, literals, mutable, updateOf } from '../db/columns.ts'
import { int8s, type Reader, type Statement, type Tx, texts, uuids } from '../db/index.ts'
import { bucketOf, bucketOfId } from '../kernel/index.ts'
import type { Refund } from './payment.ts'
import {
  type PaymentRow,
  paymentColumns,
  type RefundRow,
  refundColumns,
  toPayment,
  toRefund,
  type Versioned,
} from './rows.ts'

const paymentList = paymentColumns.map((column) => `p.${column.name}`).join(', ')
const refundList = refundColumns.map((column) => `r.${column.name}`).join(', ')
const open = `('awaiting_confirm', 'reserving', 'reserved', 'charging', 'charge_unknown')`

// LATERAL with OFFSET goes through an index row by row, whatever the planner believes of a table that
// has just been created; a prepared statement would keep that belief while the table grows.
const byIds: Statement = {
  name: 'payment.by_ids',
  text: `select ${paymentList} from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select * from payment where payment.bucket = k.bucket and payment.id = k.id offset 0
    ) p`,
}
const openOf: Statement = {
  name: 'payment.open_of',
  text: `select ${paymentList} from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    cross join lateral (
      select * from payment
      where payment.bucket = k.bucket and payment.msisdn = k.msisdn and payment.state in ${open}
      offset 0
    ) p`,
}
const bySlots: Statement = {
  name: 'payment.by_slots',
  text: `select ${paymentList} from unnest($1::int2[], $2::text[]) as k (bucket, msisdn)
    cross join lateral (
      select bucket, payment_id from confirmation_slot slot
      where slot.bucket = k.bucket and slot.msisdn = k.msisdn and slot.taken_at >= $3
      offset 0
    ) s
    cross join lateral (
      select * from payment where payment.bucket = s.bucket and payment.id = s.payment_id offset 0
    ) p`,
}

export const paymentsByIds = async (
  reader: Reader,
  ids: readonly RowKey[],
): Promise<Versioned[]> =>
  ids.length === 0 ? [] : (await reader.query<PaymentRow>(byIds, keyColumns(ids))).map(toPayment)

/** What is pending for these numbers. Take the lock of the numbers first. */
export const openPayments = async (
  reader: Reader,
  msisdns: readonly string[],
): Promise<Versioned[]> =>
  msisdns.length === 0
    ? []
    : (await reader.query<PaymentRow>(openOf, numberColumns(msisdns))).map(toPayment)

/** The payments behind the confirmation numbers these numbers were asked from since `since`. */
export const paymentsBySlots = async (
  reader: Reader,
  msisdns: readonly string[],
  since: number,
): Promise<Versioned[]> =>
  msisdns.length === 0
    ? []
    : (await reader.query<PaymentRow>(bySlots, [...numberColumns(msisdns), since])).map(toPayment)

const refundsByIdsStatement: Statement = {
  name: 'refund.by_ids',
  text: `select ${refundList} from unnest($1::int2[], $2::uuid[]) as k (bucket, id)
    cross join lateral (
      select * from refund where refund.bucket = k.bucket and refund.id = k.id offset 0
    ) r`,
}
const refundsOfStatement: Statement = {
  name: 'refund.of_payment',
  text: `select ${refundList} from refund r where r.bucket = $1 and r.payment_id = $2 order by r.id`,
}

export const refundsByIds = async (reader: Reader, ids: readonly RowKey[]): Promise<Refund[]> =>
  ids.length === 0
    ? []
    : (await reader.query<RefundRow>(refundsByIdsStatement, keyColumns(ids))).map(toRefund)

export const refundsOfPayment = async (
  reader: Reader,
  bucket: number,
  paymentId: string,
): Promise<Refund[]> =>
  (await reader.query<RefundRow>(refundsOfStatement, [bucket, paymentId])).map(toRefund)

const insertPayment = insertInto('payment', paymentColumns)
const updatePayment = updateOf('payment', paymentColumns)
const insertRefund = insertInto('refund', refundColumns)
const updateRefund = updateOf('refund', refundColumns)

export function savePayments(
  tx: Tx,
  made: readonly Versioned[],
  changed: readonly Versioned[],
): void {
  if (made.length > 0) tx.write(insertPayment, literals(paymentColumns, made))
  if (changed.length > 0) tx.write(updatePayment, literals(mutable(paymentColumns), changed))
}

export function saveRefunds(tx: Tx, made: readonly Refund[], changed: readonly Refund[]): void {
  if (made.length > 0) tx.write(insertRefund, literals(refundColumns, made))
  if (changed.length > 0) tx.write(updateRefund, literals(mutable(refundColumns), changed))
}

export interface RowKey {
  readonly bucket: number
  readonly id: string
}

/** The key of the row with this id. */
export const rowKeyOf = (id: string): RowKey => ({ bucket: bucketOfId(id) ?? -1, id })

const keyColumns = (keys: readonly RowKey[]) => [
  int8s(keys.map((key) => key.bucket)),
  uuids(keys.map((key) => key.id)),
]
const numberColumns = (msisdns: readonly string[]) => [int8s(msisdns.map(bucketOf)), texts(msisdns)]
