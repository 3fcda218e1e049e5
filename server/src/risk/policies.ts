/** The policy in force, in memory, and its change. */
import type { Database, Tx } from '../db/index.ts'
import { accept, type Clock, type Result, refuse } from '../kernel/index.ts'
import type { Policy } from './policy.ts'
import { checkPolicy, type PolicyRefusal, policyFrom, valuesOf } from './policy-rules.ts'
import { lockPolicy, readPolicyValues, savePolicyValues } from './store.ts'

const readEveryMs = 1_000

export interface LivePolicy {
  /** The policy as last read; never waits. */
  current(): Policy
  /** Reads again when the last reading is a second old; cheap otherwise. Not inside a transaction. */
  refresh(): Promise<void>
  /** Reads now. */
  reload(): Promise<void>
}

/** Resolves when the policy has been read once. */
export async function createPolicy(db: Database, clock: Clock): Promise<LivePolicy> {
  let policy = policyFrom(await readPolicyValues(db))
  let readAt = clock.now()
  let readings = 0
  let latest = 0
  let reading: Promise<void> | undefined

  async function reload() {
    readings += 1
    const turn = readings
    const values = await readPolicyValues(db)
    // Two readings may end in the other order: the one begun earlier must not win.
    if (turn < latest) return
    latest = turn
    policy = policyFrom(values)
    readAt = clock.now()
  }
  return {
    current: () => policy,
    reload,
    refresh() {
      // Without its sign: a clock that was set back must not stop us.
      if (!reading && Math.abs(clock.now() - readAt) >= readEveryMs)
        reading = reload().finally(() => {
          reading = undefined
        })
      return reading ?? Promise.resolve()
    },
  }
}

/** Sets the named values and keeps the rest. The policy is judged as a whole. */
export async function setPolicy(
  tx: Tx,
  command: { readonly changes: Partial<Policy>; readonly author: string },
  now: number,
): Promise<Result<{ readonly before: Policy; readonly after: Policy }, PolicyRefusal>> {
  await lockPolicy(tx)
  const before = policyFrom(await readPolicyValues(tx))
  const after = { ...before, ...command.changes }
  const problem = checkPolicy(after)
  if (problem) return refuse(problem)
  const values = valuesOf(before)
  const changed = [...valuesOf(after)].filter(([name, value]) => values.get(name) !== value)
  await savePolicyValues(tx, new Map(changed), { author: command.author, now })
  return accept({ before, after })
}
