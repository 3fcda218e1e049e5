/**
 * The port to a bank that issues cards. `rails/` implements it; this file says what an answer means.
 *
 * An exchange is named before it is made: the caller takes one from `begin`, commits it with its intent,
 * and passes it with the verb, so that a reversal names its original exactly even after a restart. A verb
 * sends at most one message, and one exchange is sent once, a reversal excepted: the second time the answer
 * is `unknown`, because the first may have arrived.
 *
 * - `done`: the bank said yes, intact, to this very exchange.
 * - `refused`: the bank said no, in words we understand, with a code that proves who said it.
 * - `unknown`: it may have happened. A debit is reversed until answered; a credit is never reversed and
 *   never sent under a new exchange: the daily file decides.
 * - `unsent`: nothing of it can have left.
 */
import type { Amount, BusinessDate, Secret } from '../kernel/index.ts'
import type { BankFiles } from './bank-file.ts'
import type { BankTotals } from './totals.ts'

/** The identity of one message and its answer: all four together, unique within a year. */
export interface Exchange {
  /** System trace audit number: 1 to 999999, not used twice a day. */
  readonly stan: number
  /** When it was transmitted, MMDDhhmmss in the bank's zone, as it is on the wire. */
  readonly transmittedAt: string
  /** Institution codes, as they were when the exchange began. */
  readonly acquirer: string
  readonly forwarder: string
}

export interface BankCard {
  readonly pan: Secret
  /** YYMM. */
  readonly expiry?: Secret
}

/** What the bank calls an exchange, as far as it said. */
export interface BankTrace {
  readonly retrievalReference?: string
  readonly authorization?: string
  /** MMDD of the bank's day that the exchange is settled in. */
  readonly settlementDate?: string
}

export interface Balance {
  readonly available: Amount
  readonly ledger?: Amount
  /** The last bill of a credit card, where there is one and the bank says so. */
  readonly bill?: BankBill
}

export interface BankBill {
  readonly billedOn: BusinessDate
  readonly dueOn: BusinessDate
  readonly amount: Amount
  readonly minimum: Amount
  /** Of it, by whatever way, until the bank was asked. */
  readonly paid: Amount
}

/** Response codes by what may be done next; the letters are those of the response code table. */
export type RefusalClass =
  /** Final. */
  | 'F'
  /** May be tried again under a new exchange. */
  | 'R'
  /** Keys or session out of step: the rail repairs them, then a new exchange may be tried. */
  | 'S'
  /** The card holder must do something first. */
  | 'I'

export type BankRefusalReason =
  | 'ask_your_bank'
  | 'merchant_unknown'
  | 'card_unavailable'
  | 'declined'
  | 'not_supported'
  | 'amount_invalid'
  | 'card_invalid'
  | 'bank_not_supported'
  | 'try_again'
  | 'card_inactive'
  | 'original_state_differs'
  | 'format_wrong'
  | 'card_expired'
  | 'pin_tries_exceeded'
  | 'no_account'
  | 'low_funds'
  | 'pin_wrong'
  | 'security_code_wrong'
  | 'restricted'
  | 'over_limit'
  | 'amount_differs_from_original'
  | 'over_count'
  | 'session_out_of_step'
  | 'cut_over_running'
  | 'bank_unavailable'
  | 'terminal_unknown'
  | 'keys_out_of_step'
  | 'payee_account_wrong'
  | 'sms_code_needed'
  | 'enrolment_needed'
  | 'refused_by_bank'

/** What a refusal does to the binding of the card, and what a yes to a purchase with its PIN does. */
export type BindingEffect =
  | 'suspend'
  | 'verify_again'
  | 'needs_rebinding'
  | 'lock_for_a_day'
  | 'count_wrong_pin'
  | 'pin_was_right'

export interface BankRefusal {
  /** Ours: `BR-` and the bank's code, `BR-99` for one that is not in the table. */
  readonly code: string
  readonly reason: BankRefusalReason
  readonly class: RefusalClass
  readonly binding?: BindingEffect
  /** When the new exchange may follow, if one may. `reversal`: after one reversal of this one. */
  readonly after?: 'now' | 'reversal' | 'cut_over' | 'repair'
  /** Somebody must look: we or the bank have something configured wrong. */
  readonly alarm: boolean
  /** Of a card verification, where the bank says more. */
  readonly finding?: VerificationFinding
}

/** What does not belong together. The bank's word for people, and no proof: only the code is. */
export type VerificationFinding =
  | 'document_differs'
  | 'mobile_differs'
  | 'several_differ'
  | 'document_not_supported'
  | 'too_many_cards'
  | 'code_wrong'
  | 'code_expired'

