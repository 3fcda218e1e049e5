/** What became of the goods. A definite "no" gives the money back by itself; silence decides nothing. */
import { accept, type Result, refuse } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Payment } from '../payment.ts'
import type { StepRefusal } from '../payments.ts'
import type { Versioned } from '../rows.ts'
import { day, topics } from '../topics.ts'
import { startRefund } from './refund.ts'

export type DeliveryResult = 'delivered' | 'failed' | 'unknown'

export function deliveryAnswered(
  book: Book,
  payment: Versioned,
  result: DeliveryResult,
): Result<Payment, StepRefusal> {
  const waiting = payment.state === 'delivering' || payment.state === 'delivery_unknown'
  if (!waiting) return refuse('not_allowed_now')
  const { bucket, id: subject, msisdn } = payment
  const timer = { bucket, topic: topics.delivery, subject }
  if (result === 'unknown') {
    // Staff or the merchant decide; until then the question comes back each day.
    book.arm({ ...timer, dueAt: book.now + day, payload: { msisdn } })
    if (payment.state === 'delivery_unknown') return accept(payment)
    return accept(book.change(payment.id, { state: 'delivery_unknown' }, 'delivery_unknown'))
  }
  book.disarm(timer)
  const whole = payment.refunded === payment.amount
  if (result === 'delivered') {
    const delivered = book.change(
      payment.id,
      { state: 'delivered', endedAt: book.now },
      'delivered',
    )
    if (!whole) return accept(delivered)
    return accept(book.change(payment.id, { state: 'refunded' }, 'refunded'))
  }
  const failed = book.change(payment.id, { state: 'delivery_failed' }, 'delivery_failed')
  if (whole)
    return accept(book.change(payment.id, { state: 'refunded', endedAt: book.now }, 'refunded'))
  const left = payment.amount - payment.refunded - payment.refunding
  if (left > 0n)
    startRefund(book, failed, {
      paymentId: payment.id,
      msisdn,
      refundId: book.newId(bucket),
      amount: left,
      reason: 'delivery_failed',
    })
  return accept(book.payment(payment.id) ?? failed)
}
