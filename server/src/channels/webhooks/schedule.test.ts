import { expect, test } from 'vitest'
import { afterTry, begun, type Progress, retryWaitsMs } from './schedule.ts'

test('fifteen waits over 24 hours and 4 minutes', () => {
  expect(retryWaitsMs).toHaveLength(15)
  expect(retryWaitsMs.reduce((sum, wait) => sum + wait)).toBe((24 * 60 + 4) * 60_000)
})

test('a receiver that never answers well is tried sixteen times and then given up', () => {
  let progress: Progress = begun(0)
  const tries: number[] = []
  while (progress.nextAt !== null) {
    tries.push(progress.nextAt)
    progress = afterTry(progress, { status: 500, body: '', ms: 5 }, progress.nextAt)
  }
  expect(tries).toHaveLength(16)
  expect(tries.at(-1)).toBe((24 * 60 + 4) * 60_000)
  expect(progress).toMatchObject({ state: 'dead', attempts: 16, lastError: 'answered 500' })
})

test.each([
  [{ status: 200, body: '', ms: 1 }, 'delivered', null],
  [{ status: 204, body: '', ms: 1 }, 'delivered', null],
  [{ status: 299, body: '', ms: 1 }, 'delivered', null],
  [{ status: 302, body: '', ms: 1 }, 'pending', 'answered 302'],
  [{ status: 404, body: '', ms: 1 }, 'pending', 'answered 404'],
  [{ status: 410, body: '', ms: 1 }, 'dead', 'answered 410'],
  [{ status: 503, body: '', ms: 1 }, 'pending', 'answered 503'],
  [{ failed: 'timed_out', ms: 1 }, 'pending', 'timed_out'],
] as const)('after %o a delivery is %s', (result, state, lastError) => {
  expect(afterTry(begun(0), result, 9)).toMatchObject({ state, lastError, attempts: 1 })
})
