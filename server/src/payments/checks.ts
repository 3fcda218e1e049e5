/**
 * May this number buy this now? The checks of CB-6 to CB-9 in their fixed order; the first that fails
 * is the answer. They run when a purchase is ordered and again at the yes, where they also reserve.
 */
import { assert, bucketOf } from '../kernel/index.ts'
import {
  type CodeProof,
  type CounterKey,
  cardDay,
  merchantDay,
  numberDay,
  numberMonth,
  walletPeriods,
} from '../risk/index.ts'
import type { Book } from './book.ts'
import type { CardTerms } from './card.ts'
import { type CodePayer, codeDayOf, codeRefusal } from './code-limit.ts'
import type { Channel, Payment, Refusal } from './payment.ts'
import type { Purse, PurseRefused } from './purse.ts'

export interface Wanted {
  readonly msisdn: string
  readonly merchantId: string
  /** Product code, or `-`. */
  readonly product: string
  readonly account: string | null
  readonly amount: bigint
  readonly channel: Channel
  /** Of the card that is to pay, null when there is none that can; without them the phone bill pays. */
  readonly terms?: CardTerms | null | undefined
  /** Of the wallet that is to pay, null when there is none. */
  readonly purse?: Purse | null | undefined
  /** How the code was agreed to that it began with. */
  readonly codeProof?: CodeProof | null | undefined
}

/** `at` is when the customer acted: the day, month and interval are judged by it. */
export function firstRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  return salesRefusal(book, wanted, at) ?? numberRefusal(book, wanted, at)
}

/** Checks 4-11 alone: what the number may do, whatever is sold. */
export const numberRefusal = (book: Book, wanted: Wanted, at: number): Refusal | null =>
  lineRefusal(book, wanted) ??
  payerRefusal(book, wanted, at) ??
  codeRefusal(book, payerOf(wanted), wanted.amount, at)?.refusal ??
  capRefusal(book, wanted, at)

const payerOf = ({ msisdn, terms, purse, codeProof }: Wanted): CodePayer => ({
  bucket: bucketOf(msisdn),
  msisdn,
  card: terms ?? null,
  purse: purse ?? null,
  codeProof: codeProof ?? null,
})

function payerRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  const { terms, purse } = wanted
  if (purse !== undefined) return purseRefusal(book, wanted, purse, at)?.refusal ?? null
  return terms === undefined ? billRefusal(book, wanted, at) : cardRefusal(book, wanted, terms, at)
}

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
  // The owner's switch is for the phone bill.
  const { terms, purse } = wanted
  return line.switchedOn || terms !== undefined || purse !== undefined ? null : 'switched_off'
}

/** Checks 7-10: amount, interval, day, month. */
function billRefusal(book: Book, wanted: Wanted, at: number): Refusal | null {
  const { policy, time } = book
  const { msisdn, amount } = wanted
  const limits = limitsOf(book, msisdn)
  if (amount < policy.amountMin) return 'amount_too_small'
  if (amount > limits.single) return 'over_single_limit'
  if (waitMs(book, msisdn, at) > 0) return 'too_soon'
  if (book.used(numberDay(time, msisdn, at)) + amount > limits.day) return 'over_day_limit'
  if (book.used(numberMonth(time, msisdn, at)) + amount > limits.month) return 'over_month_limit'
  return null
}

/** Checks 7-10 of a card: no interval and no month, and the limits of the card itself. */
function cardRefusal(
  book: Book,
  wanted: Wanted,
  terms: CardTerms | null,
  at: number,
): Refusal | null {
  const { msisdn, amount } = wanted
  if (terms === null) return 'card_unavailable'
  if (amount < book.policy.amountMin) return 'amount_too_small'
  if (amount > terms.single) return 'card_over_single_limit'
  const used = book.used(cardDay(book.time, { msisdn, id: terms.id }, at))
  return used + amount > terms.day ? 'card_over_day_limit' : null
}

