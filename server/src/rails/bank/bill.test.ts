/** The bill in a bank's answer: read exactly, or as good as not said. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isBusinessDate } from '../../kernel/index.ts'
import { billIn } from './answers.ts'

const said = 'AB2026100520261025000000002905000000000291000000000100'

test('days and sums are read from field 57', () => {
  expect(billIn(said.padEnd(98))).toEqual({
    ...{ billedOn: '2026-10-05', dueOn: '2026-10-25', amount: 29_05n, minimum: 2_91n, paid: 1_00n },
  })
})

test.each([
  ['nothing', ''],
  ['the number of an agreement', `AB${'20261005000000000017'.padEnd(96)}`],
  ['days alone, as older banks say them', 'AB2026100520261025'],
  ['a day that never was', said.replace('20261005', '20260230')],
  ['due before it was made', said.replace('20261025', '20260925')],
  ['nothing owed', said.replace('000000002905', '000000000000')],
  ['a minimum above the amount', said.replace('000000000291', '000000002906')],
  ['more paid than owed', said.replace('000000000100', '000000002906')],
  ['a sign', said.replace('000000000100', '-00000000100')],
  ['more behind it', `${said}9`],
])('%s is no bill', (_, text) => {
  expect(billIn(text)).toBeUndefined()
})

test('whatever a bank sends is a bill that makes sense, or none', () => {
  const digits = (length: number) =>
    fc.array(fc.integer({ min: 0, max: 9 }), { minLength: length, maxLength: length })
  const near = fc
    .tuple(digits(16), digits(36))
    .map(([days, sums]) => `AB${[...days, ...sums].join('')}`)
  const spoilt = fc.tuple(fc.nat(said.length - 1), fc.string({ minLength: 1, maxLength: 2 }))
  const texts = fc.oneof(
    fc.string({ maxLength: 100 }),
    near,
    spoilt.map(([place, text]) => said.slice(0, place) + text + said.slice(place + text.length)),
  )
  let read = 0
  fc.assert(
    fc.property(texts, (text) => {
      const bill = billIn(text)
      if (!bill) return
      read += 1
      const { billedOn, dueOn, amount, minimum, paid } = bill
      expect([isBusinessDate(billedOn), isBusinessDate(dueOn), billedOn < dueOn]).toEqual([
        ...[true, true, true],
      ])
      expect(amount).toBeGreaterThan(0n)
      expect(minimum <= amount && paid <= amount && minimum >= 0n && paid >= 0n).toBe(true)
    }),
    { numRuns: 2_000 },
  )
  // The property would hold for a reader that reads nothing.
  expect(read).toBeGreaterThan(0)
})
