import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAmount, writeAmount } from './amounts.ts'

const answer = (
  result: { readonly ok: true; readonly value: unknown } | { readonly ok: false; refusal: string },
) => (result.ok ? result.value : result.refusal)

test.each([
  ['23.72', '156', 2372n],
  ['98.', '156', 9800n],
  ['98', '156', 9800n],
  ['0.1', '840', 10n],
  ['1.2300', '156', 123n],
  ['500', '392', 500n],
  ['50000.00', '704', 50000n],
  ['1.234', '414', 1234n],
  ['1.2345', '990', 12345n],
  ['0000000000.01', '156', 1n],
  ['1.005', '156', 'amount_inexact'],
  ['0.5', '392', 'amount_inexact'],
  ['0.00', '156', 'amount_not_positive'],
  ['', '156', 'amount_malformed'],
  ['.5', '156', 'amount_malformed'],
  ['1.2.3', '156', 'amount_malformed'],
  ['-1', '156', 'amount_malformed'],
  ['１', '156', 'amount_malformed'],
  ['12345678901.23', '156', 'amount_too_long'],
  ['1.00', '999', 'currency_unknown'],
  ['1.00', 'CNY', 'currency_unknown'],
])('%j in %s is %s', (text, currency, minorUnits) => {
  expect(answer(readAmount(text, currency))).toBe(minorUnits)
})

test.each([
  [2372n, '156', '23.72'],
  [1n, '156', '0.01'],
  [500n, '392', '500'],
  [1n, '414', '0.001'],
  [999_999_999_999n, '156', '9999999999.99'],
  [1_000_000_000_000n, '156', 'amount_too_long'],
  [0n, '156', 'amount_not_positive'],
  [-1n, '156', 'amount_not_positive'],
  [1n, '000', 'currency_unknown'],
])('%s in %s is written %s', (minorUnits, currency, text) => {
  expect(answer(writeAmount(minorUnits, currency))).toBe(text)
})

test('what is written is read the same, in every kind of currency', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 1n, max: 99_999_999_999n }),
      fc.constantFrom('156', '392', '414', '990'),
      (minorUnits, currency) => {
        const written = writeAmount(minorUnits, currency)
        expect(written.ok && answer(readAmount(written.value, currency))).toBe(minorUnits)
      },
    ),
  )
})
