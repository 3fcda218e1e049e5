/** What the wallet needs of others: bindings of cards, and whose a number is. */
import type { CardOperations } from '../bank-cards/index.ts'
import type { Reader, Tx } from '../db/index.ts'
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'

/** The operations that the wallet asks for. */
export type WalletOperations = Pick<
  CardOperations,
  'debit' | 'credit' | 'reverse' | 'statusOf' | 'refusalOf'
>

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

/** What may still be repaid of a credit card's newest bill. */
export interface Due {
  readonly billedOn: BusinessDate
  readonly left: Amount
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

/** Whoever else moves money of wallets: they must hear of new ones, and keep theirs from being closed. */
export interface Followers {
  /** Those of these wallets to which money may still come back. Their numbers are locked. */
  tied(reader: Reader, walletIds: readonly string[]): Promise<ReadonlySet<string>>
  /** In the transaction that opens it. */
  opened(tx: Tx, account: { readonly id: string; readonly msisdn: Msisdn }): Promise<void>
  /** In the transaction that closes them, or takes them from their numbers. Sends and does not wait. */
  ended(tx: Tx, accounts: readonly { readonly id: string; readonly msisdn: Msisdn }[]): void
}
