/** A bound card as a source of money: what a payment needs to know of it, and why it may not pay. */
import type { Amount } from '../kernel/index.ts'
import type { Name } from './payment.ts'

/** As kept with the payment: what a receipt prints. */
export interface PayingCard {
  /** Of the binding. */
  readonly id: string
  /** By its name in the configuration. */
  readonly bank: string
  readonly bankName: Name
  readonly last4: string
}

/** A card with what it may pay now, found out by whoever asks: its limits depend on its bank and its age. */
export interface CardTerms extends PayingCard {
  readonly single: Amount
  readonly day: Amount
}

export type CardRefusal =
  | 'card_over_single_limit'
  | 'card_over_day_limit'
  /** The bank's words, as far as the customer can act on them. */
  | 'card_ask_bank'
  | 'card_declined'
  | 'card_unavailable'
  | 'card_not_supported'
  | 'card_expired'
  | 'card_needs_rebinding'
  | 'card_pin_wrong'
  | 'card_pin_locked'
  | 'card_low_funds'
  | 'card_over_bank_limit'
  | 'bank_away'

/** Without what was found out for the moment only. */
export const cardOf = ({ id, bank, bankName, last4 }: CardTerms): PayingCard => ({
  id,
  bank,
  bankName,
  last4,
})
