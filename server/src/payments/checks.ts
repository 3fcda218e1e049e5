/**
 * May this number buy this now? The checks of CB-6 to CB-9 in their fixed order; the first that fails
 * is the answer. They run when a purchase is ordered and again at the yes, where they also reserve.
 */
import { assert } from '../kernel/index.ts'
import { merchantDay, numberDay, numberMonth } from '../risk/index.ts'
import type { Book } from './book.ts'
import type { Channel, Payment, Refusal } from './payment.ts'

export interface Wanted {
  readonly msisdn: string
  readonly merchantId: string
  /** Product code, or `-`. */
  readonly product: string
  readonly account: string | null
  readonly amount: bigint
  readonly channel: Channel
}

/** `at` is when the customer acted: the day, month and interval are judged by it. */
export function firstRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  return salesRefusal(book, wanted, at) ?? numberRefusal(book, wanted, at)
}

/** Checks 4-11 alone: what the number may do, whatever is sold. */
export const numberRefusal = (book: Book, wanted: Wanted, at: number): Refusal | null =>
  lineRefusal(book, wanted) ?? limitRefusal(book, wanted, at)

/** Checks 1-3: channel, merchant, goods. */
function salesRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  const { policy, catalogue } = book
  const on = { sms: policy.smsOn, web: policy.webOn, api: policy.apiOn }
  if (!on[wanted.channel]) return 'channel_off'
  const merchant = catalogue.merchant(wanted.merchantId)
  if (!merchant || (merchant.status !== 'on' && merchant.status !== 'test')) return 'merchant_off'
  if (wanted.product === '-') return null
  const product = catalogue.product(wanted.merchantId, wanted.product)
  if (!product) return 'goods_unknown'
  const inTime =
    (product.validFrom === null || at >= product.validFrom) &&
    (product.validTo === null || at < product.validTo)
  const offered = product.status === 'on' || product.status === 'test'
  if (!offered || !inTime) return 'goods_off'
  const line = book.subscriber(wanted.msisdn)
  if (line && !(allows(product.regions, line.region) && allows(product.brands, line.brand)))
    return 'goods_not_for_this_line'
  return null
}

const allows = (list: readonly string[], value: string) => list.length === 0 || list.includes(value)

/** Checks 4-6: the number, the lists, the owner's own switch. */
function lineRefusal(book: Book, wanted: Wanted): Refusal | null {
  const line = book.subscriber(wanted.msisdn)
  if (!line) return 'number_unknown'
  // A number of the sandbox pays with nothing: only test clients, who come over the API, may use it.
  if (wanted.channel !== 'api' && book.isTestNumber(wanted.msisdn)) return 'number_unknown'
  if (line.status === 'closed') return 'line_closed'
  if (line.status === 'suspended') return 'line_suspended'
  if (subjectsOf(wanted).some((subject) => book.listed(subject, 'black'))) return 'blacklisted'
  if (!line.switchedOn) return 'switched_off'
  return null
}

/** Checks 7-11: amount, interval, day, month, the merchant's own cap. */
function limitRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  const { policy, catalogue, time } = book
  const { msisdn, amount, merchantId } = wanted
  const limits = limitsOf(book, msisdn)
  if (amount < policy.amountMin) return 'amount_too_small'
  if (amount > limits.single) return 'over_single_limit'
  if (waitMs(book, msisdn, at) > 0) return 'too_soon'
  if (book.used(numberDay(time, msisdn, at)) + amount > limits.day) return 'over_day_limit'
  if (book.used(numberMonth(time, msisdn, at)) + amount > limits.month) return 'over_month_limit'
  const cap = catalogue.merchant(merchantId)?.dailyCap ?? 0n
  if (book.used(merchantDay(time, merchantId, at)) + amount > cap) return 'over_merchant_cap'
  return null
}

const testLimits = { day: 1_000_000_00n, month: 1_000_000_00n }

/** The limits of a number: the operator's, the owner's own if lower, half for a grey number. */
export function limitsOf(book: Book, msisdn: string) {
  if (book.isTestNumber(msisdn)) return { single: book.policy.singleLimit, ...testLimits }
  const line = book.subscriber(msisdn)
  const share = book.listed(`number:${msisdn}`, 'grey') ? 2n : 1n
  const least = (limit: bigint, own: bigint | null | undefined) => {
    const shared = limit / share
    return own !== null && own !== undefined && own < shared ? own : shared
  }
  return {
    single: least(book.policy.singleLimit, line?.ownSingleLimit),
    day: least(book.policy.dayLimit, line?.ownDayLimit),
    month: least(book.policy.monthLimit, line?.ownMonthLimit),
  }
}

/** How long this number still has to wait before another yes counts; 0 when it need not. */
export function waitMs(book: Book, msisdn: string, at: number): number {
  const last = book.lastYesAt(msisdn)
  if (last === null || book.isTestNumber(msisdn) || book.listed(`number:${msisdn}`, 'white'))
    return 0
  // Without its sign: a clock that was set back by hours must not keep a number from buying for hours.
  return Math.max(0, book.policy.intervalMs - Math.abs(at - last))
}

/** What is left of the limits, never below zero. */
export function roomOf(book: Book, msisdn: string, at: number) {
  const limits = limitsOf(book, msisdn)
  const left = (limit: bigint, used: bigint) => (used < limit ? limit - used : 0n)
  const usedThisMonth = book.used(numberMonth(book.time, msisdn, at))
  const month = left(limits.month, usedThisMonth)
  const day = left(limits.day, book.used(numberDay(book.time, msisdn, at)))
  return { usedThisMonth, monthLimit: limits.month, month, day: day < month ? day : month }
}

/** What the lists are asked about. */
export const subjectsOf = (wanted: Wanted): string[] => [
  `number:${wanted.msisdn}`,
  `merchant:${wanted.merchantId}`,
  `goods:${wanted.merchantId}/${wanted.product}`,
  ...(wanted.account === null ? [] : [`account:${wanted.account}`]),
]

/** Takes the room a payment needs, at the moment of the yes. */
export function takeRoom(book: Book, wanted: Wanted, at: number): void {
  book.use(numberDay(book.time, wanted.msisdn, at), wanted.amount)
  book.use(numberMonth(book.time, wanted.msisdn, at), wanted.amount)
  book.use(merchantDay(book.time, wanted.merchantId, at), wanted.amount)
  book.setLastYes(wanted.msisdn, at)
}

/**
 * Gives back what a charge that never happened, or was returned, had taken: the merchant's day and
 * what the caller names of the number's. The interval stays: the customer did say yes.
 */
export function giveRoom(
  book: Book,
  taken: Pick<Payment, 'msisdn' | 'merchantId' | 'confirmedAt'>,
  amount: bigint,
  back: { readonly day: boolean; readonly month: boolean },
): void {
  const { msisdn, merchantId, confirmedAt } = taken
  assert(confirmedAt !== null, 'room is only taken at a yes')
  if (back.day) book.use(numberDay(book.time, msisdn, confirmedAt), -amount)
  if (back.month) book.use(numberMonth(book.time, msisdn, confirmedAt), -amount)
  if (back.day) book.use(merchantDay(book.time, merchantId, confirmedAt), -amount)
}
