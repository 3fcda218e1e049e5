/** Runs every invariant and remembers how it went, for the last line of the demo's ledger. */
import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'
import { betweenBucketsInvariants, ledgerInvariants } from '../ledger/index.ts'
import { paymentInvariants } from '../payments/index.ts'

export interface Checks {
  readonly passed: number
  readonly total: number
  readonly at: number
  /** Names of the rules that are broken. */
  readonly failing: readonly string[]
}

export function createSelfCheck(db: Database, clock: Clock) {
  const rules = [...ledgerInvariants, ...betweenBucketsInvariants, ...paymentInvariants]
  let last: Checks = { passed: 0, total: rules.length, at: 0, failing: [] }
  return {
    last: () => last,
    async run(): Promise<Checks> {
      const failing: string[] = []
      for (const rule of rules) {
        const { offences } = await rule.check(db)
        if (offences > 0n) failing.push(rule.name)
      }
      const passed = rules.length - failing.length
      last = { passed, total: rules.length, at: clock.now(), failing }
      return last
    },
  }
}
