/** What may leave a wallet and come into it, at each border. */
import { describe, expect, test } from 'vitest'
import { defaultPolicy as policy } from '../risk/index.ts'
import { inRefusal, type OutFacts, outLimit, outRefusal } from './limits.ts'
import type { Purse } from './purses.ts'

const purse: Purse = {
  ...{ walletId: 'w', bucket: 1, msisdn: '+8613900000001', identityId: 'i', class: 'II' },
  ...{ state: 'open', frozen: 'none', openedAt: 0, releasedAt: null },
}
const nothing = { day: 0n, year: 0n, ever: 0n }
const facts: OutFacts = {
  ...{ now: 1_000, policy, used: nothing, balance: 900_000_00n, coolOffUntil: null },
}
const used = (more: Partial<typeof nothing>): OutFacts => ({
  ...facts,
  used: { ...nothing, ...more },
})

describe('out', () => {
  test('example 34: class II used 99,990.00 this year: 10.01 is refused, 10.00 passes', () => {
    const late = used({ year: 99_990_00n })
    expect(outRefusal(purse, late, 10_01n)).toEqual({ refusal: 'over_class_limit', left: 10_00n })
    expect(outRefusal(purse, late, 10_00n)).toBeNull()
  })

  test.each([
    ['I', { ever: 999_00n }, 1_00n],
    ['I', { year: 1_000_00n }, 1_000_00n],
    ['II', { year: 99_999_00n, ever: 500_000_00n }, 1_00n],
    ['III', { year: 199_999_00n }, 1_00n],
  ] as const)('class %s with %o used has %s left', (kind, more, left) => {
    const of = { ...purse, class: kind }
    expect(outLimit(of, used(more).used, policy).ofClass).toBe(left)
    expect(outRefusal(of, used(more), left)).toBeNull()
    expect(outRefusal(of, used(more), left + 1n)).toEqual({ refusal: 'over_class_limit', left })
  })

  test('a day has its own limit, and what is over it leaves nothing, not less', () => {
    expect(outRefusal(purse, used({ day: 49_999_00n }), 1_01n)).toEqual({
      ...{ refusal: 'over_day_limit', left: 1_00n },
    })
    expect(outLimit(purse, used({ day: 60_000_00n }).used, policy).day).toBe(0n)
  })

  test('after a change of SIM nothing leaves until the time has passed', () => {
    const cooling = { ...facts, coolOffUntil: 1_001 }
    expect(outRefusal(purse, cooling, 1n)).toEqual({ refusal: 'cooling_off', until: 1_001 })
    expect(outRefusal(purse, { ...cooling, now: 1_001 }, 1n)).toBeNull()
  })

  test('no more than there is', () => {
    const poor = { ...facts, balance: 10n }
    expect(outRefusal(purse, poor, 11n)).toEqual({ refusal: 'low_balance', left: 10n })
    expect(outRefusal(purse, poor, 10n)).toBeNull()
    expect(outRefusal(purse, poor, 0n)).toEqual({ refusal: 'amount_too_small' })
  })
})

test.each([
  ['none', null, null],
  ['in', null, 'frozen_in'],
  ['out', 'frozen_out', null],
  ['both', 'frozen_out', 'frozen_in'],
] as const)('frozen %s: out %s, in %s', (frozen, out, into) => {
  const one = { ...purse, frozen }
  expect(outRefusal(one, facts, 1n)?.refusal ?? null).toBe(out)
  expect(inRefusal(one)).toBe(into)
})

test('what is being closed or was left behind takes nothing in', () => {
  for (const gone of [{ state: 'closing' }, { state: 'closed' }, { releasedAt: 1 }] as const)
    expect(inRefusal({ ...purse, ...gone })).toBe('payee_unable')
})
