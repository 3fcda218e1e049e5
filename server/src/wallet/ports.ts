/** What the wallet needs of others: card operations at banks, bindings of cards, and whose a number is. */
import type { BankRefusal } from '../bank-cards/index.ts'
import type { Reader } from '../db/index.ts'
import type { Amount, Msisdn, Secret } from '../kernel/index.ts'

export interface CardOrder {
  readonly id: string
  readonly bank: string
  readonly cardToken: string
  readonly amount: Amount
  /** At most 40 letters and digits. */
  readonly orderNo: string
  /** Only where the bank keeps the PIN. */
  readonly pin?: Secret
}

export type OperationAnswer =
  | { readonly outcome: 'done' }
  | { readonly outcome: 'refused'; readonly refusal: BankRefusal }
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'reversed' }
  /** Nothing of it can have left. */
  | { readonly outcome: 'unsent'; readonly detail: string; readonly opensAt?: number }

export type OperationState =
  | 'begun'
  | 'done'
  | 'refused'
  | 'reversing'
  | 'reversed'
  | 'accepted'
  | 'unknown'

/** Durable and idempotent by the id: a call said again never sends what may have arrived. */
export interface CardOperations {
  debit(order: CardOrder): Promise<OperationAnswer>
  credit(order: CardOrder): Promise<OperationAnswer>
  reverse(debitId: string): Promise<OperationAnswer>
  statusOf(id: string): Promise<OperationState | 'not_found'>
}

/** A card as it is bound. */
export interface BoundCard {
  readonly id: string
  readonly msisdn: Msisdn
  readonly identityId: string
  readonly bank: string
  readonly kind: 'debit' | 'credit'
  readonly token: string
  readonly last4: string
  readonly state: 'active' | 'needs_rebinding' | 'suspended' | 'unbound' | 'unfinished'
  /** The most that may be taken from it at once now; null where the bank has no such limit. */
  readonly debitMax: Amount | null
}

export interface BoundCards {
  /** By id, as they are at `now`; those not known are left out. */
  read(reader: Reader, cardIds: readonly string[], now: number): Promise<BoundCard[]>
}

/** Who has a number, and until when nothing may leave it because its SIM was changed. */
export interface Owner {
  readonly msisdn: Msisdn
  readonly identityId: string
  readonly level: 'basic' | 'verified'
  readonly coolOffUntil: number | null
}

export interface Owners {
  read(reader: Reader, msisdns: readonly Msisdn[]): Promise<Owner[]>
}
