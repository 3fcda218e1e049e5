import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { codeDigits } from '../ui/code-digits.ts'
import { cardDigits, expiryOf, groupedCard, isCardNumber } from './card-number.ts'
import { cashOf, countsOf, differenceOf, isAbove, piecesOf, totalOf } from './cash.ts'
import { documentDigits, isDocumentNumber, isWhole } from './identity-document.ts'
import { pad, pathOf } from './pen.ts'

describe('a card number', () => {
  test('is read from groups, full-width figures and a reader’s noise', () => {
    expect(cardDigits('６２１７ 0012-3456 7890 122;')).toBe('6217001234567890122')
    expect(groupedCard('6217001234567890122')).toBe('6217 0012 3456 7890 122')
  })

  test('with one digit mistyped is none', () => {
    const good = '6217001234567890122'
    expect(isCardNumber(good)).toBe(true)
    fc.assert(
      fc.property(fc.nat(18), fc.integer({ min: 1, max: 9 }), (place, by) => {
        const digit = (Number(good[place]) + by) % 10
        return !isCardNumber(`${good.slice(0, place)}${digit}${good.slice(place + 1)}`)
      }),
      { numRuns: 60 },
    )
  })

  test.each([[''], ['62170012345'], ['62170012345678901226'], ['6217 0012']])(
    '%j is none',
    (text) => expect(isCardNumber(text)).toBe(false),
  )

  test.each([
    ['08/29', '2908'],
    ['1230', '3012'],
    ['０８/２９', '2908'],
    ['13/29', null],
    ['8/29', null],
    ['', null],
  ])('the expiry %j on the card is %j in a message', (typed, expected) => {
    expect(expiryOf(typed)).toBe(expected)
  })
})

describe('an identity document', () => {
  test.each([
    ['11010519491231002X', true],
    ['110105194912310021', false],
    ['110105194912310020', false],
    ['11010519491231002', false],
    ['X1010519491231002X', false],
  ])('%s: %s', (text, expected) => expect(isDocumentNumber(text)).toBe(expected))

  test('is typed with spaces and a small x', () => {
    expect(documentDigits('110105 19491231 002x')).toBe('11010519491231002X')
    expect(isWhole({ name: ' ', documentNumber: '11010519491231002X' })).toBe(false)
  })
})

describe('cash', () => {
  test('is the sum of its pieces, to the fen', () => {
    expect(totalOf({ '10000': 30, '1000': 26, '10': 3 })).toBe('326030')
    expect(totalOf({})).toBe('0')
    expect(differenceOf('326030', '326000')).toBe('30')
    expect(differenceOf('325900', '326000')).toBe('-100')
  })

  test.each([
    ['', 0],
    ['7', 7],
    ['７', 7],
    ['-1', null],
    ['1.5', null],
    ['100000', null],
  ])('%j pieces are %j', (typed, expected) => expect(piecesOf(typed)).toBe(expected))

  test('a count with one line that is none is no count', () => {
    expect(countsOf({ '10000': '2', '50': '' })).toEqual({ '10000': 2 })
    expect(countsOf({ '10000': '2', '50': 'x' })).toBeNull()
  })

  test.each([
    ['500', '50000'],
    ['12.5', '1250'],
    ['0', null],
    ['0.001', null],
    ['-5', null],
  ])('%j yuan are %j fen', (typed, fen) => {
    const parsed = cashOf(typed)
    expect(parsed.ok ? parsed.fen : null).toBe(fen)
  })

  test('is compared beyond what a float can hold', () => {
    expect(isAbove('9007199254740993', '9007199254740992')).toBe(true)
    expect(isAbove('1000000', '1000000')).toBe(false)
  })
})

describe('a signature', () => {
  test('is a path that stays on the pad and within what the server takes', () => {
    const point = fc.record({ x: fc.integer({ min: -50, max: 400 }), y: fc.float({ noNaN: true }) })
    fc.assert(
      fc.property(fc.array(fc.array(point, { maxLength: 40 }), { maxLength: 40 }), (strokes) => {
        const path = pathOf(strokes)
        expect(path.length).toBeLessThanOrEqual(8_000)
        expect(path).toMatch(/^(?:[ML]\d+(?:\.\d)? \d+(?:\.\d)?)*$/)
        for (const [, x, y] of path.matchAll(/[ML]([\d.]+) ([\d.]+)/g)) {
          expect(Number(x)).toBeLessThanOrEqual(pad.width)
          expect(Number(y)).toBeLessThanOrEqual(pad.height)
        }
      }),
      { numRuns: 40 },
    )
  })

  test('begins each stroke anew', () => {
    const stroke = [
      { x: 1, y: 2 },
      { x: 3.14, y: 4 },
    ]
    expect(pathOf([stroke, stroke])).toBe('M1 2L3.1 4M1 2L3.1 4')
    expect(pathOf([])).toBe('')
  })
})

test('a code is digits only, as many as it has', () => {
  expect(codeDigits('12 34-５６7')).toBe('123456')
  expect(codeDigits('123456789', 8)).toBe('12345678')
})
