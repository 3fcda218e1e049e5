/**
 * Money back to the bill: held at once, asked of the carrier until answered, never guessed (M-9). Back to a wallet
 * it is there at once.
 */
import { accept, assert, bucketOf, type Result, refuse } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import { giveRoom, type Period } from '../checks.ts'
import { isPaid, type Payment, type Refund, type RefundRefusal } from '../payment.ts'
import type { RefundOrder } from '../payments.ts'
import { holdRefund, postRefund, postToBalance, voidRefund } from '../postings.ts'
import type { PayingPurse } from '../purse.ts'
import { day, queryDelay, topics } from '../topics.ts'
import { senderOf, tellPoints } from './charged.ts'
import { keysIn } from './new-payment.ts'

export interface PlacedRefund extends RefundOrder {
  readonly refundId: string
}

export function placeRefund(book: Book, order: PlacedRefund): Result<Refund, RefundRefusal> {
  const earlier = earlierRefund(book, order)
  if (earlier) return earlier
  const payment = book.payment(order.paymentId)
  // The lock is on the number the caller named: it must be the payment's, or two refunds could race.
  if (payment?.msisdn !== order.msisdn) return refuse('payment_not_found')
  if (!isPaid(payment.state)) return refuse('not_paid')
  const left = payment.amount - payment.refunded - payment.refunding
  const amount = order.amount ?? left
  if (amount <= 0n)
    return refuse(order.amount === undefined ? 'over_paid_amount' : 'amount_too_small')
  if (amount > left) return refuse('over_paid_amount')
  const days = book.catalogue.merchant(payment.merchantId)?.refundDays ?? 180
  if (book.now > (payment.chargedAt ?? 0) + days * day) return refuse('refund_period_over')
  for (const key of order.keys ?? []) book.bindKey(key, order.refundId)
  return accept(startRefund(book, payment, { ...order, amount }))
}

function earlierRefund(book: Book, order: PlacedRefund): Result<Refund, RefundRefusal> | undefined {
  const same = book.refund(order.refundId)
  if (same) return accept(same)
  const keys = order.keys ?? []
  for (const key of keys) {
    const known = book.keyed(key)
    if (!known) continue
    const refund = book.refund(known.subject)
    if (!refund || known.contentHash !== key.contentHash)
      return refuse('exists_with_different_content')
    for (const one of keys) if (!book.keyed(one)) book.bindKey(one, refund.id)
    return accept(refund)
  }
  return undefined
}

/** After the guards: from here the refund is held and will be asked of the carrier. */
export function startRefund(
  book: Book,
  payment: Payment,
  order: PlacedRefund & { readonly amount: bigint },
): Refund {
  const refund: Refund = {
    id: order.refundId,
    bucket: bucketOf(payment.msisdn),
    paymentId: payment.id,
    msisdn: payment.msisdn,
    merchantId: payment.merchantId,
    amount: order.amount,
    state: 'processing',
    reason: order.reason,
    merchantRefundId: order.merchantRefundId ?? null,
    requestedAt: book.now,
    endedAt: null,
    businessDate: null,
    client: order.client ?? null,
    details: order.details ?? null,
  }
  book.setRefund(refund)
  const refunding = payment.refunding + refund.amount
  const data = { refundId: refund.id, ...keysIn(order) }
  const asked = book.change(payment.id, { refunding }, 'refund_requested', data)
  if (asked.purse) return backToBalance(book, asked, asked.purse, refund)
  holdRefund(book, payment, refund)
  book.arm({
    bucket: refund.bucket,
    topic: topics.refund,
    subject: refund.id,
    dueAt: book.now,
    payload: { msisdn: payment.msisdn, paymentId: payment.id },
  })
  return refund
}

/** Nobody has to be asked. A wallet that was closed since takes nothing: the merchant keeps the money and is told. */
function backToBalance(
  book: Book,
  payment: Payment,
  { walletId }: PayingPurse,
  refund: Refund,
): Refund {
  const purse = book.purse(walletId)
  assert(purse, 'the wallet of a payment was loaded')
  if (purse.isClosed) return denied(book, payment, refund)
  postToBalance(book, payment, refund)
  book.spend(walletId, -refund.amount)
  return returned(book, payment, refund)
}

