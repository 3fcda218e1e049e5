/**
 * What may leave a wallet and what may come into it, for everybody who moves its money. Counted is what is paid
 * and sent from the balance, not what goes to its owner's own card. Class I is counted by the year too, so that
 * an upgrade keeps what was used. Read and written under the lock of the number.
 */
import type { Amount, BusinessTime } from '../kernel/index.ts'
import { type CounterKey, type Policy, walletPeriods } from '../risk/index.ts'
import type { Purse } from './purses.ts'

/** What was used in the periods of an instant. */
export interface Used {
  readonly day: Amount
  readonly year: Amount
  readonly ever: Amount
}

/** Those that a payment of this wallet counts in: a class above I is never left for it again. */
export const countedPeriods = ({ class: ofWallet }: Pick<Purse, 'class'>): (keyof Used)[] =>
  ofWallet === 'I' ? ['day', 'year', 'ever'] : ['day', 'year']

export function countedKeys(
  time: BusinessTime,
  purse: Pick<Purse, 'bucket' | 'walletId' | 'class'>,
  at: number,
): CounterKey[] {
  const keys = walletPeriods(time, purse, at)
  return countedPeriods(purse).map((period) => keys[period])
}

export type UsedKeys = { readonly [Period in keyof Used]: CounterKey }

export const usedKeys: (
  time: BusinessTime,
  wallet: Pick<Purse, 'bucket' | 'walletId'>,
  at: number,
) => UsedKeys = walletPeriods

type Limits = Pick<
  Policy,
  'walletDayLimit' | 'classILimit' | 'classIIYearLimit' | 'classIIIYearLimit'
>

/** What is left of each limit; class I has one for ever, the others one for a year. */
export function outLimit(
  purse: Pick<Purse, 'class'>,
  used: Used,
  policy: Limits,
): { readonly day: Amount; readonly ofClass: Amount } {
  const ofClass = {
    I: policy.classILimit - used.ever,
    II: policy.classIIYearLimit - used.year,
    III: policy.classIIIYearLimit - used.year,
  }[purse.class]
  return { day: atLeastNothing(policy.walletDayLimit - used.day), ofClass: atLeastNothing(ofClass) }
}

const atLeastNothing = (left: Amount): Amount => (left > 0n ? left : 0n)

export interface OutFacts {
  readonly now: number
  readonly policy: Limits & Pick<Policy, 'walletSingleLimit'>
  readonly used: Used
  /** What can be spent. */
  readonly balance: Amount
  /** Of the number, after a change of SIM. */
  readonly coolOffUntil: number | null
}

export type OutReason =
  | 'frozen_out'
  | 'cooling_off'
  | 'amount_too_small'
  | 'over_single_limit'
  | 'over_day_limit'
  | 'over_class_limit'
  | 'low_balance'

export interface OutRefusal {
  readonly refusal: OutReason
  readonly left?: Amount
  readonly until?: number
}

/** Why this amount may not leave the wallet, the gravest first; null when it may. */
export function outRefusal(purse: Purse, facts: OutFacts, amount: Amount): OutRefusal | null {
  const { now, policy, used, balance, coolOffUntil: until } = facts
  if (isFrozen(purse, 'out')) return { refusal: 'frozen_out' }
  // A thief with a new SIM of somebody else's number gets nothing out (WL-06).
  if (until !== null && now < until) return { refusal: 'cooling_off', until }
  if (amount <= 0n) return { refusal: 'amount_too_small' }
  const single = policy.walletSingleLimit
  if (amount > single) return { refusal: 'over_single_limit', left: single }
  const { day, ofClass } = outLimit(purse, used, policy)
  if (amount > day) return { refusal: 'over_day_limit', left: day }
  if (amount > ofClass) return { refusal: 'over_class_limit', left: ofClass }
  return amount > balance ? { refusal: 'low_balance', left: balance } : null
}

/** Why nothing may come into the wallet from others; null when it may. */
export function inRefusal(purse: Purse): 'payee_unable' | 'frozen_in' | null {
  if (purse.state !== 'open' || purse.releasedAt !== null) return 'payee_unable'
  return isFrozen(purse, 'in') ? 'frozen_in' : null
}

export const isFrozen = ({ frozen }: Pick<Purse, 'frozen'>, way: 'in' | 'out'): boolean =>
  frozen === way || frozen === 'both'
