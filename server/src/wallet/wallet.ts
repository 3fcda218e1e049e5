/**
 * The front door of the wallet: what channels may ask. Whoever calls has checked the PIN. Every request has
 * a key: said again with the same content it answers with the movement of then, as it stands now.
 */
import type { Tx } from '../db/index.ts'
import type { Amount, Msisdn, Result, Secret } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'
import type { Account, AccountClass } from './account.ts'
import type { Channel, Movement, Speed } from './movement.ts'
import type { Restricted, Restriction, RestrictRefusal } from './restrict.ts'

interface Request {
  readonly msisdn: Msisdn
  readonly amount: Amount
  readonly channel: Channel
  /** Of the caller's making and with its name in front, for example `counter:<uuid>`. */
  readonly key: string
}

export interface TopUp extends Request {
  readonly cardId: string
  /** Only where the bank keeps the PIN. */
  readonly pin?: Secret
}

export interface Withdrawal extends Request {
  readonly cardId: string
  readonly speed: Speed
  /** What the customer was told: for more it is not done. */
  readonly feeMost?: Amount
}

/** Pays a credit card's bill off, from the balance, or by way of it from a debit card. */
export interface Repayment extends Request {
  readonly cardId: string
  /** The debit card that pays, if not the balance does. */
  readonly fromCardId?: string
  /** Of the debit card, only where its bank keeps the PIN. */
  readonly pin?: Secret
}

/** To a card that is somebody else's. */
export interface CardTransfer extends Request {
  readonly card: { readonly bank: string; readonly token: string; readonly last4: string }
  /** Of its holder, as the payer knows it: the bank compares it. */
  readonly name: Secret
  /** The same, masked. */
  readonly payee: string
}

export interface Cash extends Request {
  /** Whose drawer it goes into or comes from. */
  readonly till: string
}

export interface Closing {
  readonly msisdn: Msisdn
  readonly walletId: string
  readonly channel: Channel
  readonly key: string
  /** Where what is left goes: to a card on the next day, for nothing, or out of a till. */
  readonly payTo?: { readonly cardId: string } | { readonly till: string }
}

export interface Opening {
  readonly msisdn: Msisdn
  readonly class: AccountClass
}

/** Why a request was not taken. Nothing was moved. `words.ts` has the texts. */
export type Refusal =
  | 'exists_with_different_content'
  | 'wallet_not_found'
  | 'wallet_closing'
  | 'line_not_active'
  | 'card_unknown'
  | 'card_of_other_owner'
  | 'credit_card'
  | 'not_a_credit_card'
  | 'no_bill'
  | 'over_bill'
  | 'card_not_active'
  | 'cooling_off'
  | 'amount_too_small'
  | 'over_single_limit'
  | 'over_day_limit'
  | 'over_class_limit'
  | 'over_card_limit'
  | 'low_balance'
  | 'fee_changed'
  | 'frozen_in'
  | 'frozen_out'

export type OpenRefusal = 'line_not_active' | 'identity_needed' | 'level_too_low' | 'already_open'

export type CloseRefusal = Refusal | 'top_up_open' | 'transfers_open' | 'balance_left'

export type ResolveRefusal = 'movement_not_found' | 'movement_not_unknown' | 'movement_at_bank'

export interface Placed {
  readonly movement: Movement
  /** True when the key was used before: nothing was done. */
  readonly replayed: boolean
}

/** What stands behind a refusal, for the text that tells it. */
export interface Detail {
  /** What is there, or may be moved at most. */
  readonly left?: Amount
  readonly until?: number
}

type Refused<Why> = { readonly ok: false; readonly refusal: Why } & Detail
export type MoveResult = { readonly ok: true; readonly value: Placed } | Refused<Refusal>
export type CloseResult = { readonly ok: true; readonly value: Account } | Refused<CloseRefusal>

export interface Balance {
  readonly account: Account
  /** What can be spent or withdrawn now. */
  readonly available: Amount
  /** What is on its way to cards, without the fees, that have not arrived for certain. */
  readonly inTransit: Amount
}

export interface MovementFilter {
  readonly walletId: string
  /** The id of the last movement seen: goes on with older ones. */
  readonly before?: string
  readonly limit: number
}

export interface Wallet {
  /** In the caller's transaction, for it goes with the identity and the PIN. Locks the number. */
  open(tx: Tx, opening: Opening): Promise<Result<Account, OpenRefusal>>
  /** The number is given up: the wallet leaves it, in the transaction of that. Loses nothing. */
  release(tx: Tx, msisdn: Msisdn): Promise<void>
  /** Shuts and opens ways, and changes the class. In the caller's transaction: it says who did it. */
  restrict(tx: Tx, restriction: Restriction): Promise<Result<Restricted, RestrictRefusal>>
  topUp(order: TopUp): Promise<MoveResult>
  withdraw(order: Withdrawal): Promise<MoveResult>
  /** Of a withdrawal now, to be told before it is ordered. */
  withdrawalFee(order: Pick<Withdrawal, 'msisdn' | 'amount' | 'speed'>): Promise<Amount>
  repay(order: Repayment): Promise<MoveResult>
  transferToCard(order: CardTransfer): Promise<MoveResult>
  cashIn(order: Cash): Promise<MoveResult>
  cashOut(order: Cash): Promise<MoveResult>
  close(order: Closing): Promise<CloseResult>
  /** In which order sources of money are offered to its owner. */
  sources(walletId: string): Promise<readonly Source[]>
  setSources(
    walletId: string,
    sources: readonly Source[],
  ): Promise<Result<undefined, 'wallet_not_found' | 'order_incomplete'>>
  /** Of the wallet that is found by this number. */
  balance(msisdn: Msisdn): Promise<Balance | undefined>
  account(walletId: string): Promise<Account | undefined>
  movement(id: string): Promise<Movement | undefined>
  /** Newest first. */
  movements(filter: MovementFilter): Promise<Movement[]>
  /** Waits until the bank has answered, or does not, at most `timeoutMs`; answers as it is then. */
  settled(id: string, timeoutMs: number): Promise<Movement | undefined>
  /** Asks at once what became of a movement, not at the next time: whoever knows that it was decided. */
  look(id: string): Promise<void>
  /** Of all wallets, the oldest first. */
  unknownMovements(page: {
    readonly after?: string | undefined
    readonly limit: number
  }): Promise<Movement[]>
  /** The movement, where `resolve` may still end it. */
  resolvable(id: string): Promise<Result<Movement, ResolveRefusal>>
  /**
   * Somebody has compared with the bank an unknown movement of which no operation is left that could still end it:
   * one that was held after a restore. The caller has seen to it that this person may, and writes down who it was.
   */
  resolve(id: string, outcome: 'done' | 'not_done'): Promise<Result<Movement, ResolveRefusal>>
}
