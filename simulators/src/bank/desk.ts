/**
 * The bank's counter for messages about cards: who may ask, what was answered before, then the rulings.
 * A message that moves money is recorded before it is answered, so that its repeat gets the same answer.
 *
 *   signed on (77) → MAC (A0) → form (12 13 30) → institution (31) → answered before (or 94)
 *   → reversed before it came (22) → open (91) → not changing its day (90) → the rulings
 */
import {
  type MacFunction,
  type Message,
  type MessageSpec,
  macHolds,
  octetsOf,
  textOf,
} from '@telepurse/iso8583'
import { answerTo, type Signed } from './answer.ts'
import { transactionId } from './book.ts'
import type { CardFacts } from './card.ts'
import { createInquiries, type Fields, type InquiryOptions } from './inquiries.ts'
import type { KeyRing } from './keys.ts'
import { type PinRuling, tryPin } from './pin.ts'
import type { CardRequest, ReadRequest, TransactionRequest } from './request.ts'
import {
  approved,
  type Circumstances,
  cardCode,
  payeeCode,
  purchaseCode,
  refundCode,
  reversalCode,
  voidCode,
} from './ruling.ts'
import type { Transaction } from './transaction.ts'

export interface DeskOptions extends InquiryOptions {
  readonly spec: MessageSpec
  readonly platform: string
  readonly feeRate: bigint
  readonly ring: KeyRing
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

export function createDesk(options: DeskOptions): Desk {
  const { spec, book, calendar, ring, now, record } = options
  const inquiries = createInquiries(options, { circumstances, checkPin })
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
    return inquiries[request.kind](message, request)
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
    if (request.kind === 'credit') return payeeCode(textOf(message, 61), card)
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
