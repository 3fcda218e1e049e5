/** Runs every invariant and remembers how it went, for the last line of the demo's ledger. */

import { invariants } from '../composition/invariants.ts'
import type { Database } from '../db/index.ts'
import type { Clock } from '../kernel/index.ts'

export interface Checks {
  readonly passed: number
  readonly total: number
  readonly at: number
  /** Names of the rules that are broken. */
  readonly failing: readonly string[]
}

export function createSelfCheck(db: Database, clock: Clock) {
  let last: Checks = { passed: 0, total: invariants.length, at: 0, failing: [] }
  return {
    last: () => last,
    async run(): Promise<Checks> {
      const failing: string[] = []
      for (const rule of invariants) {
        const { offences } = await rule.check(db)
        if (offences > 0n) failing.push(rule.name)
      }
      const passed = invariants.length - failing.length
      last = { passed, total: invariants.length, at: clock.now(), failing }
      return last
    },
  }
}
