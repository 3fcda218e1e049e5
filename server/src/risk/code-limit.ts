/**
 * What may be paid by codes in a day (PBOC 296/2017): of all balances of a customer together, and of each card by
 * itself. How surely it was he who agreed makes the limit; a code that hangs printed in a shop has the lowest, for
 * anybody can paste another over it.
 */
import type { Amount } from '../kernel/index.ts'
import type { CounterKey } from './counter-store.ts'
import type { Policy } from './policy.ts'

export type CodeProof = 'static_code' | 'one_factor' | 'two_factors'

/** Beside the day of a card or wallet, under the same lock. */
export const codeDay = ({ bucket, subject, period }: CounterKey, proof: CodeProof): CounterKey => ({
  bucket,
  subject: `${proof}:${subject}`,
  period,
})

const limits = {
  static_code: 'staticCodeDayLimit',
  one_factor: 'oneFactorCodeDayLimit',
  two_factors: 'twoFactorCodeDayLimit',
} as const satisfies Readonly<Record<CodeProof, keyof Policy>>

/** What is left of the day, never below zero. */
export function codeRoom(policy: Policy, proof: CodeProof, used: Amount): Amount {
  const left = policy[limits[proof]] - used
  return left > 0n ? left : 0n
}
