/**
 * The bank's counter for messages about cards: who may ask, what was answered before, then the rulings.
 * A message that moves money is recorded before it is answered, so that its repeat gets the same answer.
 *
 *   signed on (77) → MAC (A0) → form (12 13 30) → institution (31) → answered before (or 94)
 *   → reversed before it came (22) → open (91) → not changing its day (90) → the rulings
 */
import {
  type AdditionalAmount,
  type MacFunction,
  type Message,
  type MessageSpec,
  macHolds,
  octetsOf,
  textOf,
  type Value,
  writeAdditionalAmounts,
} from '@telepurse/iso8583'
import { answerTo, type Signed } from './answer.ts'
import { lastBill } from './bill.ts'
import { accountOf, type Book, transactionId } from './book.ts'
import type { Calendar } from './calendar.ts'
import type { CardFacts } from './card.ts'
import type { BankEvent } from './event.ts'
import { readIdentity } from './identity.ts'
import type { KeyRing } from './keys.ts'
import type { OtpDesk } from './otp.ts'
import { type PinRuling, tryPin } from './pin.ts'
import type { Prover } from './proof.ts'
import {
  type CardRequest,
  privateText,
  type ReadRequest,
  type TransactionRequest,
} from './request.ts'
import {
  approved,
  availableOf,
  type Circumstances,
  cardCode,
  purchaseCode,
  refundCode,
  reversalCode,
  voidCode,
} from './ruling.ts'
import type { Transaction } from './transaction.ts'
import { findAgainst } from './verification.ts'

export interface DeskOptions {
  readonly spec: MessageSpec
  readonly platform: string
  readonly bins: readonly string[]
  readonly pinRule: 'ours' | 'bank'
  readonly cardsPerNumberMax: number
  readonly feeRate: bigint
  readonly book: Book
  readonly record: (event: BankEvent) => void
  readonly now: () => number
  readonly calendar: Calendar
  readonly ring: KeyRing
  readonly prover: Prover
  readonly otps: OtpDesk
  readonly sendOtp: (pan: string, mobile: string) => void
  readonly isSignedOn: () => boolean
}

/** What a fault puts in the place of the ruling. */
export interface Forced {
  /** Answered whatever the ruling would be; nothing is done. */
  readonly refused?: string
  /** Answered in the place of an approval: decided later. */
  readonly accepted?: string
}

export interface Desk {
  answer(octets: Uint8Array, request: Message, read: ReadRequest, forced: Forced): Signed
}

type Fields = Readonly<Record<number, Value>>

