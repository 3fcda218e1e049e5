/** What bindings need of the world, each as narrow as it is used. */

import type { CardVault } from '../card-vault/index.ts'
import type { Database, Reader, Tx } from '../db/index.ts'
import type { Clock, Ids, Msisdn, Secret } from '../kernel/index.ts'
import type { Bank } from './bank.ts'
import type { BinTable } from './bin-table.ts'
import type { CardBinding } from './binding.ts'

/** Whose a number is. */
export interface CardOwners {
  ownerOf(reader: Reader, msisdn: Msisdn): Promise<{ readonly identityId: string } | undefined>
  /** 机主=持卡人. */
  isSame(reader: Reader, msisdn: Msisdn, person: CardHolder): Promise<boolean>
  reveal(
    reader: Reader,
    identityId: string,
    purpose: { readonly for: 'bank_message' },
  ): Promise<CardHolder>
}

export interface CardHolder {
  readonly name: Secret
  /** Of the resident identity card. */
  readonly number: Secret
}

export interface LinkedBank {
  readonly bank: Pick<Bank, 'begin' | 'verify'>
  /** Its cards that one number may hold. */
  readonly cardsPerNumberMax: number
}

/** A step of a binding, told in the transaction that makes it. */
export interface BindingChange {
  readonly before: CardBinding | undefined
  readonly after: CardBinding
}

export interface BindingTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly vault: Pick<CardVault, 'bind' | 'describe' | 'reveal' | 'erase'>
  readonly owners: CardOwners
  /** Whether the number of an identity card can be one (GB 11643). */
  readonly isIdentityNumber: (number: Secret) => boolean
  /** Whether money is to go to this card, whoever sends it: its number is needed for that. */
  readonly isPayee: (reader: Reader, cardToken: string) => Promise<boolean>
  readonly bins: BinTable
  /** Undefined when there is no link to the bank. */
  readonly bankOf: (name: string) => LinkedBank | undefined
  /** For texts and whatever else must happen with the step, or not at all. */
  readonly onChange?: (tx: Tx, change: BindingChange) => Promise<void> | void
  /** The bank or we have something set up wrong: somebody must look. Without card data. */
  readonly onAlarm?: (event: string, facts: Readonly<Record<string, string>>) => void
}
