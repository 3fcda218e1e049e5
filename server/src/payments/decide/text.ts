/**
 * What a text from a handset means (§2.3 of the domain): stop and query words, no, yes, a code, an
 * order; else help. Every text gets one answer, and only a yes to one known purchase charges.
 */
import { format } from '../../kernel/index.ts'
import { codeLockMs } from '../../risk/index.ts'
import { destinationOf, serviceNumber, slotNumber, webService } from '../access-code.ts'
import type { Book } from '../book.ts'
import { roomOf } from '../checks.ts'
import { numberGuard } from '../guard-subjects.ts'
import type { Incoming } from '../incoming.ts'
import type { Notice } from '../notice.ts'
import { isPaid, isUndecided, type Payment } from '../payment.ts'
import type { Versioned } from '../rows.ts'
import { slotRestMs } from '../topics.ts'
import { cancel, enterCode, sayYes } from './answer.ts'
import type { PlacedOrder } from './new-payment.ts'
import { placeOrder } from './order.ts'

/** A text with the id a purchase will have if it orders one. */
export interface Text extends Incoming {
  readonly paymentId: string
  readonly bucket: number
}

export function takeText(book: Book, text: Text): void {
  if (book.repeated.has(text.paymentId)) return
  const destination = destinationOf(text.to)
  const { reading } = text
  if (destination.kind === 'platform' || destination.kind === 'unknown') return menu(book, text)
  if (destination.kind === 'product')
    return order(book, text, destination.service, { product: destination.product })
  const { service, slot } = destination
  const pending = pendingFor(book, text, service, slot)
  if (pending.length > 0) {
    if (reading.cancel || reading.no) return cancelAll(book, pending)
    if (reading.yes) return yes(book, text, pending)
    const coded = pending.find((payment) => payment.codeHash !== null)
    if (reading.code !== null && coded) return code(book, text, coded)
  }
  if (reading.stop || reading.cancel) return menu(book, text)
  if (slot !== null && (reading.yes || reading.no)) return late(book, text, service, slot)
  if (reading.product || reading.amount !== null) return orderFromWords(book, text, service)
  if (reading.yes || reading.no) return late(book, text, service, null)
  help(book, text, service)
}

/**
 * The open questions this text can answer: the slot's own, or all of the merchant's. A text that was
 * on its way before the question was put is no answer to it.
 */
function pendingFor(book: Book, text: Text, service: string, slot: number | null): Versioned[] {
  const open = book
    .openOf(text.from)
    .filter(({ state, createdAt }) => state === 'awaiting_confirm' && createdAt <= text.receivedAt)
  if (slot !== null) return open.filter((payment) => payment.sender === slotNumber(service, slot))
  return open.filter(({ sender }) => sender?.startsWith(serviceNumber(service)) ?? false)
}

function cancelAll(book: Book, pending: readonly Versioned[]): void {
  for (const payment of pending) cancel(book, payment)
}

function yes(book: Book, text: Text, pending: readonly Versioned[]): void {
  const pick = text.reading.yes?.pick ?? null
  const only = pending.length === 1 ? pending[0] : undefined
  const chosen = pick === null ? only : pending.find((payment) => payment.pick === pick)
  if (!chosen) return list(book, text, pending)
  const result = sayYes(book, chosen, text.receivedAt)
  if (!result.ok && result.refusal === 'too_late') tooLate(book, text, chosen)
}

/** Each keeps its number until the next list, so that `Y2` means the second of what was read. */
function list(book: Book, text: Text, pending: readonly Versioned[]): void {
  for (const [i, payment] of pending.entries()) book.change(payment.id, { pick: i + 1 }, 'listed')
  tell(book, text, { id: 'T11', pending: pending.map(listed) })
}

const listed = (payment: Payment) => ({
  zh: `${payment.goods.zh}${format(payment.amount)}元`,
  en: `${payment.goods.en} CNY ${format(payment.amount)}`,
})

