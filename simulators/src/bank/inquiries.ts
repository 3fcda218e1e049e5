/** Messages about a card that move no money: its balance, and whether its holder is who he says to be. */
import {
  type AdditionalAmount,
  type Message,
  octetsOf,
  textOf,
  type Value,
  writeAdditionalAmounts,
} from '@telepurse/iso8583'
import { type Bill, lastBill } from './bill.ts'
import { accountOf, type Book } from './book.ts'
import type { Calendar } from './calendar.ts'
import type { CardFacts } from './card.ts'
import type { BankEvent } from './event.ts'
import { readIdentity } from './identity.ts'
import type { OtpDesk } from './otp.ts'
import type { PinRuling } from './pin.ts'
import type { Prover } from './proof.ts'
import { type CardRequest, privateText } from './request.ts'
import { approved, availableOf, type Circumstances, cardCode } from './ruling.ts'
import { findAgainst } from './verification.ts'

export interface InquiryOptions {
  readonly bins: readonly string[]
  readonly cardsPerNumberMax: number
  readonly pinRule: 'ours' | 'bank'
  readonly book: Book
  readonly record: (event: BankEvent) => void
  readonly now: () => number
  readonly calendar: Calendar
  readonly prover: Prover
  readonly otps: OtpDesk
  readonly sendOtp: (pan: string, mobile: string) => void
}

/** Fields of an answer beside those it repeats. */
export type Fields = Readonly<Record<number, Value>>

type Inquiry = (message: Message, request: CardRequest) => Fields

export function createInquiries(
  options: InquiryOptions,
  ports: {
    readonly circumstances: () => Circumstances
    /** Counts a wrong PIN. */
    readonly checkPin: (card: CardFacts, block: Uint8Array) => PinRuling
  },
): Readonly<Record<CardRequest['kind'], Inquiry>> {
  const { book, calendar, now, record } = options
  const { circumstances, checkPin } = ports
  return { balance, verification }

  function balance(message: Message, { pan }: CardRequest): Fields {
    const given = circumstances()
    const unusable = cardCode(given, pan, textOf(message, 14))
    const card = book.cards.get(pan)
    if (unusable !== undefined || !card) return { 39: unusable ?? '14' }
    const block = octetsOf(message, 52)
    if ((block !== undefined) !== (options.pinRule === 'bank')) return { 39: '30' }
    const refused = block && checkPin(card, block).code
    if (refused !== undefined) return { 39: refused }
    const account = accountOf(book, card.account)
    const accountType = card.kind === 'credit' ? '30' : '10'
    const amount = (amountType: string, value: bigint): AdditionalAmount => ({
      ...{ accountType, amountType, currency: '156' },
      amount: value,
    })
    const bill = lastBill(card, account, given.day)
    const due = bill && (bill.minimum > bill.paid ? bill.minimum - bill.paid : 0n)
    const amounts = [
      amount('01', account.balance),
      amount('02', availableOf(book, card)),
      // ISO 8583:1987 §4: amount owing, and of that due; both are the customer's debts.
      ...(bill && due !== undefined
        ? [amount('03', bill.paid - bill.amount), amount('04', -due)]
        : []),
    ]
    return {
      39: approved,
      54: writeAdditionalAmounts(amounts),
      ...(bill && { 57: additional(billText(bill)) }),
    }
  }

  function verification(message: Message, { pan, key }: CardRequest): Fields {
    const at = now()
    const unusable = cardCode(circumstances(), pan, textOf(message, 14))
    const card = book.cards.get(pan)
    if (unusable !== undefined || !card) return { 39: unusable ?? '14' }
    const identity = readIdentity(textOf(message, 61) ?? '')
    if (!identity) return { 39: '30' }
    const finding = findAgainst(options, card, identity)
    if (finding) return { 39: finding.code, ...(finding.reason && { 57: `AR${finding.reason}` }) }
    const block = octetsOf(message, 52)
    const code = otpIn(message)
    if (block !== undefined) {
      const refused = checkPin(card, block).code
      if (refused !== undefined) return { 39: refused }
    } else if (code === undefined) {
      options.sendOtp(pan, identity.mobile)
      return { 39: 'YM' }
    } else {
      const found = options.otps.check(pan, code, at)
      if (found !== 'right') return { 39: '05', 57: `AR${found === 'wrong' ? '006' : '007'}` }
    }
    const agreement = `${calendar.date(at)}${key.slice(0, 12)}`
    record({ type: 'agreed', at, pan, mobile: identity.mobile, agreement })
    return { 39: approved, 57: additional(agreement) }
  }
}

/** Two days and three sums, of which field 54 has only what is left. */
const billText = ({ billed, due, amount, minimum, paid }: Bill): string =>
  [billed, due, ...[amount, minimum, paid].map((sum) => sum.toString().padStart(12, '0'))].join('')

/** Field 57, usage AB: what the bank says besides, the rest in reserve. */
const additional = (text: string): string => `AB${text.padEnd(96)}`

/** The code from the bank's text: field 48, usage AS, tag SM with a length of three digits. */
function otpIn(message: Message): string | undefined {
  const text = privateText(message, 48) ?? ''
  if (!text.startsWith('AS')) return undefined
  for (let at = 2; at + 5 <= text.length; ) {
    const digits = text.slice(at + 2, at + 5)
    if (!/^\d{3}$/.test(digits)) return undefined
    const length = Number(digits)
    if (text.slice(at, at + 2) === 'SM') return text.slice(at + 5, at + 5 + length)
    at += 5 + length
  }
  return undefined
}