export function createDesk(options: DeskOptions): Desk {
  const { spec, book, calendar, ring, now, record } = options
  return {
    answer(octets, message, read, forced) {
      const answer = (fields: Fields, mac?: MacFunction): Signed => ({
        message: answerTo(spec, message, fields),
        ...(mac && { mac }),
      })
      if (!options.isSignedOn()) return answer({ 39: '77' })
      const mac = ring.keys(now()).find((keys) => macHolds(spec, octets, message, keys.mac))?.mac
      // Without a key in common there is nothing to sign with.
      if (!mac) return answer({ 39: 'A0' })
      return answer(fieldsFor(message, read, forced), mac)
    },
  }

  function fieldsFor(message: Message, read: ReadRequest, forced: Forced): Fields {
    if (!read.ok) return { 39: read.code }
    const { request } = read
    if (textOf(message, 33) !== options.platform) return { 39: '31' }
    if (!isAboutCard(request)) return { 39: '12' }
    if (isAboutMoney(request)) {
      const before = book.transactions.get(transactionId(request))
      if (before) return isSame(before, request) ? fieldsOf(before) : { 39: '94' }
    }
    const isClosed = !calendar.isOpen(now())
    const refused =
      forced.refused ?? (isClosed ? '91' : calendar.isChangingDay(now()) ? '90' : undefined)
    if (isAboutMoney(request))
      return request.kind === 'reversal'
        ? reverse(request, refused)
        : transact(message, request, { ...forced, ...(refused !== undefined && { refused }) })
    if (refused !== undefined) return { 39: refused }
    return request.kind === 'balance' ? balance(message, request) : verify(message, request)
  }

  function circumstances(): Circumstances {
    const at = now()
    const month = calendar.date(at).slice(2, 6)
    return { book, bins: options.bins, day: calendar.businessDay(at), month }
  }

  function transact(message: Message, request: TransactionRequest, forced: Forced): Fields {
    const { kind, key, pan, amount, original } = request
    const ruled = book.reversedEarly.has(key) ? '22' : (forced.refused ?? codeFor(message, request))
    const accepted = ruled === approved ? forced.accepted : undefined
    const state = accepted ? 'accepted' : ruled === approved ? 'done' : 'declined'
    const subject = kind === 'void' || kind === 'refund' ? original : undefined
    return fieldsOf(
      recorded({
        ...{ kind, key, pan, amount, state, code: accepted ?? ruled },
        ...(subject !== undefined && { original: subject }),
      }),
    )
  }

  function codeFor(message: Message, request: TransactionRequest): string {
    const given = circumstances()
    if (request.kind === 'void') return voidCode(given, request)
    if (request.kind === 'refund') return refundCode(given, request)
    const unusable = cardCode(given, request.pan, textOf(message, 14))
    const card = book.cards.get(request.pan)
    if (unusable !== undefined || !card) return unusable ?? '14'
    if (request.kind === 'credit') return approved
    if (!card.cardless) return 'YT'
    const block = octetsOf(message, 52)
    // Where the platform checks its own PIN, the bank wants to hear of none.
    if ((block !== undefined) !== (options.pinRule === 'bank')) return '30'
    return (block && checkPin(card, block).code) ?? purchaseCode(given, card, request)
  }

  function reverse(request: TransactionRequest, refused: string | undefined): Fields {
    if (refused !== undefined) return { 39: refused }
    const { code, moves } = reversalCode(book, request)
    const { kind, key, pan, amount, original = '' } = request
    if (moves) return fieldsOf(recorded({ kind, key, pan, amount, code, original, state: 'done' }))
    if (code === '25' && !book.reversedEarly.has(original))
      record({ type: 'reversed_early', at: now(), original })
    return { 39: code }
  }

  function recorded(
    ruled: Pick<Transaction, 'kind' | 'key' | 'pan' | 'amount' | 'code' | 'state' | 'original'>,
  ): Transaction {
    const at = now()
    const day = calendar.businessDay(at)
    const serial = String(book.transactions.size + 1)
      .padStart(6, '0')
      .slice(-6)
    const isPurchase = ruled.kind === 'purchase' && ruled.state === 'done'
    record({
      type: 'answered',
      at,
      transaction: {
        ...ruled,
        day,
        account: book.cards.get(ruled.pan)?.account ?? ruled.pan,
        authorization: ruled.state === 'declined' ? '000000' : serial,
        reference: `${day.slice(2)}${serial}`,
        fee: isPurchase ? (ruled.amount * options.feeRate + 5_000n) / 10_000n : 0n,
      },
    })
    const transaction = book.transactions.get(transactionId(ruled))
    if (!transaction) throw new Error('what was recorded is not in the book')
    return transaction
  }

  function checkPin(card: CardFacts, block: Uint8Array): PinRuling {
    const at = now()
    const zones = ring.keys(at).map(({ pin }) => pin)
    const { prover } = options
    const tried = { block, zones, at, date: calendar.date(at) }
    const ruling = tryPin({ book, prover }, card, tried)
    if (ruling.event) record(ruling.event)
    return ruling
  }

  function balance(message: Message, { pan }: CardRequest): Fields {
    const given = circumstances()
    const unusable = cardCode(given, pan, textOf(message, 14))
    const card = book.cards.get(pan)
    if (unusable !== undefined || !card) return { 39: unusable ?? '14' }
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
      ...(bill && { 57: additional(`${bill.billed}${bill.due}`) }),
    }
  }

  function verify(message: Message, { pan, key }: CardRequest): Fields {
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

const isAboutCard = (
  request: Extract<ReadRequest, { ok: true }>['request'],
): request is CardRequest | TransactionRequest => 'pan' in request

const isAboutMoney = (request: CardRequest | TransactionRequest): request is TransactionRequest =>
  'amount' in request

/** Who pays how much for what: another one of them under the same trace number is another message. */
const isSame = (
  before: Transaction,
  { kind, pan, amount, original }: TransactionRequest,
): boolean =>
  before.kind === kind &&
  before.pan === pan &&
  before.amount === amount &&
  (before.original === undefined || before.original === original)

const fieldsOf = ({ code, day, reference, authorization }: Transaction): Fields => ({
  39: code,
  15: day.slice(4),
  37: reference,
  38: authorization,
})

/** Field 57, usage AB: 20 characters of the bank, the rest in reserve. */
const additional = (text: string): string => `AB${text.padEnd(96)}`

/** The code from the bank's text: field 48, usage AS, tag SM with a length of three digits. */
function otpIn(message: Message): string | undefined {
  const text = privateText(message, 48) ?? ''
  if (!text.startsWith('AS')) return undefined
  for (let at = 2; at + 5 <= text.length; ) {
    const length = Number(text.slice(at + 2, at + 5))
    if (!Number.isInteger(length)) return undefined
    if (text.slice(at, at + 2) === 'SM') return text.slice(at + 5, at + 5 + length)
    at += 5 + length
  }
  return undefined
}
