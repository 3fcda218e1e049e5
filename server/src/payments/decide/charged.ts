/** The money is with us: what follows from it, whoever paid. */
import { serviceNumber, serviceOf } from '../access-code.ts'
import type { Book } from '../book.ts'
import { roomOf } from '../checks.ts'
import { byCard, type Notice } from '../notice.ts'
import type { Payment } from '../payment.ts'
import type { Versioned } from '../rows.ts'
import { day, topics } from '../topics.ts'

/** What is decided here, whatever is given. */
type Decided = 'state' | 'chargedAt' | 'businessDate' | 'endedAt'

/**
 * The money is a receivable now; the goods may go out, and the customer gets the receipt. A merchant
 * that asked to be told of nothing has the goods in its own hands from here on.
 */
export function charged(
  book: Book,
  payment: Versioned,
  given: Pick<Payment, 'carrierRef'> & Partial<Omit<Payment, Decided>>,
): Versioned {
  const { now, firstOpenDate: businessDate } = book
  const notify = payment.delivery === 'notify' && book.isTold(payment.merchantId)
  const state = notify ? 'delivering' : 'delivered'
  const patch = { state, chargedAt: now, businessDate, ...given } as const
  const paid = book.change(payment.id, notify ? patch : { endedAt: now, ...patch }, 'charged', {
    businessDate,
  })
  if (notify) {
    const { bucket, id: subject, msisdn } = payment
    book.arm({ bucket, topic: topics.delivery, subject, dueAt: now + day, payload: { msisdn } })
  }
  tellPoints(book, paid)
  tellPaid(book, paid)
  return paid
}

/** What it earns, or earns no more, follows in a transaction of its own: a purchase waits for no points. */
export function tellPoints(book: Book, { id: subject, bucket, msisdn, source }: Payment): void {
  if (!book.earns(source)) return
  book.arm({ bucket, topic: topics.points, subject, dueAt: book.now, payload: { msisdn } })
}

function tellPaid(book: Book, payment: Payment): void {
  const { msisdn: to, id: paymentId, merchantId, goods, orderNo, card, purse } = payment
  const merchant = book.catalogue.merchant(merchantId)
  const name = merchant?.name ?? { zh: merchantId, en: merchantId }
  const tel = merchant?.helpTel ?? ''
  const sale = { merchant: name, goods, amount: payment.amount.toString(), orderNo, tel }
  const notice: Notice = purse
    ? { id: 'W2', ...sale, left: book.balanceOf(purse.walletId).toString() }
    : card
      ? { id: 'C2', ...sale, ...byCard(card) }
      : { id: 'T2', ...sale, ...usedOfBill(book, payment) }
  book.send(payment, { to, from: senderOf(payment), paymentId, notice })
}

function usedOfBill(book: Book, payment: Payment) {
  const room = roomOf(book, payment.msisdn, payment.confirmedAt ?? book.now)
  return {
    usedThisMonth: room.usedThisMonth.toString(),
    monthLimit: room.monthLimit.toString(),
  }
}

/** Texts about a purchase come from where its question came from. */
export const senderOf = (payment: Payment): string =>
  payment.sender ?? serviceNumber(serviceOf(payment))