/** What the carrier said of one try. A refund is pushed money: never reversed, sent again as itself. */
export type RefundOutcome =
  | { readonly kind: 'refunded' }
  | { readonly kind: 'refused' }
  | { readonly kind: 'unknown'; readonly detail: string }

export interface RefundAnswered {
  readonly refund: Refund
  readonly askAgainAt: number | null
}

export function refundAnswered(
  book: Book,
  refund: Refund,
  outcome: RefundOutcome,
  attempt: number,
): RefundAnswered {
  const payment = book.payment(refund.paymentId)
  const open = refund.state === 'processing' || refund.state === 'unknown'
  if (!payment || !open) return { refund, askAgainAt: null }
  if (outcome.kind === 'unknown') {
    const waiting: Refund = { ...refund, state: 'unknown' }
    if (refund.state !== 'unknown') {
      book.setRefund(waiting)
      book.change(payment.id, {}, 'refund_unknown', { refundId: refund.id })
    }
    return { refund: waiting, askAgainAt: book.now + queryDelay(attempt) }
  }
  book.disarm({ bucket: refund.bucket, topic: topics.refund, subject: refund.id })
  if (outcome.kind === 'refunded') {
    postRefund(book, payment, refund)
    return { refund: returned(book, payment, refund), askAgainAt: null }
  }
  voidRefund(book, payment, refund)
  return { refund: denied(book, payment, refund), askAgainAt: null }
}

function returned(book: Book, payment: Payment, refund: Refund): Refund {
  const room = roomAfterRefund(book, payment, refund.amount)
  const ended: Refund = {
    ...refund,
    state: 'succeeded',
    endedAt: book.now,
    businessDate: book.firstOpenDate,
  }
  book.setRefund(ended)
  const refunded = payment.refunded + refund.amount
  const refunding = payment.refunding - refund.amount
  const whole = refunded === payment.amount
  const final = whole && (payment.state === 'delivered' || payment.state === 'delivery_failed')
  book.change(
    payment.id,
    final ? { refunded, refunding, state: 'refunded', endedAt: book.now } : { refunded, refunding },
    'refunded',
    { refundId: refund.id, amount: refund.amount.toString(), room },
  )
  tellPoints(book, payment)
  tellReturned(book, payment, refund)
  return ended
}

function denied(book: Book, payment: Payment, refund: Refund): Refund {
  const ended: Refund = { ...refund, state: 'denied', endedAt: book.now }
  book.setRefund(ended)
  const refunding = payment.refunding - refund.amount
  book.change(payment.id, { refunding }, 'refund_denied', { refundId: refund.id })
  return ended
}

/** What was used comes back in the periods of the yes that still run. */
function roomAfterRefund(book: Book, payment: Payment, amount: bigint): 'day' | 'month' | 'none' {
  const at = payment.confirmedAt ?? book.now
  const [taken, today] = [book.time.dateOf(at), book.time.dateOf(book.now)]
  const back = new Set<Period>(['ever'])
  if (taken === today) back.add('day')
  if (taken.slice(0, 7) === today.slice(0, 7)) back.add('month')
  if (taken.slice(0, 4) === today.slice(0, 4)) back.add('year')
  giveRoom(book, payment, amount, back)
  return back.has('day') ? 'day' : back.has('month') ? 'month' : 'none'
}

function tellReturned(book: Book, payment: Payment, refund: Refund): void {
  const merchant = book.catalogue.merchant(payment.merchantId)?.name
  book.send(payment, {
    to: payment.msisdn,
    from: senderOf(payment),
    paymentId: payment.id,
    notice: {
      id: payment.state === 'delivery_failed' ? 'T7' : 'refunded',
      merchant: merchant ?? { zh: payment.merchantId, en: payment.merchantId },
      goods: payment.goods,
      amount: refund.amount.toString(),
      orderNo: payment.orderNo,
      source: payment.source,
    },
  })
}