function code(book: Book, text: Text, payment: Versioned): void {
  const result = enterCode(book, payment, {
    code: text.reading.code ?? '',
    at: text.receivedAt,
    guards: [numberGuard(text.from)],
  })
  if (result.ok) return
  if (result.refusal === 'too_late') return tooLate(book, text, payment)
  if (result.refusal === 'codes_locked')
    return tell(book, text, { id: 'codes_locked', minutes: codeLockMs / 60_000 })
  if (result.refusal === 'code_wrong' || result.refusal === 'no_tries_left') {
    const tries = book.payment(payment.id)?.codeTries ?? 0
    tell(book, text, { id: 'code_wrong', triesLeft: Math.max(0, 3 - tries) })
  }
}

/** A yes or no with nothing open: too late, said before, or a stranger's. */
function late(book: Book, text: Text, service: string, slot: number | null): void {
  const last = book
    .slotsOf(text.from, service)
    .filter((one) => (slot === null || one.slot === slot) && isRecent(book, one.takenAt))
    .sort((a, b) => b.takenAt - a.takenAt)[0]
  const payment = last && book.payment(last.paymentId)
  if (!payment) return help(book, text, service)
  const { state, orderNo } = payment
  if (isUndecided(state)) return tell(book, text, { id: 'T3', orderNo })
  if (isPaid(state)) return tell(book, text, { id: 'T10', orderNo })
  if (state === 'expired') return tooLate(book, text, payment)
  help(book, text, service)
}

/** As far back as is loaded: what neighbours in the batch have loaded besides must not count. */
const isRecent = (book: Book, at: number) => at >= book.now - slotRestMs

const tooLate = (book: Book, text: Text, payment: Payment) =>
  tell(book, text, { id: 'T9', again: orderText(payment) })

/** What to text to buy the same again. */
const orderText = (payment: Payment) =>
  payment.product === '-'
    ? format(payment.amount).replace(/\.?0+$/, '')
    : payment.product + (payment.account === null ? '' : `#${payment.account}`)

function orderFromWords(book: Book, text: Text, service: string): void {
  const { product, amount } = text.reading
  const known = product && book.catalogue.productByWord(service, product.word)
  if (product && known)
    return order(book, text, service, { product: known.code, account: product.account })
  const open = book.catalogue.merchant(service)?.openAmount
  if (amount === null || !open) return help(book, text, service)
  const fits = amount >= open.min && amount <= open.max && amount % open.step === 0n
  if (!fits)
    return tell(book, text, {
      id: 'amount_range',
      min: open.min.toString(),
      max: open.max.toString(),
      step: open.step.toString(),
    })
  order(book, text, service, { amount })
}

function order(
  book: Book,
  text: Text,
  service: string,
  what: { product: string; account?: string | null } | { amount: bigint },
): void {
  if (service === webService) return help(book, text, service)
  const wanted: PlacedOrder['what'] =
    'amount' in what
      ? what
      : { product: what.product, ...(what.account ? { account: what.account } : {}) }
  placeOrder(book, {
    paymentId: text.paymentId,
    msisdn: text.from,
    merchantId: service,
    what: wanted,
    channel: 'sms',
    consent: 'reply',
    flow: 'charge',
  })
}

/** Stop and query words, and the platform's own number: no plans run here; what was spent and is left. */
function menu(book: Book, text: Text): void {
  const room = roomOf(book, text.from, book.now)
  tell(book, text, {
    id: 'no_plans',
    usedThisMonth: room.usedThisMonth.toString(),
    leftThisMonth: room.month.toString(),
  })
}

function help(book: Book, text: Text, service: string): void {
  const codes = book.catalogue.productsOf(service).filter((product) => product.status === 'on')
  const open = book.catalogue.merchant(service)?.openAmount
  const examples = codes.slice(0, 3).map((product) => product.code)
  tell(book, text, { id: 'T8', examples: examples.length === 0 && open ? ['10'] : examples })
}

function tell(book: Book, text: Text, notice: Notice): void {
  book.send(text, { to: text.from, from: text.to, paymentId: null, notice })
}
