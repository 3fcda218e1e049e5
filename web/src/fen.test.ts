import { describe, expect, test } from 'vitest'
import { addFen, formatFen, isZeroFen, negateFen, parseYuan, splitFen } from './fen.ts'

describe('an amount in fen is written in yuan', () => {
  test.each([
    ['0', '0.00'],
    ['5', '0.05'],
    ['10', '0.10'],
    ['1000', '10.00'],
    ['128640', '1,286.40'],
    ['-320', '−3.20'],
    ['900719925474099312', '9,007,199,254,740,993.12'],
  ])('%s is %s', (fen, written) => {
    expect(formatFen(fen)).toBe(written)
  })

  test('its parts are told apart for a large figure', () => {
    expect(splitFen('2860')).toEqual({ sign: '', yuan: '28', cents: '60' })
  })
})

describe('amounts are reckoned as whole fen', () => {
  test('a sum beyond what a number holds exactly stays exact', () => {
    expect(addFen('9007199254740993', '10')).toBe('9007199254741003')
  })

  test('zero has no minus', () => {
    expect(negateFen('0')).toBe('0')
    expect(isZeroFen('00')).toBe(true)
  })
})

describe('a typed amount', () => {
  const range = { min: '10', max: '3000', step: '10' }

  test.each([
    ['0.1', '10'],
    ['12.5', '1250'],
    ['30', '3000'],
    ['３０．００', '3000'],
    [' 7.00 ', '700'],
  ])('%s is %s fen', (typed, fen) => {
    expect(parseYuan(typed, range)).toEqual({ ok: true, fen })
  })

  test.each([
    ['', 'not_an_amount'],
    ['abc', 'not_an_amount'],
    ['1.234', 'not_an_amount'],
    ['-1', 'not_an_amount'],
    ['0.09', 'out_of_range'],
    ['30.1', 'out_of_range'],
    ['31', 'out_of_range'],
    ['0.15', 'off_step'],
  ])('%s is refused as %s', (typed, reason) => {
    expect(parseYuan(typed, range)).toEqual({ ok: false, reason })
  })
})
