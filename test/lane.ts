/**
 * The payments lane without its workers: commands go in as they are, in batches of the test's making,
 * so that what the carrier says, and when, is the test's to choose.
 */
import { createCoalescer, type Database, OutcomeUnknown } from '../server/src/db/index.ts'
import { bucketOf, createIds } from '../server/src/kernel/index.ts'
import type { Command, CommandResult } from '../server/src/payments/command.ts'
import { runBatch } from '../server/src/payments/commands.ts'
import { createOrderNumbers } from '../server/src/payments/order-numbers.ts'
import { introduce } from '../server/src/subscribers/index.ts'
import type { World } from './world.ts'

/** The code in every text of a lane: it is drawn from bytes that are all sevens. */
export const theCode = '901063'

export type LaneWorld = Pick<World, 'clock' | 'time' | 'catalogue' | 'policy'>

export function createLane(world: LaneWorld, db: Database) {
  const ids = { ...createIds(), random: (bytes: number) => new Uint8Array(bytes).fill(7) }
  const isTestNumber = () => false
  const isTold = () => true
  const context = { ...world, ids, isTestNumber, isTold, orderNumbers: createOrderNumbers() }
  const run = async (commands: readonly Command[]) =>
    (await runBatch(db, { context, commands, now: world.clock.now })).results
  /** An answer per command; what was thrown at a command that cannot be run stands in its place. */
  const together = async (commands: readonly Command[]) => {
    const lane = createCoalescer({ run, now: world.clock.now })
    const results = await Promise.allSettled(commands.map((command) => lane.submit(command)))
    return results.map((one) => (one.status === 'fulfilled' ? one.value : ('failed' as const)))
  }
  return {
    together,
    async oneByOne(commands: readonly Command[]) {
      const results: (CommandResult | 'failed')[] = []
      for (const command of commands) results.push(...(await together([command])))
      return results
    },
    /** The connection is lost in COMMIT after the commit was done, and the batch is run again. */
    async unheard(commands: readonly Command[]) {
      let isFirst = true
      const lane = createCoalescer({
        now: world.clock.now,
        run: async (batch: readonly Command[]) => {
          const results = await run(batch)
          if (!isFirst) return results
          isFirst = false
          throw new OutcomeUnknown('the connection was lost in COMMIT')
        },
      })
      return Promise.all(commands.map((command) => lane.submit(command)))
    },
  }
}

/** A line of the test carrier that has texted before. */
export const introduceLine = (db: Database, msisdn: string, now: number) =>
  introduce(
    db,
    {
      msisdn,
      carrier: 'CMCC',
      brand: '全球通',
      billing: 'postpaid',
      status: 'active',
      language: 'zh',
      region: '110000',
    },
    now,
  )

let made = 0
/** An id for a row of this number's bucket; never the same twice. */
export function newId(msisdn: string): string {
  made += 1
  const tail = made.toString(16).padStart(10, '0') + bucketOf(msisdn).toString(16).padStart(2, '0')
  return `01990000-0000-7000-8000-${tail}`
}
