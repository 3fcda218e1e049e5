/** What every route of the app's API stands on, and how it says no. */
import type { FastifyRequest } from 'fastify'
import type { BankRefusalReason, PayeeCards } from '../../bank-cards/index.ts'
import {
  type Detail as BillDetail,
  type Billers,
  type Refusal as BillRefusal,
  billerWords,
} from '../../billers/index.ts'
import type { Database } from '../../db/index.ts'
import type { Identities } from '../../identities/index.ts'
import {
  type Amount,
  type BusinessTime,
  type Clock,
  format,
  type Msisdn,
  parseMsisdn,
  type Result,
  type Secret,
} from '../../kernel/index.ts'
import type { PaymentCodes } from '../../payment-codes/index.ts'
import type {
  BusinessKey,
  CardTerms,
  CodePayer,
  OrderResult,
  Payment,
  Refusal as PaymentRefusal,
  Payments,
} from '../../payments/index.ts'
import type { Points } from '../../points/index.ts'
import type { Repayments } from '../../repayments/index.ts'
import type { CodeProof, Policy } from '../../risk/index.ts'
import type { Passkeys, Session, SignIns } from '../../sign-ins/index.ts'
import type { TopUpVouchers } from '../../top-up-vouchers/index.ts'
import {
  type Detail as TransferDetail,
  type Refusal as TransferRefusal,
  type Transfers,
  transferWords,
} from '../../transfers/index.ts'
import {
  type CloseRefusal,
  type Detail,
  filled,
  type Said,
  type WalletModule,
  type Words,
  walletWords,
} from '../../wallet/index.ts'
import type { PinFacts, WalletPins } from '../../wallet-pins/index.ts'
import type { WalletStatements } from '../../wallet-statement/index.ts'
import { type Guesses, ProblemError } from '../http/index.ts'
import { type ConsumerRefusal, rows } from './words.ts'

/** A bound card as its owner is shown it. */
export interface AppCard {
  readonly id: string
  readonly bank: { readonly zh: string; readonly en: string }
  readonly kind: 'debit' | 'credit'
  readonly last4: string
  readonly state: 'active' | 'needs_rebinding' | 'suspended'
  readonly pinKeptBy: 'wallet' | 'bank'
}

/** With what it may pay now. */
export interface PayingAppCard extends Pick<AppCard, 'pinKeptBy'> {
  readonly terms: CardTerms
}

export interface PageOrder {
  readonly merchantId: string
  readonly goods: Named
  readonly amount: Amount
  readonly expiresAt: number
}

export interface OrderPayer {
  readonly msisdn: Msisdn
  readonly source: 'wallet' | 'card' | 'phone_bill'
  readonly card: CardTerms | null
  readonly codeProof: CodeProof
  readonly key: BusinessKey
}

export type TakenOn =
  | { readonly ok: true; readonly value: Payment }
  | { readonly ok: false; readonly refusal: 'order_over' | Extract<OrderResult, { ok: false }> }

export type CodeReading =
  | { readonly kind: 'order'; readonly orderId: string }
  | { readonly kind: 'merchant'; readonly merchantId: string }

/** In both languages. */
export interface Named {
  readonly zh: string
  readonly en: string
}

export interface ConsumerDesk {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly signIns: SignIns
  readonly passkeys: Passkeys
  readonly identities: Pick<Identities, 'ownerOf'>
  readonly pins: Pick<WalletPins, 'stateOf' | 'check' | 'change'>
  /** Until when no money leaves after a change of SIM, and nothing is made that outlives the next; null when it may. */
  readonly coolOffUntil: (msisdn: Msisdn) => Promise<number | null>
  /** What a PIN of this number must not be made of. */
  readonly pinFactsOf: (msisdn: Msisdn) => Promise<PinFacts>
  readonly wallet: Pick<
    WalletModule,
    | 'sources'
    | 'setSources'
    | 'balance'
    | 'topUp'
    | 'withdraw'
    | 'withdrawalFee'
    | 'repay'
    | 'transferToCard'
    | 'movement'
    | 'movements'
    | 'settled'
    | 'close'
    | 'onChange'
  >
  readonly statements: WalletStatements
  readonly transfers: Omit<Transfers, 'opened' | 'release'>
  readonly billers: Omit<Billers, 'release' | 'differences'>
  readonly points: Omit<Points, 'programme'>
  readonly topUpVouchers: TopUpVouchers
  readonly payments: Pick<
    Payments,
    'order' | 'get' | 'keyed' | 'list' | 'room' | 'approve' | 'cancel' | 'settled' | 'onChange'
  >
  readonly codes: Pick<PaymentCodes, 'issue'>
  /** Orders that have a payment page. */
  readonly orders: {
    get(id: string): Promise<PageOrder | undefined>
    /** Asks for the PIN in the app; nothing is paid yet. */
    takeOn(id: string, payer: OrderPayer): Promise<TakenOn>
  }
  /** What a camera has read, where this server knows it. */
  readonly readCode: (text: string) => CodeReading | null
  readonly merchantName: (merchantId: string) => Named
  /** What a customer may pay it without an order; null where it sells its goods only. */
  readonly openAmountOf: (
    merchantId: string,
  ) => { readonly min: Amount; readonly max: Amount } | null
  readonly paymentWords: (refusal: PaymentRefusal, left?: Amount) => Named
  /** What codes may still take today; null where they have no limit. */
  readonly codeRoom: (payer: CodePayer) => Promise<Amount | null>
  readonly cards: {
    of(msisdn: Msisdn): Promise<readonly AppCard[]>
    /** Those that can pay now, the preferred one first. */
    paying(msisdn: Msisdn): Promise<readonly PayingAppCard[]>
    /** For its bank, with the purchase that it is for. */
    keepPin(paymentId: string, pin: Secret): Promise<void>
    /** Asks the bank something that needs the PIN it keeps; refused with its words, or null when it is silent. */
    prove(cardId: string, pin: Secret): Promise<Result<undefined, Named | null>>
  }
  readonly cardBills: Repayments
  readonly payeeCards: PayeeCards
  readonly bankWords: (reason: BankRefusalReason) => Named
  readonly policy: () => Policy
  /** Wrong codes and passkeys, and codes that were asked for, by address. */
  readonly guesses: Guesses
  readonly codeRequests: Guesses
  /** Names looked at, by the number that looks. */
  readonly payeeLooks: Guesses
  /** Wrong codes of top-up vouchers, by address; by number they are counted where they are used. */
  readonly voucherGuesses: Guesses
  /** Bills asked about, by the number that asks. */
  readonly billInquiries: Guesses
  /** Where this server is reached from outside, for example `https://pay.example`. */
  readonly origin: string
}

