/**
 * A card as everybody may know it: a token, and what is printed on receipts (PCI DSS 3.4.1). The number
 * itself is behind `reveal`. A verification code is taken nowhere, so none can be kept (PCI DSS 3.3.1).
 */
import { accept, isCardNumber, type Result, refuse, type Secret } from '../kernel/index.ts'

/** Names of the keys in the key store. */
export const cardKeys = { pan: 'card:pan', lookup: 'card:lookup' } as const

export interface Card {
  readonly token: string
  readonly first6: string
  readonly last4: string
  /** How many digits name the issuer (ISO/IEC 7812-1:2017): six, or eight. */
  readonly binLength: 6 | 8
  readonly createdAt: number
  /** The number is gone for ever; the token names what was paid with it. */
  readonly erasedAt: number | null
}

export interface NewCard {
  readonly pan: Secret
  /** As the message to the bank has it: `yymm` (ISO 8583 field 14). */
  readonly expiry: Secret | null
  readonly binLength: 6 | 8
}

/** The card in clear, for as long as somebody holds it. */
export interface RevealedCard {
  readonly pan: Secret
  readonly expiry: Secret | null
}

/**
 * Why a number is wanted. A message to the bank is the daily business of the program; a person is written
 * into the operator's log before the number is seen.
 */
export type Purpose =
  | { readonly for: 'bank_message' }
  | { readonly for: 'person'; readonly operator: string; readonly reason: string }

export type CardRefusal = 'card_number_invalid' | 'expiry_invalid'

export function checkCard({ pan, expiry }: NewCard): Result<undefined, CardRefusal> {
  if (!isCardNumber(pan.reveal())) return refuse('card_number_invalid')
  if (expiry !== null && !/^\d{2}(0[1-9]|1[0-2])$/.test(expiry.reveal()))
    return refuse('expiry_invalid')
  return accept(undefined)
}