export type BankAnswer<Value> =
  | { readonly outcome: 'done'; readonly value: Value }
  | { readonly outcome: 'refused'; readonly refusal: BankRefusal }
  | BankUnknown
  | BankUnsent

export interface BankUnknown {
  readonly outcome: 'unknown'
  /** A word for logs. */
  readonly detail: string
  /** Ours, when the bank did answer, without saying what happened. */
  readonly code?: string
  /** The answer contradicts what was asked, or its code is false: somebody must look. */
  readonly alarm: boolean
}

export interface BankUnsent {
  readonly outcome: 'unsent'
  readonly detail: string
  /** When it may be worth trying, if that is known: milliseconds since 1970 UTC. */
  readonly opensAt?: number
}

/** A part of the amount was taken. We take all or nothing: the caller reverses it. */
export interface BankPartial {
  readonly outcome: 'partial'
  readonly approved: Amount
  readonly value: BankTrace
}

/** The bank took the order and will credit later, or not: the daily file decides. */
export interface BankAccepted {
  readonly outcome: 'accepted'
  readonly code: string
  readonly value: BankTrace
}

export interface Verification {
  readonly exchange: Exchange
  readonly card: BankCard
  readonly name: Secret
  /** Kind of document by two digits (01 is the resident identity card) and its number. */
  readonly document: { readonly kind: string; readonly number: Secret }
  /** The number reserved at the bank, without country code. */
  readonly mobile: Secret
  /** Three digits on the back of a credit card. Sent once and kept nowhere. */
  readonly securityCode?: Secret
  readonly pin?: Secret
  /** What the bank texted to its customer after it had answered `sms_code_needed`. Up to ten digits. */
  readonly code?: Secret
}

export interface Agreement extends BankTrace {
  /** The bank's number of the agreement, if it gives one. */
  readonly agreement?: string
}

export interface BalanceInquiry {
  readonly exchange: Exchange
  readonly card: BankCard
  readonly pin?: Secret
}

export interface CardPurchase {
  readonly exchange: Exchange
  readonly card: BankCard
  readonly amount: Amount
  /** Needed when the bank keeps the PIN itself. */
  readonly pin?: Secret
  /** At most 40 letters and digits. */
  readonly orderNo?: string
}

export interface CardCredit {
  readonly exchange: Exchange
  readonly card: BankCard
  readonly amount: Amount
  /** Whom the payer believes to pay, where it is a stranger's card: the bank compares the name. */
  readonly payee?: Secret
}

export interface Reversal {
  readonly exchange: Exchange
  /** The purchase, with its card and amount as they were sent. */
  readonly original: Exchange
  readonly card: BankCard
  readonly amount: Amount
  /** Set when this exchange was sent before: the bank is told so. */
  readonly repeat: boolean
}

export interface CardRefund {
  readonly exchange: Exchange
  readonly original: Exchange
  readonly card: BankCard
  /** All or a part of the purchase. */
  readonly amount: Amount
  readonly trace: BankTrace
}

/** Hours and breaker of one bank, and its connections. */
export interface BankHealth {
  readonly up: boolean
  readonly detail: string
}

export interface Bank {
  readonly name: string
  /** Names a new exchange. Nothing is sent. */
  begin(): Exchange
  /** Asks whether card, name, document and mobile belong together. No money moves. */
  verify(verification: Verification): Promise<BankAnswer<Agreement>>
  balance(inquiry: BalanceInquiry): Promise<BankAnswer<Balance>>
  purchase(purchase: CardPurchase): Promise<BankAnswer<BankTrace> | BankPartial>
  /** Pays out to the card. Never reversed, and never sent under a new exchange while it is unknown. */
  credit(credit: CardCredit): Promise<BankAnswer<BankTrace> | BankAccepted>
  /** Undoes a purchase whose outcome is unknown; to be repeated under the same exchange until answered. */
  reverse(reversal: Reversal): Promise<BankAnswer<BankTrace>>
  /** Undoes a purchase of today that is done. */
  voidPurchase(refund: CardRefund): Promise<BankAnswer<BankTrace>>
  /** Returns all or a part of a purchase of an earlier day. */
  refund(refund: CardRefund): Promise<BankAnswer<BankTrace>>
  readonly files: BankFiles
  /** The totals of a day that ended, MMDD; undefined when the bank does not tell them, or not now. */
  totals(day: string): Promise<BankTotals | undefined>
  health(): BankHealth
}
