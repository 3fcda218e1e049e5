/** A wallet as a source of money: what a payment needs to know of it, and why its balance may not pay. */
import type { Reader } from '../db/index.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import type { Policy } from '../risk/index.ts'
import type { Subscriber } from '../subscribers/index.ts'

/** As kept with the payment. */
export interface PayingPurse {
  readonly walletId: string
}

/** Periods in which it is counted what a wallet pays. */
export type PursePeriod = 'day' | 'year' | 'ever'

export type PurseRefusal =
  /** None, or one that is being closed. */
  | 'wallet_unavailable'
  | 'wallet_frozen'
  | 'wallet_cooling_off'
  | 'wallet_over_single_limit'
  | 'wallet_over_day_limit'
  | 'wallet_over_class_limit'
  | 'wallet_low_balance'
  | 'pin_needed'

export interface PurseRefused {
  readonly refusal: PurseRefusal
  /** What may still be paid. */
  readonly left?: Amount
}

/** What it depends on, as of now. */
export interface PurseFacts {
  readonly now: number
  readonly policy: Policy
  readonly line: Subscriber
  /** What can be spent. */
  readonly balance: Amount
  /** Zero in a period that is not counted for its class. */
  readonly used: { readonly day: Amount; readonly year: Amount; readonly ever: Amount }
}

/** A wallet, with the rules by which money leaves it. */
export interface Purse extends PayingPurse {
  readonly bucket: number
  readonly msisdn: Msisdn
  /** Found by its number: neither closed nor let go. */
  readonly isCurrent: boolean
  /** Those that count for its class. */
  readonly counted: readonly PursePeriod[]
  /** What comes back has nowhere to go. */
  readonly isClosed: boolean
  refusal(facts: PurseFacts, amount: Amount): PurseRefused | null
}

export interface PurseNames {
  /** Of those the wallet that is found by the number, if there is one. */
  readonly numbers: readonly Msisdn[]
  readonly walletIds: readonly string[]
}

export interface Purses {
  /** Under the locks of their numbers. */
  read(reader: Reader, names: PurseNames): Promise<readonly Purse[]>
}