/** The problem that tells a refusal, with its code and words. */
export function refused(
  type: ConsumerRefusal,
  given: {
    readonly retryAfterMs?: number
    readonly triesLeft?: number
    readonly words?: Named
  } = {},
): ProblemError {
  const { retryAfterMs, triesLeft } = given
  const [status, code, ...texts] = rows[type]
  const [zh, en] = texts.map((text) => text.replace('{n}', String(triesLeft)))
  const { words = { zh: zh ?? '', en: en ?? '' } } = given
  return new ProblemError({
    ...{ status, type, title: words.en, code, words },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(status === 401 && { challenge: 'Session' }),
  })
}

type Told = Pick<ConsumerDesk, 'clock'>

/** The wallet's own no; nothing was moved. */
export const refusedByWallet = (
  desk: Told,
  { refusal, ...detail }: { readonly refusal: CloseRefusal } & Detail,
): ProblemError => refusedIn(desk, walletWords[refusal], refusal, detail)

/** The same of money between people. */
export const refusedByTransfers = (
  desk: Told,
  { refusal, ...detail }: { readonly refusal: TransferRefusal } & TransferDetail,
  retryAfterMs?: number,
): ProblemError => refusedIn(desk, transferWords[refusal], refusal, detail, retryAfterMs)

/** The same of bills. */
export const refusedByBillers = (
  desk: Told,
  { refusal, ...detail }: { readonly refusal: BillRefusal } & BillDetail,
): ProblemError => refusedIn(desk, billerWords[refusal], refusal, detail)

const statuses: Readonly<Record<string, number>> = {
  ...{ wallet_not_found: 404, card_unknown: 404, not_found: 404, biller_unknown: 404 },
  biller_away: 503,
  ...{ payment_code_refused: 422, payment_code_used: 422, payment_codes_locked: 429 },
}

function refusedIn(
  { clock }: Told,
  words: Words,
  type: string,
  detail: Omit<Said, 'now'>,
  retryAfterMs?: number,
): ProblemError {
  const { code, zh, en } = filled(words, { ...detail, now: clock.now() })
  return new ProblemError({
    status: statuses[type] ?? 409,
    type,
    title: en,
    code,
    words: { zh, en },
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  })
}

/** The same of payments. `left` is what may still be paid. */
export function refusedByPayments(
  desk: Pick<ConsumerDesk, 'paymentWords'>,
  given: {
    readonly refusal: PaymentRefusal | 'exists_with_different_content'
    readonly left?: Amount
  },
): ProblemError {
  const { refusal: type, left } = given
  if (type === 'exists_with_different_content') {
    const { code, zh, en } = walletWords[type]
    return new ProblemError({ status: 409, type, title: en, code, words: { zh, en } })
  }
  const words = desk.paymentWords(type, left)
  return new ProblemError({
    ...{ status: 409, type, title: words.en, code: paymentCodes[type] ?? 'AP-41', words },
    ...(left !== undefined && { detail: `At most ${format(left)} may be paid now` }),
  })
}

/** Those that the trade has codes for. */
const paymentCodes: Partial<Readonly<Record<PaymentRefusal, string>>> = {
  wallet_low_balance: 'WL-01',
  wallet_over_class_limit: 'WL-02',
  wallet_cooling_off: 'WL-06',
  wallet_unavailable: 'WL-11',
  wallet_over_single_limit: 'WL-16',
  wallet_over_day_limit: 'WL-24',
  wallet_frozen: 'WL-25',
  pin_needed: 'AP-42',
  over_code_limit: 'F2F-03',
}

const sessions = new WeakMap<FastifyRequest, Session>()

export const keepSession = (request: FastifyRequest, session: Session): void => {
  sessions.set(request, session)
}

/** Whose request it is; the door has let nobody else in. */
export function sessionOf(request: FastifyRequest): Session {
  const session = sessions.get(request)
  if (!session) throw new Error('this route is behind the door of the app')
  return session
}

export function msisdnOf(text: string): Msisdn {
  const msisdn = parseMsisdn(text)
  if (!msisdn.ok) throw refused('number_malformed')
  return msisdn.value
}

export const amountOf = (text: string): Amount => BigInt(text)
