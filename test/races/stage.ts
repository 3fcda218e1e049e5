/**
 * Where the races run: two platforms on one PostgreSQL, with connections of their own as two processes
 * have them; a clock by hand, a carrier, and a log of what callers were told. A caller is a lane of its
 * own, which is a batch and a connection of its own. With a mutant, all but the judge are on the broken
 * database.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import { manualClock } from '../../server/src/kernel/index.ts'
import type { Command, CommandResult } from '../../server/src/payments/command.ts'
import type { Policy } from '../../server/src/risk/index.ts'
import { createTestCarrier, type TestCarrier } from '../carrier.ts'
import { createLane, introduceLine, type LaneWorld } from '../lane.ts'
import { createWorld, tenOClock } from '../world.ts'
import { createAcknowledged } from './acknowledged.ts'
import { broken, type Mutant } from './broken.ts'

export interface StageOptions {
  /** A migrated database of this stage alone. */
  readonly url: string
  readonly callers?: number
  readonly policy?: Partial<Policy>
  readonly mutant?: Mutant
  readonly seed?: number
}

export type Stage = Awaited<ReturnType<typeof openStage>>

export const unlimited = 1_000_000_000_00n
/** No limit but those a race is about. */
export const freely: Partial<Policy> = {
  intervalMs: 0,
  dayLimit: unlimited,
  monthLimit: unlimited,
}

export async function openStage(options: StageOptions) {
  const { url, callers = 16, mutant, policy = freely } = options
  const poolMax = Math.ceil(callers / 2) + 2
  const db = await openDatabase({ url, poolMax: 4 })
  for (const statement of mutant?.drops ?? []) await db.transact((tx) => tx.query(statement))
  const processes = await Promise.all([
    openDatabase({ url, poolMax, waitMs: 30_000 }),
    openDatabase({ url, poolMax, waitMs: 30_000 }),
  ])
  const broke = mutant ? processes.map((one) => broken(one, mutant)) : undefined
  const databases: readonly Database[] = broke?.map((one) => one.db) ?? processes
  const counted = databases.map(countingRepeats)
  const clock = manualClock(tenOClock)
  const pace: { wait?: () => Promise<void> } = {}
  const carrier = slow(createTestCarrier(), pace)
  const errors: string[] = []
  const log = {
    info: () => {},
    warn: () => {},
    error: (bound: object) => void errors.push(String((bound as { err?: unknown }).err)),
  }
  const shared = { clock, carrier, policy, log }
  const left = await createWorld({ ...shared, db: at(counted, 0).db })
  const right = await createWorld({ ...shared, db: at(counted, 1).db })
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-race-'))
  const acknowledged = await createAcknowledged(db, join(folder, 'acknowledged.jsonl'))
  const complaints: string[] = []
  const random = seeded(options.seed ?? 1)
  const numbers: string[] = []
  let introduced = 0
  const caller = (n: number) => at(counted, n % 2).db

  return {
    db,
    url,
    clock,
    carrier,
    /** While set, every trip to the carrier waits for it first. */
    pace,
    callers,
    left,
    right,
    acknowledged,
    complaints,
    random,
    /** What workers said went wrong. */
    errors,
    /** How often a transaction had to begin again: somebody waited in a circle, or for too long. */
    repeats: () => counted.reduce((sum, one) => sum + one.repeats(), 0),
    spoiled: () => broke?.reduce((sum, one) => sum + one.spoiled(), 0),
    /** The database as caller n sees it. */
    caller,
    /** Turn and turn about, so that callers are spread over both. */
    process: (n: number) => (n % 2 === 0 ? left : right),
    lane: (n: number, given: Partial<LaneWorld> = {}) =>
      createLane({ ...left, ...given }, caller(n)),
    /** All callers at once, each with its commands; what each heard, in order. */
    race: (commands: readonly (readonly Command[])[], given: Partial<LaneWorld> = {}) =>
      Promise.all(
        commands.map((list, n) => createLane({ ...left, ...given }, caller(n)).together(list)),
      ),
    complain: (text: string) => void (complaints.length < 20 && complaints.push(text)),
    async newNumber() {
      const known = numbers.pop()
      if (known !== undefined) return known
      numbers.push(...(await introduceMany(db, introduced, clock.now())))
      introduced += numbers.length
      return numbers.pop() ?? ''
    },
    /** Both work off what is due until nothing is. */
    async settle() {
      for (let round = 0; round < 100; round += 1) {
        const worked = await Promise.all([left.payments.work(), right.payments.work()])
        if (worked.every((jobs) => jobs === 0)) return
      }
      throw new Error('there is always something due')
    },
    async close() {
      await left.close()
      await right.close()
      await acknowledged.close()
      await Promise.all([...processes, db].map((one) => one.close()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

type Heard = CommandResult | 'failed' | undefined

/** An answer in a word: `accepted`, why not, or `failed` when there was none. */
export function said(answer: Heard): string {
  if (answer === undefined || answer === 'failed') return 'failed'
  if (answer.kind === 'text') return 'taken'
  if (answer.kind === 'unplaced') return 'nothing'
  if (answer.result === null) return 'nothing'
  if (!('ok' in answer.result)) return 'accepted'
  return answer.result.ok ? 'accepted' : answer.result.refusal
}

/** Lines that have texted before, in one transaction. */
async function introduceMany(db: Database, from: number, now: number): Promise<string[]> {
  const numbers = Array.from({ length: 64 }, (_, n) => `+86135${String(from + n).padStart(8, '0')}`)
  await db.transact(async (tx) => {
    const within = { ...db, transact: ((work) => work(tx)) as Database['transact'] }
    await Promise.all(numbers.map((msisdn) => introduceLine(within, msisdn, now)))
  })
  return numbers.reverse()
}

/** Whatever brings money waits first, in one step or in two. */
function slow(carrier: TestCarrier, pace: { readonly wait?: () => Promise<void> }): TestCarrier {
  return new Proxy(carrier, {
    get(target, name) {
      const verb: unknown = Reflect.get(target, name)
      if (typeof verb !== 'function' || !['reserve', 'charge'].includes(String(name))) return verb
      return async (...asked: unknown[]) => {
        await pace.wait?.()
        return verb(...asked)
      }
    },
  })
}

/** `transact` runs its work again after a deadlock; the second time is counted. */
function countingRepeats(db: Database) {
  let repeats = 0
  const transact: Database['transact'] = (work) => {
    let runs = 0
    return db.transact((tx) => {
      runs += 1
      if (runs > 1) repeats += 1
      return work(tx)
    })
  }
  return { db: { ...db, transact }, repeats: () => repeats }
}

function at<Value>(values: readonly Value[], index: number): Value {
  const value = values[index]
  if (value === undefined) throw new Error(`nothing at ${index}`)
  return value
}

/** The same numbers for the same seed. */
export function seeded(seed: number) {
  let state = seed
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return {
    below,
    pick: <Value>(values: readonly Value[]): Value => at(values, below(values.length)),
    shuffled: <Value>(values: readonly Value[]): Value[] =>
      values
        .map((value) => ({ value, rank: below(2 ** 31) }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ value }) => value),
  }
}