/** Checks 7-10 of a wallet: its own rules, and what is there. */
export function purseRefusal(
  book: Book,
  { msisdn, amount }: Pick<Wanted, 'msisdn' | 'amount'>,
  purse: Purse | null,
  at: number,
): PurseRefused | { readonly refusal: 'amount_too_small' } | null {
  const { now, policy } = book
  const line = book.subscriber(msisdn)
  if (purse === null || line === undefined) return { refusal: 'wallet_unavailable' }
  if (amount < policy.amountMin) return { refusal: 'amount_too_small' }
  const keys = walletPeriods(book.time, purse, at)
  const used = { day: 0n, year: 0n, ever: 0n }
  for (const period of purse.counted) used[period] = book.used(keys[period])
  return purse.refusal({ now, policy, line, balance: book.balanceOf(purse.walletId), used }, amount)
}

/** Check 11: what the merchant may sell in a day. */
function capRefusal(book: Book, { merchantId, amount }: Wanted, at: number): Refusal | null {
  const cap = book.catalogue.merchant(merchantId)?.dailyCap ?? 0n
  const used = book.used(merchantDay(book.time, merchantId, at))
  return used + amount > cap ? 'over_merchant_cap' : null
}

const testLimits = { day: 1_000_000_00n, month: 1_000_000_00n }

/** The limits of a number: the operator's, the owner's own if lower, half for a grey number. */
/** What the limits of a phone bill depend on. */
type BillBook = Pick<Book, 'isTestNumber' | 'policy' | 'subscriber' | 'used' | 'time'> & {
  listed(name: string, listing: 'grey'): boolean
}

export function limitsOf(book: Omit<BillBook, 'used' | 'time'>, msisdn: string) {
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
export function roomOf(book: BillBook, msisdn: string, at: number) {
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

export type Period = 'day' | 'month' | 'year' | 'ever'

/** The counters of whoever pays, and how long each runs. */
function periodsOf(
  book: Book,
  payer: CodePayer,
  at: number,
): readonly (readonly [Period, CounterKey])[] {
  const byCode = codeDayOf(book.time, payer, at)
  const own = ownPeriodsOf(book, payer, at)
  return byCode ? [...own, ['day', byCode]] : own
}

function ownPeriodsOf(
  book: Book,
  { bucket, msisdn, card, purse }: CodePayer,
  at: number,
): readonly (readonly [Period, CounterKey])[] {
  const { time } = book
  if (card) return [['day', cardDay(time, { msisdn, id: card.id }, at)]]
  if (!purse)
    return [
      ['day', numberDay(time, msisdn, at)],
      ['month', numberMonth(time, msisdn, at)],
    ]
  const counted = book.purse(purse.walletId)?.counted
  assert(counted, 'the wallet of a payment was loaded')
  const keys = walletPeriods(time, { bucket, ...purse }, at)
  return counted.map((period) => [period, keys[period]] as const)
}

/** Takes the room a payment needs, at the moment of the yes. */
export function takeRoom(book: Book, payment: Payment, at: number): void {
  const { amount } = payment
  for (const [, key] of periodsOf(book, payment, at)) book.use(key, amount)
  book.use(merchantDay(book.time, payment.merchantId, at), amount)
  if (payment.source === 'phone_bill') book.setLastYes(payment.msisdn, at)
}

/** A charge that never happened had taken nothing. */
export const allPeriods: ReadonlySet<Period> = new Set(['day', 'month', 'year', 'ever'])

/**
 * Gives back what a charge that never happened, or was returned, had taken: the merchant's day and
 * what the caller names of the payer's. The interval stays: the customer did say yes.
 */
export function giveRoom(
  book: Book,
  taken: CodePayer & Pick<Payment, 'merchantId' | 'confirmedAt'>,
  amount: bigint,
  back = allPeriods,
): void {
  const { merchantId, confirmedAt } = taken
  assert(confirmedAt !== null, 'room is only taken at a yes')
  for (const [period, key] of periodsOf(book, taken, confirmedAt))
    if (back.has(period)) book.use(key, -amount)
  if (back.has('day')) book.use(merchantDay(book.time, merchantId, confirmedAt), -amount)
}
