/** Two processes on one PostgreSQL with one carrier and one clock, for races between them. */
import { openDatabase } from '../server/src/db/index.ts'
import { manualClock } from '../server/src/kernel/index.ts'
import type { Policy } from '../server/src/risk/index.ts'
import { createTestCarrier } from './carrier.ts'
import { testDatabase } from './database.ts'
import { introduceLine } from './lane.ts'
import { createWorld, tenOClock } from './world.ts'

export type TwoProcesses = Awaited<ReturnType<typeof startTwoProcesses>>

export async function startTwoProcesses(policy: Partial<Policy> = {}) {
  const made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  const second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const clock = manualClock(tenOClock)
  const carrier = createTestCarrier()
  const shared = { clock, carrier, policy }
  const left = await createWorld({ ...shared, db: made.db })
  const right = await createWorld({ ...shared, db: second })
  let numbers = 0
  return {
    db: made.db,
    clock,
    carrier,
    left,
    right,
    /** Turn and turn about, so that callers are spread over both. */
    process: (n: number) => (n % 2 === 0 ? left : right),
    async newNumber() {
      numbers += 1
      const msisdn = `+86135${String(numbers).padStart(8, '0')}`
      await introduceLine(made.db, msisdn, clock.now())
      return msisdn
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
      await second.close()
      await made.close()
    },
  }
}
