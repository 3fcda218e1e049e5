import { expect, test } from 'vitest'
import { codeIn, digitsIn, grouped } from './voucher-code.ts'

test.each([
  ['1234 5678-9012 3456', '1234567890123456'],
  ['１２３４', '1234'],
  ['code: 12345678901234567', '1234567890123456'],
  ['', ''],
])('%j is typed as %j', (typed, digits) => {
  expect(digitsIn(typed)).toBe(digits)
})

test('digits stand in fours, with no blank at the end', () => {
  expect(['1234', '12345', '1234567890123456'].map(grouped)).toEqual([
    ...['1234', '1234 5', '1234 5678 9012 3456'],
  ])
})

test('a camera reads a voucher, and nothing else for one', () => {
  expect(codeIn('1234 5678 9012 3456')).toBe('1234567890123456')
  for (const other of ['https://pay.example/1234567890123456', '123456789012345678', ''])
    expect(codeIn(other)).toBeNull()
})
