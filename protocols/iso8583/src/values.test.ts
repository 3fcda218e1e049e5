import fc from 'fast-check'
import { expect, test } from 'vitest'
import { refusalIn, valueIn } from '../test/messages.ts'
import { readAdditionalAmounts, writeAdditionalAmounts } from './additional-amounts.ts'
import { originalDataOf, readOriginalData } from './original-data.ts'

test('a balance inquiry is answered with 17,971.00 in the books and 48,109.38 to use', () => {
  const text = '3001156C0000017971003002156C000004810938'
  const amounts = valueIn(readAdditionalAmounts(text))
  expect(amounts).toEqual([
    { accountType: '30', amountType: '01', currency: '156', amount: 17_971_00n },
    { accountType: '30', amountType: '02', currency: '156', amount: 48_109_38n },
  ])
  expect(writeAdditionalAmounts(amounts)).toBe(text)
})

test('amounts of either sign survive, up to six of them', () => {
  const amount = fc.record({
    accountType: fc.constantFrom('00', '10', '30'),
    amountType: fc.constantFrom('01', '02'),
    currency: fc.constantFrom('156', '840'),
    amount: fc.bigInt({ min: -999_999_999_999n, max: 999_999_999_999n }),
  })
  fc.assert(
    fc.property(fc.array(amount, { maxLength: 6 }), (amounts) => {
      expect(valueIn(readAdditionalAmounts(writeAdditionalAmounts(amounts)))).toEqual(amounts)
    }),
  )
})

test.each([
  '3001156C00000179710',
  '3001156X000001797100',
  '3001156C0000017971003',
  ' 3001156C000001797100',
  '3001156C000001797100'.repeat(7),
])('%s is no list of amounts', (text) => {
  expect(refusalIn(readAdditionalAmounts(text))).toBe('additional_amounts_invalid')
})

test('amounts that do not fit are not written', () => {
  const amount = { accountType: '30', amountType: '01', currency: '156', amount: 1n }
  expect(() => writeAdditionalAmounts([{ ...amount, amount: 10n ** 12n }])).toThrow(RangeError)
  expect(() => writeAdditionalAmounts(Array(7).fill(amount))).toThrow(RangeError)
  expect(() => writeAdditionalAmounts([{ ...amount, currency: 'CNY' }])).toThrow(RangeError)
})

test('a reversal names the message it takes back', () => {
  const fields = { 7: '0205102241', 11: '376899', 32: '14842763', 33: '14427900' }
  const text = valueIn(originalDataOf({ mti: '0200', fields }))
  expect(text).toBe('020037689902051022410001484276300014427900')
  expect(valueIn(readOriginalData(text))).toEqual({
    mti: '0200',
    stan: '376899',
    transmitted: '0205102241',
    acquirer: '14842763',
    forwarder: '14427900',
  })
  expect(refusalIn(originalDataOf({ mti: '0200', fields: { 11: '376899' } }))).toBe(
    'original_incomplete',
  )
  expect(refusalIn(readOriginalData(text.slice(1)))).toBe('original_data_invalid')
})
