/**
 * A purchase charged to the phone bill (话费支付), to a bound bank card (银行卡支付) or to the wallet (余额支付). We
 * text the price; the customer's answer decides. From the wallet it is charged in the transaction of the yes.
 *
 *   awaiting_confirm ──yes, one step──▶ charging ──▶ delivering ──▶ delivered ──▶ refunded
 *     │  │  │                            ▲   │ │          ├─▶ delivery_unknown
 *     │  │  └─yes, two steps─▶ reserving │   │ │          └─▶ delivery_failed ──▶ refunded
 *     │  │                        ▼      │   │ └─▶ charge_failed
 *     │  │                     reserved ─┘   └───▶ charge_unknown ──▶ reversing ──▶ reversed
 *     │  └─no──▶ cancelled        │
 *     └─late───▶ expired ◀────────┘           refused: a check failed before we asked
 *
 * This file only says what a payment is and which steps exist; `decide/` says when they are taken.
 * The intent to charge is stored in the transaction of the yes, so `charging` begins there.
 */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'
import type { CodeProof } from '../risk/index.ts'
import type { CardRefusal, PayingCard } from './card.ts'
import type { CarrierRefusal } from './carrier.ts'
import type { PayingPurse, PurseRefusal } from './purse.ts'

export type State =
  | 'refused'
  | 'awaiting_confirm'
  | 'cancelled'
  | 'expired'
  | 'reserving'
  | 'reserved'
  | 'charging'
  | 'charge_unknown'
  | 'charge_failed'
  | 'reversing'
  | 'reversed'
  | 'delivering'
  | 'delivery_unknown'
  | 'delivered'
  | 'delivery_failed'
  | 'refunded'

/** The only edges there are. A state without a row is final. */
export const next: Readonly<Record<State, readonly State[]>> = {
  // To a delivery at once: from a wallet, where the yes is the charge.
  awaiting_confirm: [
    'reserving',
    'charging',
    'delivering',
    'delivered',
    'cancelled',
    'expired',
    'refused',
  ],
  reserving: ['reserved', 'charge_failed', 'cancelled'],
  reserved: ['charging', 'cancelled', 'expired'],
  charging: ['delivering', 'delivered', 'charge_failed', 'charge_unknown'],
  charge_unknown: ['delivering', 'delivered', 'charge_failed', 'reversing'],
  reversing: ['reversed', 'charge_failed'],
  delivering: ['delivered', 'delivery_unknown', 'delivery_failed'],
  delivery_unknown: ['delivered', 'delivery_failed'],
  delivered: ['refunded'],
  delivery_failed: ['refunded'],
  refused: [],
  cancelled: [],
  expired: [],
  charge_failed: [],
  reversed: [],
  refunded: [],
}

/** States in which something is still due: each has a timer row. */
export const unfinished = [
  'awaiting_confirm',
  'reserving',
  'reserved',
  'charging',
  'charge_unknown',
  'reversing',
  'delivering',
  'delivery_unknown',
] as const satisfies readonly State[]

/** Agreed to, and nobody knows yet what becomes of the money. */
const undecidedStates = [
  'reserving',
  'reserved',
  'charging',
  'charge_unknown',
  'reversing',
] as const satisfies readonly State[]

/** States in which the customer's money is with us (or the merchant). */
export const paidStates = [
  'delivering',
  'delivery_unknown',
  'delivered',
  'delivery_failed',
] as const satisfies readonly State[]

const isOf = (states: readonly State[]) => (state: State) => states.includes(state)
export const isPaid = isOf(paidStates)
export const isUndecided = isOf(undecidedStates)

export type Channel = 'sms' | 'web' | 'api'
/** Whose money pays. */
export const sources = ['phone_bill', 'card', 'wallet'] as const
export type Source = (typeof sources)[number]
/**
 * How the customer agrees: a reply to our text, a code from it, a token that proves a sign-in, the PIN, which
 * somebody else checks, a tap on the customer's own signed-in device, or the PIN on that device, where the
 * question stands too and no text is sent.
 */
export type Consent = 'reply' | 'code' | 'token' | 'pin' | 'device' | 'app'
/** One step charges at the yes; two steps reserve, and charge when the merchant confirms. */
export type Flow = 'charge' | 'reserve'
export type Language = 'zh' | 'en'
export type Name = Readonly<Record<Language, string>>

