/**
 * Whose a number is: a person known by name and document, who may have several numbers. Name and
 * document are kept sealed; everybody else knows a masked form, and may ask whether two are the same.
 */
import type { Reader, Tx } from '../db/index.ts'
import type { Msisdn, Result, Secret } from '../kernel/index.ts'

/** Names of the keys in the key store. */
export const identityKeys = { data: 'identity:data', lookup: 'identity:lookup' } as const

/** `basic`: as the customer says. `verified`: seen by a clerk, or confirmed by a bank. */
export type IdentityLevel = 'basic' | 'verified'

/** Of the document kinds of ISO 8583 field 61 in China, the resident identity card alone. */
export interface IdentityDocument {
  readonly kind: '01'
  readonly number: Secret
}

export interface Registration {
  readonly msisdn: Msisdn
  readonly name: Secret
  readonly document: IdentityDocument
  readonly level: IdentityLevel
  /** The clerk or channel that registers. */
  readonly by: string
}

/** The owner of a number as everybody may know it. */
export interface Owner {
  readonly identityId: string
  readonly msisdn: Msisdn
  readonly level: IdentityLevel
  readonly maskedName: string
  readonly maskedNumber: string
  /** When the number became theirs. */
  readonly since: number
}

export interface Person {
  readonly name: Secret
  /** Of the document. */
  readonly number: Secret
}

export type RegistrationRefusal =
  | 'document_kind_unsupported'
  | 'id_number_invalid'
  | 'name_invalid'
  | 'number_unknown'
  | 'number_closed'
  /** Another person's, until it is released. */
  | 'number_has_owner'
  /** The document is known under another name, and that person has a number. */
  | 'name_differs'

export interface Identities {
  /**
   * Makes somebody the owner of a number, in the caller's transaction; the number's row is locked. The
   * same again answers the owner; a higher level is written, a lower one is not.
   */
  register(tx: Tx, registration: Registration): Promise<Result<Owner, RegistrationRefusal>>
  ownerOf(reader: Reader, msisdn: Msisdn): Promise<Owner | undefined>
  /** The same-owner rule (机主=持卡人): name and document are those of the number's owner. */
  isSame(reader: Reader, msisdn: Msisdn, person: Person): Promise<boolean>
  /** In clear, for a message to a bank. The identity is one that was answered here. */
  reveal(
    reader: Reader,
    identityId: string,
    purpose: { readonly for: 'bank_message' | 'pin_rules' },
  ): Promise<Person>
  /** Whether this is the character that a payer is asked for, which the masked name leaves out. */
  isMissingCharacter(reader: Reader, identityId: string, character: Secret): Promise<boolean>
  /** The numbers somebody has now, in order. */
  numbersOf(reader: Reader, identityId: string): Promise<Msisdn[]>
  /** The number has no owner from `at` on. Twice is once. */
  release(tx: Tx, msisdn: Msisdn, at: number): Promise<void>
}
