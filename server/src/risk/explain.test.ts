import fc from 'fast-check'
import { expect, test } from 'vitest'
import { explainLimits, type LimitFacts } from './explain.ts'
import type { ListHit, Listing } from './list.ts'
import { defaultPolicy } from './policy.ts'

const now = Date.UTC(2026, 10, 23, 4)
const msisdn = '+8613800138000'
const quiet: LimitFacts = {
  msisdn,
  status: 'active',
  switchedOn: true,
  own: { single: null, day: null, month: null },
  lastYesAt: null,
  usedToday: 0n,
  usedThisMonth: 0n,
  hits: [],
}
const on = (list: Listing): ListHit => ({
  name: `number:${msisdn}`,
  entry: {
    id: 'e1',
    list,
    subject: { kind: 'number', value: msisdn },
    reason: 'r',
    author: 'a',
    createdAt: 0,
    expiresAt: null,
    removedAt: null,
    removedBy: null,
  },
})

test.each([
  [{}, 30_00n, []],
  [{}, 30_01n, ['over_single_limit']],
  [{}, 9n, ['amount_too_small']],
  [{ usedToday: 20_00n, usedThisMonth: 20_00n }, 30_00n, []],
  [{ usedToday: 20_01n, usedThisMonth: 20_01n }, 30_00n, ['over_day_limit']],
  [{ usedThisMonth: 70_01n }, 30_00n, ['over_month_limit']],
  [{ own: { single: 5_00n, day: null, month: null } }, 5_01n, ['over_single_limit']],
  [{ lastYesAt: now - 59_999 }, 10n, ['too_soon']],
  [{ lastYesAt: now - 60_000 }, 10n, []],
  [{ lastYesAt: now, hits: [on('white')] }, 10n, []],
  [{ hits: [on('grey')] }, 15_00n, []],
  [{ hits: [on('grey')] }, 15_01n, ['over_single_limit']],
  [{ hits: [on('black')] }, 10n, ['blacklisted']],
  [{ status: 'suspended', switchedOn: false }, 10n, ['line_suspended', 'switched_off']],
] as const)('%o buying for %s is told %o', (facts, amount, refusals) => {
  expect(explainLimits({ ...quiet, ...facts }, defaultPolicy, now, amount).refusals).toEqual(
    refusals,
  )
})

test('the most one purchase could be is just what passes, and one fen more does not', () => {
  const amount = fc.bigInt(0n, 110_00n)
  const own = fc.option(fc.bigInt(0n, 60_00n))
  const facts = fc.record({
    usedToday: amount,
    usedThisMonth: amount,
    lastYesAt: fc.constantFrom(null, now - 30_000, now - 90_000),
    own: fc.record({ single: own, day: own, month: own }),
    hits: fc.subarray([on('grey'), on('white')]),
  })
  fc.assert(
    fc.property(facts, (changes) => {
      const given = { ...quiet, ...changes }
      const { mostNow } = explainLimits(given, defaultPolicy, now)
      if (mostNow > 0n)
        expect(explainLimits(given, defaultPolicy, now, mostNow).refusals).toEqual([])
      const above = mostNow > 0n ? mostNow + 1n : defaultPolicy.amountMin
      expect(explainLimits(given, defaultPolicy, now, above).refusals).not.toEqual([])
    }),
  )
})
