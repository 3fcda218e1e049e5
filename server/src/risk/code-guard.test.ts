import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CodeGuard, codeLockMs, countWrong, freshGuard, isLocked } from './code-guard.ts'

const hour = 3_600_000
const number = freshGuard('number:+8613800138000')

/** Tries as often as it is let, a second apart, through `ms`; how many codes were looked at. */
function looked(guard: CodeGuard, from: number, ms: number): { tries: number; guard: CodeGuard } {
  let tries = 0
  let after = guard
  for (let now = from; now < from + ms; now += 1_000)
    if (!isLocked(after, now)) {
      tries += 1
      after = countWrong(after, now)
    }
  return { tries, guard: after }
}

test('a number has ten tries, then one each half hour, and never a chance of 1 in 10,000 a day', () => {
  const first = looked(number, 0, codeLockMs)
  expect(first.tries).toBe(10)
  let { guard } = first
  for (let day = 0; day < 3; day += 1) {
    const next = looked(guard, codeLockMs + day * 24 * hour, 24 * hour)
    expect(next.tries).toBeLessThanOrEqual(58)
    expect(next.tries / 1_000_000).toBeLessThan(1 / 10_000)
    guard = next.guard
  }
})

test('a client has five hundred an hour', () => {
  expect(looked(freshGuard('client:shop'), 0, codeLockMs - 1).tries).toBe(500)
})

test('an hour-long pause forgets a client, a day-long one a number, and neither shortens a lock', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 30 * hour }), { maxLength: 40 }), (pauses) => {
      let guard = number
      let now = 0
      for (const pause of pauses) {
        now += pause
        const next = countWrong(guard, now)
        expect(next.lockedUntil).toBeGreaterThanOrEqual(guard.lockedUntil)
        expect(next.wrong).toBe(now - guard.since < 24 * hour ? guard.wrong + 1 : 1)
        expect(isLocked(next, now)).toBe(next.wrong >= 10 || guard.lockedUntil > now)
        guard = next
      }
    }),
  )
})
