/** A purchase is ordered: checked, recorded, and the question sent (or, with consent given, charged). */
import { accept, bucketOf, refuse } from '../../kernel/index.ts'
import {
  platformService,
  serviceNumber,
  serviceOf,
  slotNumber,
  webService,
} from '../access-code.ts'
import type { Book } from '../book.ts'
import { firstRefusal, type Wanted } from '../checks.ts'
import { asksPin, isAtOnce } from '../money.ts'
import { byCard, type Notice } from '../notice.ts'
import type { Payment, Refusal } from '../payment.ts'
import type { Order, OrderResult } from '../payments.ts'
import type { Versioned } from '../rows.ts'
import { pendingMax, promptsMax, repeatMs, slotRestMs } from '../topics.ts'
import { accountFits } from './account.ts'
import { armDeadline, cancel } from './answer.ts'
import { keysIn, newPayment, type Offer, type PlacedOrder } from './new-payment.ts'
import { refused } from './refused.ts'
import { proceed } from './yes.ts'

export function placeOrder(book: Book, order: PlacedOrder): OrderResult {
  const earlier = earlierPayment(book, order)
  if (earlier) return earlier
  bindKeys(book, order)
  const offer = offerOf(book, order)
  if (!offer.ok) return refused(book, order, null, offer.refusal)
  const repeated = repeatedQuestion(book, order, offer.value)
  if (repeated) return accept({ payment: repeated, replayed: false })
  const refusal = refusalOf(book, order, offer.value)
  if (refusal !== null) return refused(book, order, offer.value, refusal)
  return begin(book, order, offer.value)
}

/** Undefined, and nothing is done, unless the order is new and no check refuses it. */
export function placeIfAccepted(book: Book, order: PlacedOrder): OrderResult | undefined {
  const isKnown = book.payment(order.paymentId) || order.keys?.some((key) => book.keyed(key))
  const offer = offerOf(book, order)
  if (isKnown || !offer.ok || refusalOf(book, order, offer.value) !== null) return undefined
  bindKeys(book, order)
  return begin(book, order, offer.value)
}

function begin(book: Book, order: PlacedOrder, offer: Offer): OrderResult {
  const sender = senderOf(book, order)
  if (!sender.ok) return refused(book, order, offer, sender.refusal)
  if (!isAtOnce(order)) makeRoomForQuestion(book, order)
  const draft = newPayment(book, order, offer, sender.value)
  const payment = book.create(draft, 'ordered', keysIn(order))
  if (isAtOnce(order)) return accept({ payment: proceed(book, payment, book.now), replayed: false })
  return accept({ payment: ask(book, payment), replayed: false })
}

function bindKeys(book: Book, { keys = [], paymentId }: PlacedOrder): void {
  for (const key of keys) book.bindKey(key, paymentId)
}

function refusalOf(book: Book, order: PlacedOrder, offer: Offer): Refusal | null {
  const purse = order.source === 'wallet' ? (book.purseOf(order.msisdn) ?? null) : undefined
  const wanted = wantedOf(order, offer, purse)
  return firstRefusal(book, wanted, book.now) ?? pinRefusal(book, order, offer)
}

/** Named one by one, as a payment is. */
function wantedOf(order: PlacedOrder, offer: Offer, purse: Wanted['purse']): Wanted {
  return {
    msisdn: order.msisdn,
    merchantId: order.merchantId,
    product: offer.product,
    account: offer.account,
    amount: offer.amount,
    channel: order.channel,
    terms: order.card,
    purse,
    codeProof: order.codeProof,
  }
}

/** More than a little is paid on a device with the PIN only, and nothing from a wallet without a word of its owner. */
function pinRefusal(book: Book, order: PlacedOrder, { amount }: Offer): Refusal | null {
  const { consent, source, isPinChecked = false } = order
  if (consent === 'device')
    return isPinChecked || amount <= book.policy.walletPinFreeLimit ? null : 'pin_needed'
  return source !== 'wallet' || asksPin({ consent }) ? null : 'pin_needed'
}

/** Idempotency first: a key or an id used before answers with what was done then. */
function earlierPayment(book: Book, order: PlacedOrder): OrderResult | undefined {
  const same = book.payment(order.paymentId)
  if (same) return answerOf(same)
  const keys = order.keys ?? []
  for (const key of keys) {
    const known = book.keyed(key)
    if (!known) continue
    const payment = book.payment(known.subject)
    // What stands for no payment stands for something else, such as a payment page.
    if (!payment || known.contentHash !== key.contentHash)
      return { ...refuse('exists_with_different_content'), payment: payment ?? null }
    // A new key on an old order stands for the old order from now on.
    for (const one of keys) if (!book.keyed(one)) book.bindKey(one, payment.id)
    return answerOf(payment)
  }
  return undefined
}

const answerOf = (payment: Payment): OrderResult =>
  payment.state === 'refused' && payment.reason !== null
    ? { ...refuse(payment.reason), payment }
    : accept({ payment, replayed: true })

