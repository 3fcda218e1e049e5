/** Lists of payments for merchants, API clients and staff: filtered, ordered by time, one page. */
import { type Reader, texts } from '../db/index.ts'
import type { Payment } from './payment.ts'
import type { PaymentFilter } from './payments.ts'
import { type PaymentRow, paymentColumns, toPayment } from './rows.ts'

const columns = paymentColumns.map((column) => `p.${column.name}`).join(', ')

export async function listPayments(
  reader: Reader,
  filter: PaymentFilter,
): Promise<{ total: number; items: Payment[] }> {
  const values: unknown[] = []
  const conditions: string[] = []
  const where = (condition: string, value: unknown) => {
    if (value === undefined) return
    values.push(value)
    conditions.push(condition.replace('?', `$${values.length}`))
  }
  where('p.merchant_id = ?', filter.merchantId)
  where('p.client = ?', filter.client)
  where('p.msisdn = ?', filter.msisdn)
  where('p.state = any(?::text[])', filter.states && texts(filter.states))
  where('p.created_at >= ?', filter.createdFrom)
  where('p.created_at <= ?', filter.createdTo)
  const filtered = `from payment p ${conditions.length > 0 ? `where ${conditions.join(' and ')}` : ''}`
  const direction = filter.order === 'asc' ? 'asc' : 'desc'
  const [counted, rows] = await Promise.all([
    reader.query<{ total: bigint }>(`select count(*) as total ${filtered}`, values),
    reader.query<PaymentRow>(
      `select ${columns} ${filtered} order by p.created_at ${direction}, p.id ${direction}
       limit ${filter.limit} offset ${filter.offset}`,
      values,
    ),
  ])
  return { total: Number(counted[0]?.total ?? 0n), items: rows.map(toPayment) }
}
