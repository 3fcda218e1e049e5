/**
 * The words a customer texts to 10658008. Letters in either case; the amounts are yuan. `K` and the last four
 * digits name a card where there are several.
 *
 *     6021 100        buy the goods 100 of merchant 6021; `6021 100#player7` for an account; `6021 12.5` an amount
 *     YE              balance of the wallet and of the card
 *     CZK code        a top-up voucher: its 16 digits, blanks between them or not
 *     CZ100           top the wallet up                  TX200 withdraw by tomorrow, TXK200 today for a fee
 *     ZD              the bill of a credit card          HK500 repays that much of it, HK all that is left
 *     KA              the cards                          KA6215 pay with this one from now on
 *     GM old new      another PIN
 *     123456          the PIN, for what was asked last   N nothing of it
 */
import { type Amount, parse, Secret } from '../../../kernel/index.ts'
import { read } from '../reading.ts'

export type CardText =
  | { readonly kind: 'pin'; readonly pin: Secret }
  | { readonly kind: 'no' | 'cards' | 'change_pin_how' | 'help' }
  | {
      readonly kind: 'buy'
      readonly merchantId: string
      readonly word: string
      readonly account: string | null
      /** What the word is when it is no goods. */
      readonly amount: Amount | null
      readonly last4: string | null
    }
  | { readonly kind: 'balance'; readonly last4: string | null }
  | { readonly kind: 'bill'; readonly last4: string | null }
  /** Null for all that is left. */
  | { readonly kind: 'repayment'; readonly amount: Amount | null; readonly last4: string | null }
  | { readonly kind: 'top_up'; readonly amount: Amount; readonly last4: string | null }
  | {
      readonly kind: 'withdrawal'
      readonly amount: Amount
      readonly speed: 'same_day' | 'next_day'
      readonly last4: string | null
    }
  | { readonly kind: 'top_up_voucher'; readonly code: Secret }
  | { readonly kind: 'prefer'; readonly last4: string }
  | { readonly kind: 'change_pin'; readonly old: Secret; readonly next: Secret }

const card = String.raw`(?: ?K ?(\d{4}))?`
const money = String.raw`(\d{1,6}(?:\.\d{1,2})?) ?(?:元|YUAN|CNY)?`
const patterns = {
  pin: /^\d{6}$/,
  buy: new RegExp(String.raw`^(\d{4})[ #]([\p{L}\d.]{1,12})(?:#(.{1,32}?)|)${card}$`, 'u'),
  balance: new RegExp(`^(?:YE|余额)${card}$`),
  bill: new RegExp(`^(?:ZD|账单)${card}$`),
  repayment: new RegExp(`^(?:HK|还款)(?: ?${money})?${card}$`),
  topUp: new RegExp(`^(?:CZ|充值) ?${money}${card}$`),
  withdrawal: new RegExp(`^(TXK|TX|快速提现|提现) ?${money}${card}$`),
  /** However many digits there are, so that one too few is told as such. */
  voucher: /^(?:CZK|充值卡)[ #]?(\d[\d -]{6,39})$/,
  cards: /^(?:KA|银行卡) ?(?:K? ?(\d{4}))?$/,
  changePin: /^(?:GM|改密)[ #]?(\d{6})[ #](\d{6})$/,
} as const

/** What was meant; `help` when it is none of this. A text with six digits alone is always the PIN. */
export function readCardText(raw: string): CardText {
  const { text, no, cancel } = read(raw)
  if (patterns.pin.test(text)) return { kind: 'pin', pin: new Secret(text) }
  if (no || cancel) return { kind: 'no' }
  return (
    readPurchase(raw, text) ??
    readMoney(text) ??
    readBill(text) ??
    readCards(text) ??
    readPin(text) ?? { kind: 'help' }
  )
}

/** The account keeps its case, so it is cut from what was typed. */
function readPurchase(raw: string, text: string): CardText | undefined {
  const found = patterns.buy.exec(text)
  if (!found) return undefined
  const [, merchantId = '', word = '', account, last4] = found
  const at = account === undefined ? -1 : text.indexOf('#') + 1
  const kept = raw.normalize('NFKC').trim().replace(/\s+/gu, ' ')
  const typed =
    at > 0 && kept.length >= text.length ? kept.slice(at, at + (account?.length ?? 0)) : account
  return {
    ...{ kind: 'buy', merchantId, word, amount: yuan(word) },
    ...{ account: typed?.trim() || null, last4: last4 ?? null },
  }
}

function readMoney(text: string): CardText | undefined {
  const balance = patterns.balance.exec(text)
  if (balance) return { kind: 'balance', last4: balance[1] ?? null }
  const voucher = patterns.voucher.exec(text)?.[1]
  if (voucher !== undefined) return { kind: 'top_up_voucher', code: new Secret(voucher) }
  const topUp = patterns.topUp.exec(text)
  const paidIn = topUp && yuan(topUp[1] ?? '')
  if (paidIn) return { kind: 'top_up', amount: paidIn, last4: topUp[2] ?? null }
  const withdrawal = patterns.withdrawal.exec(text)
  const paidOut = withdrawal && yuan(withdrawal[2] ?? '')
  if (!paidOut) return undefined
  const speed = withdrawal[1] === 'TXK' || withdrawal[1] === '快速提现' ? 'same_day' : 'next_day'
  return { kind: 'withdrawal', amount: paidOut, speed, last4: withdrawal[3] ?? null }
}

function readBill(text: string): CardText | undefined {
  const bill = patterns.bill.exec(text)
  if (bill) return { kind: 'bill', last4: bill[1] ?? null }
  const [all, sum, last4 = null] = patterns.repayment.exec(text) ?? []
  if (all === undefined) return undefined
  const amount = sum === undefined ? null : yuan(sum)
  // Nothing of it is no way to ask for all of it.
  return sum !== undefined && amount === null ? undefined : { kind: 'repayment', amount, last4 }
}

function readCards(text: string): CardText | undefined {
  const cards = patterns.cards.exec(text)
  if (!cards) return undefined
  return cards[1] === undefined ? { kind: 'cards' } : { kind: 'prefer', last4: cards[1] }
}

function readPin(text: string): CardText | undefined {
  const change = patterns.changePin.exec(text)
  const [, old, next] = change ?? []
  if (old && next) return { kind: 'change_pin', old: new Secret(old), next: new Secret(next) }
  return /^(?:GM|改密)/.test(text) ? { kind: 'change_pin_how' } : undefined
}

/** Null for what is no amount, and for nothing. */
function yuan(text: string): Amount | null {
  if (!/^\d{1,6}(?:\.\d{1,2})?$/.test(text)) return null
  const amount = parse(text)
  return amount.ok && amount.value > 0n ? amount.value : null
}

/** As the text is kept: whatever may be a PIN is not, and what was not understood may be one in pieces. */
export const withoutPins = (raw: string): string =>
  raw.replace(inPieces.includes(readCardText(raw).kind) ? anyDigit : longRun, (digits) =>
    '•'.repeat(digits.length),
  )

/** What may have a secret with blanks in it. */
const inPieces: readonly CardText['kind'][] = ['help', 'top_up_voucher']

const anyDigit = /\p{Nd}/gu
const longRun = /\p{Nd}{6,}/gu
