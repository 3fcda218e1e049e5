/** Shares and lucky parts always add up, to the fen; the worked examples of the domain are exact. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createBusinessTime, createIds } from '../kernel/index.ts'
import { type Draw, drawFrom, luckyParts } from './lucky.ts'
import { periodOf, roundDate } from './mandate.ts'
import { partMax } from './packet.ts'
import { byWeights, equally } from './shares.ts'

const sum = (amounts: readonly bigint[]) => amounts.reduce((all, one) => all + one, 0n)

describe('a bill in shares', () => {
  test.each([
    [100_00n, 3, [33_34n, 33_33n, 33_33n]],
    [123_45n, 7, [17_64n, 17_64n, 17_64n, 17_64n, 17_63n, 17_63n, 17_63n]],
    [2n, 3, [1n, 1n, 0n]],
  ])('%s fen among %s', (total, people, shares) => {
    expect(equally(total, people)).toEqual(shares)
  })

  test('by weights 50:30:20 of 99.99', () => {
    expect(byWeights(99_99n, [50n, 30n, 20n])).toEqual([49_99n, 30_00n, 20_00n])
  })

  test('adds up, and nobody is a whole fen away from what is due', () => {
    const weights = fc.array(fc.bigInt(0n, 1_000n), { minLength: 1, maxLength: 100 })
    fc.assert(
      fc.property(fc.bigInt(1n, 5_000_00n), weights, (total, all) => {
        const whole = sum(all)
        fc.pre(whole > 0n)
        const shares = byWeights(total, all)
        expect(sum(shares)).toBe(total)
        for (const [n, share] of shares.entries()) {
          const distance = share * whole - total * (all[n] ?? 0n)
          expect(distance < whole && distance > -whole).toBe(true)
        }
      }),
      { numRuns: 200 },
    )
  })

  test('weights that are none give nothing', () => {
    expect(byWeights(100n, [0n, 0n])).toEqual([])
    expect(byWeights(100n, [2n, -1n])).toEqual([])
  })
})

describe('a lucky packet', () => {
  /** Draws ⌊u × span⌋, u in tenths. */
  const tenths = (...all: bigint[]): Draw => {
    const left = [...all]
    return (span) => ((left.shift() ?? 0n) * span) / 10n
  }

  test('example 30: 10.00 in 5 with u .5 .1 .9 .3', () => {
    expect(luckyParts(10_00n, 5, tenths(5n, 1n, 9n, 3n))).toEqual([200n, 40n, 455n, 92n, 213n])
  })

  test('example 30: 0.05 in 5 is a fen each, whatever is drawn', () => {
    for (const u of [0n, 5n, 9n])
      expect(luckyParts(5n, 5, tenths(u, u, u, u))).toEqual([1n, 1n, 1n, 1n, 1n])
  })

  test('adds up, and no part is below a fen or above the most, at every draw', () => {
    const packet = fc
      .integer({ min: 1, max: 100 })
      .chain((count) =>
        fc.tuple(fc.constant(count), fc.bigInt(BigInt(count), BigInt(count) * partMax)),
      )
    const chance = fc.array(fc.bigInt(0n, 999n), { minLength: 99, maxLength: 99 })
    fc.assert(
      fc.property(packet, chance, ([count, amount], all) => {
        const left = [...all]
        const parts = luckyParts(amount, count, (span) => ((left.shift() ?? 0n) * span) / 1_000n)
        expect(parts).toHaveLength(count)
        expect(sum(parts)).toBe(amount)
        for (const part of parts) expect(part >= 1n && part <= partMax).toBe(true)
      }),
      { numRuns: 300 },
    )
  })

  test('nobody does better for being first or last', () => {
    // Bytes of a generator of its own: the same in every run.
    let state = 1n
    const random = (bytes: number) =>
      Uint8Array.from({ length: bytes }, () => {
        state = (state * 6364136223846793005n + 1442695040888963407n) % 2n ** 64n
        return Number(state >> 56n)
      })
    const runs = 4_000
    const draw = drawFrom(random)
    const sums = Array.from({ length: 10 }, () => 0n)
    for (let run = 0; run < runs; run += 1)
      for (const [n, part] of luckyParts(10_00n, 10, draw).entries())
        sums[n] = (sums[n] ?? 0n) + part
    for (const all of sums) {
      const mean = Number(all) / runs
      expect(mean).toBeGreaterThan(94)
      expect(mean).toBeLessThan(106)
    }
  })

  test('draws are below their span', () => {
    const draw = drawFrom(createIds().random)
    for (const span of [1n, 2n, 3n, 1_000n])
      for (let n = 0; n < 50; n += 1) expect(draw(span) < span).toBe(true)
  })

  test('what lies beyond the last whole multiple is drawn again', () => {
    const bytes = [255, 0]
    const draw = drawFrom((count) => new Uint8Array(count).fill(bytes.shift() ?? 7))
    expect(draw(10n)).toBe(0n)
    expect(bytes).toEqual([])
  })
})

describe('the rounds of a standing order', () => {
  const time = createBusinessTime()
  const from = (every: 'day' | 'week' | 'month', startsOn: string) => ({ every, startsOn })

  test.each([
    ['day', '2026-09-12', ['2026-09-12', '2026-09-13', '2026-09-14']],
    ['week', '2026-12-28', ['2026-12-28', '2027-01-04', '2027-01-11']],
    ['month', '2026-11-30', ['2026-11-30', '2026-12-30', '2027-01-30', '2027-02-28', '2027-03-30']],
    ['month', '2028-01-31', ['2028-01-31', '2028-02-29', '2028-03-31']],
  ] as const)('each %s from %s', (every, startsOn, dates) => {
    expect(dates.map((_, n) => roundDate(time, from(every, startsOn), n))).toEqual(dates)
  })

  test('every date is in the period of the round before it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('day', 'week', 'month'),
        fc.integer({ min: 1, max: 31 }),
        fc.integer({ min: 0, max: 800 }),
        (every, day, later) => {
          const order = from(every, `2027-01-${String(day).padStart(2, '0')}`)
          const date = time.nextDate(order.startsOn, later)
          const period = periodOf(time, order, date)
          expect(period <= date).toBe(true)
          let n = 0
          while (roundDate(time, order, n) < period) n += 1
          expect(roundDate(time, order, n)).toBe(period)
          expect(roundDate(time, order, n + 1) > date).toBe(true)
        },
      ),
      { numRuns: 100 },
    )
  })
})
