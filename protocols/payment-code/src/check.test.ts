import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alias, exampleKey, hmacOf, refusalIn, valueIn } from '../test/example.ts'
import { checkCode } from './check.ts'
import { makeCode, splitCode } from './code.ts'
import { otpOf } from './otp.ts'

const hmac = hmacOf(exampleKey)
const at = 1_767_225_600_000
const step = 58_907_520
const code = valueIn(splitCode('762049155374537744'))

test.each([
  [-30_001, 'otp_wrong'],
  [-30_000, 'accepted'],
  [0, 'accepted'],
  [119_000, 'accepted'],
  [119_999, 'accepted'],
  [120_000, 'otp_wrong'],
])('the published code %i ms after it was made: %s', async (later, answer) => {
  const checked = await checkCode(code, { hmac, now: at + later })
  expect(refusalIn(checked)).toBe(answer)
  if (checked.ok) expect(checked.value).toEqual([step])
})

test.each([
  [600_000, 119_999, 'accepted'],
  [600_000, 120_000, 'otp_wrong'],
  [-600_000, -30_000, 'accepted'],
  [-600_000, -30_001, 'otp_wrong'],
])(
  'a clock that was %i ms ahead is made up for, %i ms after: %s',
  async (deviceAheadMs, later, answer) => {
    const now = at - deviceAheadMs + later
    expect(refusalIn(await checkCode(code, { hmac, now, deviceAheadMs }))).toBe(answer)
  },
)

test('a code is good at exactly the moments of five steps, and says the step it was made in', () =>
  fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ minLength: 32, maxLength: 32 }),
      fc.integer({ min: 300_000, max: 4_102_444_800_000 }),
      fc.integer({ min: -300_000, max: 300_000 }),
      async (key, made, later) => {
        const own = hmacOf(key)
        const digits = valueIn(await makeCode({ alias, hmac: own, now: made }))
        const checked = await checkCode(valueIn(splitCode(digits)), {
          hmac: own,
          now: made + later,
        })
        const madeIn = Math.floor(made / 30_000)
        const apart = Math.floor((made + later) / 30_000) - madeIn
        const steps = checked.ok ? checked.value : []
        expect(steps.includes(madeIn)).toBe(apart >= -1 && apart <= 3)
      },
    ),
    { numRuns: 200 },
  ))

test('two steps with the same one-time part are both told, the one of now first', async () => {
  // One MAC for all counters, so that every step of the window has the same digits.
  const constant = () => new Uint8Array(32).fill(0x11)
  const otp = await otpOf(constant, step)
  const checked = await checkCode({ ...code, otp }, { hmac: constant, now: at })
  expect(valueIn(checked)).toEqual([step, step - 1, step - 2, step - 3, step + 1])
})

test('the search ends at a step that is later than the last one taken, and nowhere else', async () => {
  let asked = 0
  const counting = (message: Uint8Array<ArrayBuffer>) => {
    asked += 1
    return hmac(message)
  }
  const before = { ...code, otp: await otpOf(hmac, step - 2) }
  const cases = [
    [code, step - 1, [step], 1],
    [code, step, [step], 5],
    [before, step - 3, [step - 2], 3],
    [before, step - 2, [step - 2], 5],
    [{ ...code, otp: '000000' }, -1, undefined, 5],
  ] as const
  for (const [shown, after, steps, computed] of cases) {
    asked = 0
    const checked = await checkCode(shown, { hmac: counting, now: at, after })
    expect([checked.ok ? checked.value : undefined, asked]).toEqual([steps, computed])
  }
})

test('the first steps of time have none before them', async () => {
  const first = { ...code, otp: await otpOf(hmac, 0) }
  expect(valueIn(await checkCode(first, { hmac, now: 0 }))).toEqual([0])
  expect(refusalIn(await checkCode(first, { hmac, now: -1 }))).toBe('time_invalid')
  expect(refusalIn(await checkCode(first, { hmac, now: Number.NaN }))).toBe('time_invalid')
})

test('another key makes another code', async () => {
  const other = hmacOf(new Uint8Array(32).fill(0xff))
  expect(refusalIn(await checkCode(code, { hmac: other, now: at }))).toBe('otp_wrong')
})

test('an HMAC that fails is no wrong code', async () => {
  const broken = () => Promise.reject(new Error('the key store is away'))
  await expect(checkCode(code, { hmac: broken, now: at })).rejects.toThrow('the key store is away')
})
