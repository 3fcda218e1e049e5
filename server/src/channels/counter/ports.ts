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

/** What stands behind a refusal, for the words that tell it. */
export interface WordDetail {
  readonly now: number
  readonly left?: Amount
  readonly until?: number
}

/** The words of a module, by its refusals. */
export interface WordSource {
  readonly names: readonly string[]
  of(name: string, detail: WordDetail): Words | undefined
}

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

export interface GivenCard {
  readonly pan: Secret
  /** YYMM */
  readonly expiry?: Secret
  /** The number reserved at the bank, where it is another. */
  readonly mobile?: Msisdn
  readonly name: Secret
  readonly document: { readonly kind: string; readonly number: Secret }
}

export interface BankName {
  readonly zh: string
  readonly en: string
}

export interface CardChecks {
  readonly issuer:
    | { readonly bank: string; readonly kind: 'debit' | 'credit'; readonly terms: BankName }
    | undefined
  /** Null where a rule is kept; what cannot be told is left out. */
  readonly checks: Readonly<Partial<Record<CardCheck, string | null>>>
}

export type CardCheck = 'card' | 'open' | 'owner' | 'free' | 'room'

/** Given with one message, and kept nowhere. */
export interface Proof {
  readonly securityCode?: Secret
  readonly pin?: Secret
  readonly code?: Secret
}

export type VerifyAnswer =
  | { readonly outcome: 'active' | 'code_sent' | 'unknown'; readonly binding: BoundCard }
  | {
      readonly outcome: 'refused'
      readonly refusal: string
      readonly binding?: BoundCard | undefined
    }

export interface CardBindings {
  cardsOf(reader: Reader, msisdn: Msisdn): Promise<readonly BoundCard[]>
  defaultCard(reader: Reader, msisdn: Msisdn): Promise<BoundCard | undefined>
  /** Our own rules, one by one; no bank is asked and nothing is written. With `binding` it is bound again. */
  check(
    card: GivenCard & { readonly msisdn: Msisdn; readonly binding?: string },
  ): Promise<CardChecks>
  /** The same card again answers the binding that is under way. */
  begin(
    card: GivenCard & {
      readonly msisdn: Msisdn
      readonly consent: {
        readonly version: string
        readonly channel: 'counter'
        readonly clerk: string
        readonly voucherNo: string
      }
    },
  ): Promise<Result<BoundCard, string>>
  rebind(card: GivenCard & { readonly id: string }): Promise<Result<BoundCard, string>>
  /** Asks the bank. Silence is `unknown`, and it may be asked again: no money moves. */
  verify(id: string, proof: Proof): Promise<VerifyAnswer>
  /** Whether it is this binding's card that lies on the counter. */
  isCard(id: string, pan: Secret): Promise<boolean>
  /** Twice is once. */
  unbind(tx: Tx, id: string): Promise<Result<BoundCard, string>>
}

/** With what stands behind a refusal. */
export type Moved<Value> =
  | { readonly ok: true; readonly value: Value }
  | {
      readonly ok: false
      readonly refusal: string
      readonly left?: Amount
      readonly until?: number
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
  open(
    tx: Tx,
    opening: { readonly msisdn: Msisdn; readonly class: 'III' },
  ): Promise<Result<WalletAccount, string>>
  balance(
    msisdn: Msisdn,
  ): Promise<{ readonly account: WalletAccount; readonly available: Amount } | undefined>
  cashIn(order: CashOrder): Promise<Moved<unknown>>
  cashOut(order: CashOrder): Promise<Moved<unknown>>
  close(order: {
    readonly msisdn: Msisdn
    readonly walletId: string
    readonly channel: 'counter'
    readonly key: string
    readonly payTo?: { readonly cardId: string }
  }): Promise<Moved<WalletAccount>>
}

/** What ends with the wallet, without being paid out. */
export interface Points {
  /** `unseen`: rewards that were taken and whose code nobody has looked at. */
  balance(walletId: string): Promise<{ readonly points: bigint; readonly unseen: number }>
}

export interface Lines {
  /** Asks the carrier about a number that nobody here has heard of; false when it cannot be asked now. */
  know(msisdn: Msisdn): Promise<boolean>
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

/** What is left of a credit card's newest bill. */
export interface CardBill {
  readonly left: Amount
  readonly leastLeft: Amount
  readonly dueOn: string
}

export interface Bills {
  /** As it is known; no bank is asked. */
  standing(reader: Reader, bindingId: string): Promise<CardBill | undefined>
}

export interface Ports {
  readonly bills: Bills
  readonly identities: Identities
  readonly pins: WalletPins
  readonly cards: CardBindings
  readonly bankName: (bank: string) => BankName
  readonly wallet: Wallet
  readonly points: Points
  readonly lines: Lines
  readonly notices: Notices
  readonly words: { readonly cards: WordSource; readonly wallet: WordSource }
}
