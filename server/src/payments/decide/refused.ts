/** An order that a check refuses: recorded, and told to whoever ordered by text. */
import { refuse } from '../../kernel/index.ts'
import { serviceNumber, serviceOf } from '../access-code.ts'
import type { Book } from '../book.ts'
import { purseRefusal, roomOf } from '../checks.ts'
import { codeRefusal } from '../code-limit.ts'
import type { Notice } from '../notice.ts'
import type { Payment, Refusal } from '../payment.ts'
import type { OrderResult } from '../payments.ts'
import { keysIn, newPayment, type Offer, type PlacedOrder } from './new-payment.ts'

/** A refused order is recorded, so that it can be explained later; by text the customer is told. */
export function refused(
  book: Book,
  order: PlacedOrder,
  offer: Offer | null,
  reason: Refusal,
): OrderResult {
  const nothing: Offer = {
    product: 'product' in order.what ? order.what.product : '-',
    productVersion: 0,
    goods: { zh: '-', en: '-' },
    account: null,
    amount: 'amount' in order.what ? order.what.amount : 0n,
    delivery: 'none',
  }
  const draft = newPayment(book, order, offer ?? nothing, null)
  const payment = book.create(
    { ...draft, state: 'refused', reason, endedAt: book.now },
    'refused',
    { reason, ...keysIn(order) },
  )
  if (order.channel === 'sms') tellRefusal(book, payment, reason, serviceNumber(serviceOf(order)))
  const left = leftIn(book, payment)
  return { ...refuse(reason), payment, ...(left !== undefined && { left }) }
}

/** Of a wallet that refused, or of the limit for codes: what may still be paid. */
function leftIn(book: Book, payment: Payment) {
  const { msisdn, amount, purse: paying, reason } = payment
  if (reason === 'over_code_limit') return codeRefusal(book, payment, amount, book.now)?.left
  const purse = paying && book.purse(paying.walletId)
  const refused = purse && purseRefusal(book, { msisdn, amount }, purse, book.now)
  return refused && refused.refusal === reason && 'left' in refused ? refused.left : undefined
}

/** T6 for the limits, W3 for what is left in a wallet, T12 inside the interval, else T5 with the reason. */
export function tellRefusal(book: Book, payment: Payment, reason: Refusal, from: string): void {
  const limits = {
    over_single_limit: 'single',
    over_day_limit: 'day',
    over_month_limit: 'month',
  } as const
  const limit = reason in limits ? limits[reason as keyof typeof limits] : undefined
  const room = roomOf(book, payment.msisdn, book.now)
  const merchant = book.catalogue.merchant(payment.merchantId)?.name
  const left = leftIn(book, payment)?.toString()
  const { orderNo } = payment
  const plain: Notice =
    left === undefined ? { id: 'T5', reason, orderNo } : { id: 'W3', reason, orderNo, left }
  book.send(payment, {
    to: payment.msisdn,
    from,
    paymentId: payment.id,
    notice: limit
      ? {
          id: 'T6',
          merchant: merchant ?? { zh: payment.merchantId, en: payment.merchantId },
          goods: payment.goods,
          amount: payment.amount.toString(),
          limit,
          leftToday: room.day.toString(),
          leftThisMonth: room.month.toString(),
        }
      : plain,
  })
}
