import fc from 'fast-check'
import { expect, test } from 'vitest'
import { equally, remainder, sumOf } from './split-cut.ts'

test.each([
  ['10000', 3, ['3334', '3333', '3333']],
  ['12345', 7, ['1764', '1764', '1764', '1764', '1763', '1763', '1763']],
  ['32650', 4, ['8163', '8163', '8162', '8162']],
  ['2', 3, ['1', '1', '0']],
])('%s among %d is %j', (total, count, shares) => {
  expect(equally(total, count)).toEqual(shares)
})

test('equal shares are the bill to the fen, and no two differ by more than one', () => {
  fc.assert(
    fc.property(fc.bigInt(1n, 500_000_00n), fc.integer({ min: 1, max: 100 }), (total, count) => {
      const shares = equally(total.toString(), count)
      expect(sumOf(shares)).toBe(total.toString())
      expect(BigInt(shares[0] ?? 0) - BigInt(shares.at(-1) ?? 0)).toBeLessThanOrEqual(1n)
    }),
  )
})

test('what others do not pay is one’s own, and it may not be less than nothing', () => {
  expect(remainder('10000', ['2500', '2500'])).toBe('5000')
  expect(remainder('10000', [])).toBe('10000')
  expect(remainder('100', ['60', '60'])).toBe('-20')
})
