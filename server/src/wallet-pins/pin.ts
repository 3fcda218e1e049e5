/**
 * The payment PIN of a wallet: six digits, in clear nowhere but in the text that brings the first one.
 *
 *   none ──issueInitial──▶ initial ──change──▶ active ──change──▶ active
 *                           │   ▲                │
 *                           └───┴────reset───────┘      release: none, from everywhere
 *
 * Beside the state stands a lock: so many wrong ones in a row, over all channels together, and only a reset
 * opens it. An initial PIN does nothing but be changed, and not after its time.
 */
import type { Reader, Tx } from '../db/index.ts'
import type { Msisdn, Result, Secret } from '../kernel/index.ts'

/** The name of its key in the key store. */
export const pinKey = 'wallet:pin'

/** What a PIN must not be made of, beside the number itself. */
export interface PinFacts {
  readonly idNumber?: Secret
  readonly cardNumbers?: readonly Secret[]
}

export type PinCode = 'none' | 'must_change' | 'initial_expired' | 'wrong' | 'locked'

export type PinRefusal =
  | { readonly code: Exclude<PinCode, 'wrong'> }
  /** At least one is left: the last one locks. */
  | { readonly code: 'wrong'; readonly triesLeft: number }

export type PinWeakness =
  | 'not_six_digits'
  | 'all_equal'
  | 'run'
  | 'of_the_number'
  | 'of_the_identity'
  | 'of_a_card'
  | 'birth_date'

export type PinChangeRefusal =
  | PinRefusal
  | { readonly code: 'weak'; readonly weakness: PinWeakness }
  | { readonly code: 'unchanged' }

/** What a service desk may know. */
export interface PinState {
  readonly state: 'initial' | 'active'
  readonly triesLeft: number
  /** The end of an initial PIN. */
  readonly initialUntil: number | null
  readonly locked: { readonly at: number; readonly channel: string } | null
}

export interface WalletPins {
  /**
   * A PIN by chance, in place of one that was there; whoever gets it sends it (`secretText`) and forgets it.
   * The number is known and not closed.
   */
  issueInitial(tx: Tx, msisdn: Msisdn, facts: PinFacts): Promise<Secret>
  /**
   * A transaction of its own: a wrong try counts whatever the caller does next. Not inside another one.
   * A right PIN that may not pay yet is `must_change`. `request` names what the PIN came with where it may come
   * again by itself: the same wrong PIN under the same name, one after the other, counts once.
   */
  check(
    msisdn: Msisdn,
    pin: Secret,
    channel: string,
    request?: string,
  ): Promise<Result<undefined, PinRefusal>>
  /** The same, for the old PIN; then the new one is judged. */
  change(
    command: {
      readonly msisdn: Msisdn
      readonly old: Secret
      readonly next: Secret
      readonly channel: string
    },
    facts: PinFacts,
  ): Promise<Result<undefined, PinChangeRefusal>>
  /** A new initial PIN for a number that has one; opens the lock. */
  reset(tx: Tx, msisdn: Msisdn, facts: PinFacts): Promise<Result<Secret, 'none'>>
  /** Nothing of it is kept. Twice is once. */
  release(tx: Tx, msisdn: Msisdn): Promise<void>
  stateOf(reader: Reader, msisdn: Msisdn): Promise<PinState | undefined>
}
