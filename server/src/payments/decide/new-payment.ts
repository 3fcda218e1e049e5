/** The row of a purchase that was just ordered. */
import { type Amount, bucketOf } from '../../kernel/index.ts'
import { type Book, keyName } from '../book.ts'
import { cardOf } from '../card.ts'
import type { Name } from '../payment.ts'
import type { BusinessKey, Order } from '../payments.ts'
import type { Versioned } from '../rows.ts'

/** An order with the id its payment will have; the same id again is the same order. */
export interface PlacedOrder extends Order {
  readonly paymentId: string
}

export interface Offer {
  readonly product: string
  readonly productVersion: number
  readonly goods: Name
  readonly account: string | null
  readonly amount: Amount
  readonly delivery: 'none' | 'notify'
}

/** Named one by one: put together from parts, an object this large is two hundred times as slow to make. */
export function newPayment(
  book: Book,
  order: PlacedOrder,
  offer: Offer,
  sender: string | null,
): Versioned {
  const line = book.subscriber(order.msisdn)
  const purse = order.source === 'wallet' ? (book.purseOf(order.msisdn) ?? null) : null
  const reply = order.channel === 'sms' ? book.policy.smsReplyMs : book.policy.webReplyMs
  return {
    id: order.paymentId,
    bucket: bucketOf(order.msisdn),
    version: 1,
    orderNo: `${book.time.dateOf(book.now).slice(2).replaceAll('-', '')}${book.orderNumber()}`,
    msisdn: order.msisdn,
    language: line?.language ?? 'zh',
    carrier: line?.carrier ?? '-',
    billing: line?.billing ?? 'prepaid',
    region: line?.region ?? '',
    merchantId: order.merchantId,
    product: offer.product,
    productVersion: offer.productVersion,
    goods: offer.goods,
    account: offer.account,
    delivery: offer.delivery,
    amount: offer.amount,
    channel: order.channel,
    consent: order.consent,
    flow: order.flow,
    source: order.source ?? (order.card ? 'card' : 'phone_bill'),
    card: order.card ? cardOf(order.card) : null,
    purse: purse && { walletId: purse.walletId },
    codeProof: order.codeProof ?? null,
    state: 'awaiting_confirm',
    reason: null,
    sender,
    prompts: 0,
    promptedAt: null,
    codeHash: null,
    codeTries: 0,
    createdAt: book.now,
    deadlineAt: book.now + (order.replyMs ?? reply),
    confirmedAt: null,
    chargeId: null,
    carrierRef: null,
    unknownSince: null,
    businessDate: null,
    chargedAt: null,
    endedAt: null,
    refunded: 0n,
    refunding: 0n,
    merchantOrderId: order.merchantOrderId ?? null,
    client: order.client ?? null,
    details: order.details ?? null,
    pick: null,
  }
}

/** The keys an object was made under, for its history: whoever checks the books can find a second one. */
export const keysIn = (order: { readonly keys?: readonly BusinessKey[] }) =>
  order.keys?.length ? { keys: order.keys.map(keyName) } : {}
