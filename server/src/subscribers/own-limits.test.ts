import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  asOf,
  type KeptSubscriber,
  type OwnLimits,
  ownLimitsOf,
  raiseWaitMs,
  wishLimits,
} from './own-limits.ts'

const free: OwnLimits = { switchedOn: true, single: null, day: null, month: null }
const line: KeptSubscriber = {
  bucket: 1,
  msisdn: '+8613800138000',
  carrier: 'mobile',
  brand: '全球通',
  billing: 'postpaid',
  region: '110000',
  language: 'zh',
  status: 'active',
  simKind: 'ordinary',
  handsetModel: null,
  switchedOn: true,
  ownSingleLimit: null,
  ownDayLimit: null,
  ownMonthLimit: null,
  lastYesAt: null,
  simChangedAt: null,
  pending: null,
}
const limitsAt = (subscriber: KeptSubscriber, at: number) => ownLimitsOf(asOf(subscriber, at))

test('lower counts at once, higher after a day', () => {
  const lower = { ...free, day: 10_00n }
  const lowered = wishLimits(line, lower, 0)
  expect(limitsAt(lowered, 0)).toEqual(lower)
  const raised = wishLimits(lowered, { ...free, day: 20_00n, month: 50_00n }, 0)
  expect(limitsAt(raised, 0)).toEqual({ ...free, day: 10_00n, month: 50_00n })
  expect(limitsAt(raised, raiseWaitMs - 1).day).toBe(10_00n)
  expect(limitsAt(raised, raiseWaitMs)).toEqual({ ...free, day: 20_00n, month: 50_00n })
})

test('asking again for the same or less does not begin the wait anew; asking for more does', () => {
  const low = wishLimits(line, { ...free, day: 10_00n }, 0)
  const first = wishLimits(low, { ...free, day: 30_00n }, 0)
  expect(wishLimits(first, { ...free, day: 30_00n }, 5).pending?.from).toBe(raiseWaitMs)
  expect(wishLimits(first, { ...free, day: 20_00n }, 5).pending?.from).toBe(raiseWaitMs)
  expect(wishLimits(first, { ...free, day: 40_00n }, 5).pending?.from).toBe(raiseWaitMs + 5)
  expect(wishLimits(first, { ...free, day: 10_00n }, 5).pending).toBeNull()
})

test('whatever is wished in turn, nothing easier counts before it has waited a day', () => {
  const limit = fc.option(fc.bigInt(0n, 5n))
  const wish = fc.record({ switchedOn: fc.boolean(), single: limit, day: limit, month: limit })
  const easier = (one: OwnLimits, other: OwnLimits) =>
    (one.switchedOn && !other.switchedOn) ||
    (['single', 'day', 'month'] as const).some((name) => (one[name] ?? 99n) > (other[name] ?? 99n))
  fc.assert(
    fc.property(fc.array(fc.tuple(wish, fc.nat(raiseWaitMs - 1)), { maxLength: 8 }), (steps) => {
      let subscriber = line
      let at = 0
      for (const [limits, wait] of steps) {
        at += wait
        const before = asOf(subscriber, at)
        subscriber = wishLimits(before, limits, at)
        expect(easier(ownLimitsOf(subscriber), ownLimitsOf(before))).toBe(false)
        expect(easier(ownLimitsOf(subscriber), limits)).toBe(false)
        if (subscriber.pending) expect(subscriber.pending.from).toBeGreaterThan(at)
        expect(limitsAt(subscriber, at + raiseWaitMs)).toEqual(limits)
      }
    }),
  )
})
