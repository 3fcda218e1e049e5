/** What the text desk for cards needs of others. */

import type { Database } from '../../../db/index.ts'
import type { Amount, Clock, Ids, Msisdn, Result, Secret } from '../../../kernel/index.ts'
import type { Catalogue } from '../../../merchants/index.ts'
import type { CardTerms, Payments } from '../../../payments/index.ts'

/** A card bound to a number, with what it may pay now. */
export interface DeskCard {
  readonly terms: CardTerms
  readonly kind: 'debit' | 'credit'
  readonly state: 'active' | 'needs_rebinding' | 'suspended'
  /** Whose PIN is asked for: the wallet's, or the one the bank keeps itself. */
  readonly pinKeptBy: 'wallet' | 'bank'
}

export type PinAnswer =
  | { readonly code: 'none' | 'must_change' | 'initial_expired' | 'locked' | 'weak' | 'unchanged' }
  | { readonly code: 'wrong'; readonly triesLeft: number }

/** Why something was not done, in words for the customer. */
export interface Words {
  readonly zh: string
  readonly en: string
}

/** The newest bill of a credit card. */
export interface DeskBill {
  readonly amount: Amount
  readonly minimum: Amount
  /** Without what was paid, and what is on its way. */
  readonly left: Amount
  readonly dueOn: string
}

interface Moving {
  readonly msisdn: Msisdn
  readonly cardId: string
  readonly amount: Amount
  /** The same key is the same movement. */
  readonly key: string
}

export interface DeskPorts {
  readonly cards: {
    /** All that are bound, the preferred one first. */
    of(msisdn: Msisdn): Promise<readonly DeskCard[]>
    prefer(msisdn: Msisdn, cardId: string): Promise<void>
    /** Of the account behind the card, as its bank says; null when the bank does not. */
    balance(
      card: DeskCard,
      pin: Secret,
    ): Promise<Result<{ readonly available: Amount } | null, Words>>
    /** Keeps the PIN for the bank, sealed, until the payment has been asked for. */
    keepPin(paymentId: string, pin: Secret): Promise<void>
  }
  readonly bills: {
    /** Null when none is known. With the PIN of a bank that keeps it, the bank says whether that is right. */
    look(card: DeskCard, pin?: Secret): Promise<Result<DeskBill | null, Words>>
  }
  readonly pins: {
    check(msisdn: Msisdn, pin: Secret): Promise<Result<undefined, PinAnswer>>
    change(
      msisdn: Msisdn,
      pins: { old: Secret; next: Secret },
    ): Promise<Result<undefined, PinAnswer>>
  }
  readonly vouchers: {
    /** Who used one is told by whoever brings money into the wallet. */
    use(given: {
      readonly msisdn: Msisdn
      readonly code: Secret
      readonly key: string
    }): Promise<Result<undefined, Words>>
  }
  readonly wallet: {
    /** Null without a wallet. */
    available(msisdn: Msisdn): Promise<Amount | null>
    feeOf(withdrawal: {
      readonly msisdn: Msisdn
      readonly amount: Amount
      readonly speed: 'same_day' | 'next_day'
    }): Promise<Amount>
    repaymentFeeOf(amount: Amount): Amount
    topUp(order: Moving & { readonly pin?: Secret }): Promise<Result<undefined, Words>>
    /** Of a bill, from the balance. */
    repay(order: Moving): Promise<Result<undefined, Words>>
    withdraw(
      order: Moving & { readonly speed: 'same_day' | 'next_day' },
    ): Promise<Result<undefined, Words>>
  }
}

export interface DeskOptions extends DeskPorts {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly catalogue: Pick<Catalogue, 'productByWord' | 'merchant'>
  readonly payments: Pick<Payments, 'order' | 'approve' | 'cancel' | 'asked' | 'text'>
}
