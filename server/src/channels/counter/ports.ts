/**
 * What the counter asks of others, as narrow as it needs it. Whatever is asked with an act's id or key is
 * done once, however often it is asked.
 */
import type { Reader, Tx } from '../../db/index.ts'
import type { Amount, Msisdn, Result, Secret } from '../../kernel/index.ts'

export interface Words {
  readonly code: string
  readonly zh: string
  readonly en: string
}

/** By refusal. */
export type WordTable = Readonly<Record<string, Words>>

export interface Person {
  readonly name: Secret
  /** Of the document. */
  readonly number: Secret
}

export interface Owner {
  readonly identityId: string
  readonly level: 'basic' | 'verified'
  readonly maskedName: string
  readonly maskedNumber: string
  readonly since: number
}

export type RegistrationRefusal =
  | 'document_kind_unsupported'
  | 'id_number_invalid'
  | 'name_invalid'
  | 'number_unknown'
  | 'number_closed'
  | 'number_has_owner'
  | 'name_differs'

export interface Identities {
  register(
    tx: Tx,
    registration: {
      readonly msisdn: Msisdn
      readonly name: Secret
      readonly document: { readonly kind: '01'; readonly number: Secret }
      readonly level: 'verified'
      readonly by: string
    },
  ): Promise<Result<Owner, RegistrationRefusal>>
  ownerOf(reader: Reader, msisdn: Msisdn): Promise<Owner | undefined>
  isSame(reader: Reader, msisdn: Msisdn, person: Person): Promise<boolean>
}

export type PinCode = 'none' | 'must_change' | 'initial_expired' | 'wrong' | 'locked'

export interface PinState {
  readonly state: 'initial' | 'active'
  readonly triesLeft: number
  readonly initialUntil: number | null
  readonly locked: object | null
}

export interface WalletPins {
  issueInitial(tx: Tx, msisdn: Msisdn, facts: { readonly idNumber?: Secret }): Promise<Secret>
  /** Its own transaction: a wrong try counts whatever comes of the rest. */
  check(msisdn: Msisdn, pin: Secret, channel: string): Promise<Result<undefined, { code: PinCode }>>
  reset(
    tx: Tx,
    msisdn: Msisdn,
    facts: { readonly idNumber?: Secret },
  ): Promise<Result<Secret, 'none'>>
  stateOf(reader: Reader, msisdn: Msisdn): Promise<PinState | undefined>
}

export interface BoundCard {
  readonly id: string
  readonly bank: string
  readonly kind: 'debit' | 'credit'
  readonly first6: string
  readonly last4: string
  readonly state:
    | 'draft'
    | 'verifying'
    | 'code_sent'
    | 'active'
    | 'needs_rebinding'
    | 'suspended'
    | 'unbound'
  readonly boundAt: number | null
}

export interface NewCard {
  readonly msisdn: Msisdn
  readonly holder: Person
  readonly pan: Secret
  /** YYMM */
  readonly expiry: Secret | null
  /** As the bank has it; the number itself where it is not another. */
  readonly mobile: Msisdn
}

export interface CardChecks {
  readonly bank: string | null
  readonly bankName: { readonly zh: string; readonly en: string } | null
  readonly kind: 'debit' | 'credit' | null
  readonly checks: readonly {
    readonly check: 'owner' | 'card' | 'free' | 'room' | 'open'
    readonly refusal: string | null
  }[]
}

export type CardAnswer =
  | { readonly state: 'active'; readonly card: BoundCard }
  | { readonly state: 'code_sent' }
  | { readonly state: 'unknown' }
  | { readonly state: 'refused'; readonly refusal: string }

export interface CardBindings {
  readonly words: WordTable
  cardsOf(reader: Reader, msisdn: Msisdn): Promise<BoundCard[]>
  defaultCard(reader: Reader, msisdn: Msisdn): Promise<BoundCard | undefined>
  /** Our own rules, one by one; no bank is asked and nothing is written. */
  check(card: NewCard): Promise<CardChecks>
  begin(
    card: NewCard & {
      readonly key: string
      readonly consent: {
        readonly version: string
        readonly clerk: string
        readonly voucherNo: string
      }
    },
  ): Promise<Result<{ readonly bindingId: string }, string>>
  rebind(
    card: NewCard & { readonly key: string; readonly bindingId: string },
  ): Promise<Result<{ readonly bindingId: string }, string>>
  /** Asks the bank. Silence is `unknown`, and it may be asked again: no money moves. */
  verify(asked: {
    readonly bindingId: string
    readonly cardPin: Secret | null
  }): Promise<CardAnswer>
  /** The code that the bank has texted to the customer. */
  enterCode(entered: { readonly bindingId: string; readonly code: string }): Promise<CardAnswer>
  unbind(
    tx: Tx,
    asked: { readonly bindingId: string; readonly msisdn: Msisdn },
  ): Promise<Result<BoundCard, string>>
}

interface CashOrder {
  readonly msisdn: Msisdn
  readonly amount: Amount
  readonly channel: 'counter'
  readonly key: string
  readonly till: string
}

export interface WalletAccount {
  readonly id: string
  readonly state: 'open' | 'closing' | 'closed'
}

export interface Wallet {
  readonly words: WordTable
  open(
    tx: Tx,
    opening: { readonly msisdn: Msisdn; readonly class: 'III' },
  ): Promise<Result<WalletAccount, string>>
  balance(
    msisdn: Msisdn,
  ): Promise<{ readonly account: WalletAccount; readonly available: Amount } | undefined>
  cashIn(order: CashOrder): Promise<Result<unknown, string>>
  cashOut(order: CashOrder): Promise<Result<unknown, string>>
  close(order: {
    readonly msisdn: Msisdn
    readonly walletId: string
    readonly channel: 'counter'
    readonly key: string
    readonly payTo?: { readonly cardId: string }
  }): Promise<Result<WalletAccount, string>>
}

export interface Lines {
  /** When money may leave the number again after a SIM change; null when it may. */
  coolOffUntil(reader: Reader, msisdn: Msisdn): Promise<number | null>
  simChanged(
    tx: Tx,
    command: { readonly msisdn: Msisdn; readonly at: number },
    now: number,
  ): Promise<Result<unknown, 'number_unknown' | 'number_closed' | 'sim_change_in_future'>>
}

/** Texts to the customer, in the transaction of what they tell. */
export interface Notices {
  initialPin(
    tx: Tx,
    told: { readonly msisdn: Msisdn; readonly pin: Secret; readonly card: BoundCard | null },
  ): Promise<void>
  resetPin(tx: Tx, told: { readonly msisdn: Msisdn; readonly pin: Secret }): Promise<void>
}

export interface Ports {
  readonly identities: Identities
  readonly pins: WalletPins
  readonly cards: CardBindings
  readonly wallet: Wallet
  readonly lines: Lines
  readonly notices: Notices
}