/** Why a purchase was not made. The order is the order of the checks (first failure wins). */
export type Refusal =
  | 'channel_off'
  | 'merchant_off'
  | 'goods_unknown'
  | 'goods_off'
  | 'goods_not_for_this_line'
  | 'account_malformed'
  | 'number_unknown'
  | 'line_suspended'
  | 'line_closed'
  | 'number_not_eligible'
  | 'blacklisted'
  | 'switched_off'
  | 'amount_too_small'
  | 'over_single_limit'
  | 'too_soon'
  | 'over_day_limit'
  | 'over_month_limit'
  | 'over_merchant_cap'
  | 'no_free_slot'
  | 'code_wrong'
  | Exclude<CarrierRefusal, 'line_suspended' | 'line_closed'>
  | CardRefusal
  | PurseRefusal
  /** From a card or a wallet, by how the code was agreed to. */
  | 'over_code_limit'
  | 'carrier_away'

export interface Payment {
  readonly id: string
  readonly bucket: number
  /** For people: business date (yymmdd) and a number, unique for ever. */
  readonly orderNo: string
  readonly msisdn: Msisdn
  readonly language: Language
  readonly carrier: string
  /** Of the line when it ordered: the carrier's daily file holds post-paid charges. */
  readonly billing: 'prepaid' | 'postpaid'
  /** Of the line when it ordered (GB/T 2260); statements name it. */
  readonly region: string
  readonly merchantId: string
  /** Product code, or `-` for an amount named by the merchant. */
  readonly product: string
  readonly productVersion: number
  readonly goods: Name
  /** The player's or member's account the goods are for, as given. */
  readonly account: string | null
  readonly delivery: 'none' | 'notify'
  readonly amount: Amount
  readonly channel: Channel
  readonly consent: Consent
  readonly flow: Flow
  readonly source: Source
  /** Of source `card`; otherwise null. */
  readonly card: PayingCard | null
  /** Of source `wallet`; null where there was none to pay. */
  readonly purse: PayingPurse | null
  /** How a payment that began with a code was agreed to; null of all others. */
  readonly codeProof: CodeProof | null
  readonly state: State
  readonly reason: Refusal | null
  /** The number our text comes from, so that the reply names its purchase. */
  readonly sender: string | null
  /** Texts of the question sent so far, and when the last one went. */
  readonly prompts: number
  readonly promptedAt: number | null
  /** SHA-256 of payment id and code, hex, and the wrong tries so far. */
  readonly codeHash: string | null
  readonly codeTries: number
  readonly createdAt: number
  /** The last millisecond at which an answer is in time; for `reserved`, a confirmation. */
  readonly deadlineAt: number
  /** When we received the yes; its day and month are the payment's for the limits. */
  readonly confirmedAt: number | null
  /** `CH` + yyyymmdd + 10 digits, fixed with the yes. */
  readonly chargeId: string | null
  readonly carrierRef: string | null
  /** First attempt whose outcome is unknown. */
  readonly unknownSince: number | null
  /** Fixed when the charge is posted; the day whose statement holds the sale. */
  readonly businessDate: BusinessDate | null
  readonly chargedAt: number | null
  readonly endedAt: number | null
  /** Returned for certain, and asked for but not answered yet. */
  readonly refunded: Amount
  readonly refunding: Amount
  /** The merchant's own order number, unique for ever for the merchant. */
  readonly merchantOrderId: string | null
  /** Who ordered over the API (OAuth client or API key), and in test mode or not. */
  readonly client: string | null
  /** What an API wants back unchanged, and where to send notices. JSON. */
  readonly details: Readonly<Record<string, unknown>> | null
}

export type RefundState = 'processing' | 'unknown' | 'succeeded' | 'denied'

/** Money on its way back to the bill. A refund is an object of its own; the sale stays what it was. */
export interface Refund {
  readonly id: string
  readonly bucket: number
  readonly paymentId: string
  readonly msisdn: Msisdn
  readonly merchantId: string
  readonly amount: Amount
  readonly state: RefundState
  readonly reason: string
  /** The merchant's own refund number, unique for ever for the merchant; or null for ours. */
  readonly merchantRefundId: string | null
  readonly requestedAt: number
  readonly endedAt: number | null
  readonly businessDate: BusinessDate | null
  readonly client: string | null
  readonly details: Readonly<Record<string, unknown>> | null
}

export type RefundRefusal =
  | 'payment_not_found'
  | 'not_paid'
  | 'amount_too_small'
  | 'over_paid_amount'
  | 'refund_period_over'
  | 'refused_by_carrier'
  | 'exists_with_different_content'