function offerOf(book: Book, order: Order) {
  const { what } = order
  const merchant = book.catalogue.merchant(order.merchantId)
  if ('amount' in what) {
    const goods = what.goods ?? merchant?.openAmount?.goods ?? { zh: '商品', en: 'Goods' }
    const delivery = merchant?.openAmount?.delivery ?? 'notify'
    const { amount } = what
    return accept<Offer>({
      product: '-',
      productVersion: 0,
      goods,
      account: null,
      amount,
      delivery,
    })
  }
  const product = book.catalogue.productByWord(order.merchantId, what.product)
  if (!product) return refuse('goods_unknown')
  const account = what.account ?? null
  if (!accountFits(product.accountPattern, account)) return refuse('account_malformed')
  return accept<Offer>({
    product: product.code,
    productVersion: product.version,
    goods: product.name,
    account,
    amount: product.price,
    delivery: product.delivery,
  })
}

/** The same text again while its question is open: no second purchase, the question once more. */
function repeatedQuestion(book: Book, order: Order, offer: Offer): Versioned | undefined {
  if (order.channel !== 'sms') return undefined
  const open = book
    .openOf(order.msisdn)
    .find(
      (payment) =>
        payment.state === 'awaiting_confirm' &&
        payment.consent === order.consent &&
        payment.card?.id === order.card?.id &&
        (payment.source === 'wallet') === (order.source === 'wallet') &&
        payment.merchantId === order.merchantId &&
        payment.product === offer.product &&
        payment.account === offer.account &&
        payment.amount === offer.amount &&
        book.now - payment.createdAt <= repeatMs,
    )
  if (!open) return undefined
  // The keys of the second order stand for the first one too.
  for (const key of order.keys ?? []) book.bindKey(key, open.id)
  return open.prompts < promptsMax ? sendQuestion(book, open) : open
}

/** Five questions are enough to keep apart: a sixth takes the place of the oldest. */
function makeRoomForQuestion(book: Book, order: Order): void {
  const waiting = book
    .openOf(order.msisdn)
    .filter((payment) => payment.state === 'awaiting_confirm')
  const [oldest] = waiting
  if (oldest && waiting.length >= pendingMax) cancel(book, oldest)
}

/** The number the question comes from. A reply goes to a slot of its own; a code needs none. */
function senderOf(book: Book, order: Order) {
  const service = serviceOf(order)
  if (order.consent === 'code') return accept(serviceNumber(webService))
  if (isAtOnce(order) || order.consent === 'app') return accept(null)
  const slots = book.slotsOf(order.msisdn, service)
  const newest = slots.reduce((a, b) => (a && a.takenAt > b.takenAt ? a : b), slots[0])
  const isFree = (slot: number) => {
    const before = slots.find((one) => one.slot === slot)
    return !before || (before.endedAt !== null && book.now - before.endedAt >= slotRestMs)
  }
  // From the newest on: of two taken in one millisecond either may count as the newest.
  const after = newest ? newest.slot + 1 : 0
  const slot = Array.from({ length: 100 }, (_, i) => (after + i) % 100).find(isFree)
  if (slot === undefined) return refuse('no_free_slot')
  book.setSlot({
    bucket: bucketOf(order.msisdn),
    msisdn: order.msisdn,
    service,
    slot,
    paymentId: (order as PlacedOrder).paymentId,
    takenAt: book.now,
    endedAt: null,
  })
  return accept(slotNumber(service, slot))
}

/** Puts the question for the first time and starts the clock. In the app it is seen without a text. */
function ask(book: Book, payment: Versioned): Versioned {
  armDeadline(book, payment)
  return payment.consent === 'app' ? payment : sendQuestion(book, payment)
}

/** The question once more; a new code replaces the old one, for only its hash is kept. */
export function sendQuestion(book: Book, payment: Versioned): Versioned {
  const { bucket, id, msisdn, goods } = payment
  const merchant = book.catalogue.merchant(payment.merchantId)
  const sale = {
    merchant: merchant?.name ?? { zh: payment.merchantId, en: payment.merchantId },
    goods,
    amount: payment.amount.toString(),
    minutes: Math.max(1, Math.ceil((payment.deadlineAt - book.now) / 60_000)),
    tel: merchant?.helpTel ?? '',
  }
  const code = payment.consent === 'code' ? book.newCode() : null
  const tariff = book.policy.smsTariff.toString()
  const inWords: Notice =
    code === null ? { id: 'T1', ...sale, tariff } : { id: 'T1c', ...sale, code }
  const { card, source } = payment
  const fromWallet: Notice = source === 'wallet' ? { id: 'W1', ...sale } : inWords
  const notice: Notice = card ? { id: 'C1', ...sale, ...byCard(card) } : fromWallet
  const from = payment.sender ?? serviceNumber(platformService)
  book.send({ bucket }, { to: msisdn, from, paymentId: id, notice })
  return book.change(
    id,
    {
      prompts: payment.prompts + 1,
      promptedAt: book.now,
      codeHash: code === null ? null : book.hashCode(id, code),
    },
    'asked',
  )
}
