/** When days close, wherever the operator is. */
import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/database.ts'
import { tenOClock } from '../../../test/world.ts'
import { createBusinessTime } from '../kernel/index.ts'
import { closeDue } from './close-day.ts'
import { daysOf } from './store.ts'

const log = { info: () => {}, warn: () => {}, error: (...all: unknown[]) => console.error(...all) }

/** Each closes at half past midnight of its own day, also on days of 23 and of 25 hours. */
test.each([
  ['Asia/Shanghai', tenOClock, ['2026-09-12T16:30:00Z', '2026-09-13T16:30:00Z']],
  // Clocks go forward at 01:00 on 29 March 2026, and back at 02:00 on 25 October.
  ['Europe/London', Date.UTC(2026, 2, 28, 12), ['2026-03-29T00:30:00Z', '2026-03-29T23:30:00Z']],
  ['Europe/London', Date.UTC(2026, 9, 24, 12), ['2026-10-24T23:30:00Z', '2026-10-26T00:30:00Z']],
  ['America/Juneau', Date.UTC(2026, 10, 1, 7), ['2026-11-01T08:30:00Z', '2026-11-02T09:30:00Z']],
  ['America/Juneau', tenOClock, ['2026-09-12T08:30:00Z', '2026-09-13T08:30:00Z']],
])('in %s from %i on', async (zone, start, closes) => {
  const { db, close } = await testDatabase()
  const time = createBusinessTime(zone)
  let at = start
  const options = { db, clock: { now: () => at }, time, log }
  for (const expected of closes) {
    at = await closeDue(options)
    expect(new Date(at).toISOString()).toBe(new Date(expected).toISOString())
    const over = time.nextDate(time.dateOf(at), -1)
    at -= 1
    await closeDue(options)
    expect((await daysOf(db)).closedThrough).not.toBe(over)
    at += 1
    await closeDue(options)
    expect((await daysOf(db)).closedThrough).toBe(over)
  }
  await close()
})
