import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { read } from './reading.ts'

const yesWords = ['Y', 'YES', '是', '1', '确认', 'OK']
const noWords = ['N', 'NO', '0', '否', '不']

describe('words of the dialogue', () => {
  test.each([
    ...yesWords,
    ...[
      'y',
      'Yes',
      'ok',
      ' Y ',
      'Y.',
      'Y。',
      'Y！',
      'Ｙ',
      'ｙｅｓ',
      '１',
      '\u200bY',
      'Y\r\n',
      'ＯＫ',
    ],
  ])('%j is a yes', (words) => {
    expect(read(words).yes).toEqual({ pick: null })
    expect(read(words).no).toBe(false)
  })

  test.each([
    ['Y1', 1],
    ['y 2', 2],
    ['Ｙ３', 3],
    ['YES9', 9],
    ['是1', 1],
  ])('%j picks %i from the list', (words, pick) => {
    expect(read(words).yes).toEqual({ pick })
  })

  test.each([
    ...[
      'YESTERDAY',
      'YEAH',
      'YY',
      'Y0',
      'Y10',
      'Y 1 2',
      'OKAY',
      'yes please',
      '好',
      '是的',
      '确认付款',
    ],
    ...['11', '01', '1.0', '①', '¹', 'ʸ', 'Ⓨ', '𝐘', 'yeſ', 'Y\u200bES', '', '?', 'не', 'N', '0'],
  ])('%j is no yes', (words) => {
    expect(read(words).yes).toBeNull()
  })

  test.each([...noWords, 'n', 'No', '０', 'N!', '不。'])('%j is a no', (words) => {
    expect(read(words).no).toBe(true)
    expect(read(words).yes).toBeNull()
  })

  test.each(['NOT', 'NN', '00', '不要', 'NOW'])('%j is no no', (words) => {
    expect(read(words).no).toBe(false)
  })

  test.each([
    ...[
      'TD',
      'td',
      'T',
      'QX',
      '退订',
      '取消',
      'STOP',
      'stop all',
      'UNSUB',
      '0000',
      '00000',
      '11111',
    ],
    ...[
      '请退订',
      '我要退订',
      '退订谢谢',
      '退订吧',
      '麻烦取消',
      'ＴＤ',
      'TD602101',
      'td 1',
      '退订。',
    ],
  ])('%j stops', (words) => {
    expect(read(words).stop).toBe(true)
  })

  test.each(['QX', 'qx', '取消', '请取消'])('%j cancels first what is open', (words) => {
    expect(read(words).cancel).toBe(true)
  })

  test.each(['STOPPING', 'TDX', '不退订', 'T1', '000', '111111'])('%j stops nothing', (words) => {
    expect(read(words).stop).toBe(false)
  })

  test.each(['Y', 'yes', 'N', '是', '不', '确认', 'OK', 'TD', '取消', 'Y2'])(
    '%j is not a keyword of goods as well, so it means the same where nothing is open',
    (words) => {
      expect(read(words).product).toBeNull()
    },
  )
})

describe('orders', () => {
  test.each([
    ['100', '100', null],
    ['１００', '100', null],
    ['020。', '020', null],
    ['100#player7', '100', 'player7'],
    ['100#PlayerSeven', '100', 'PlayerSeven'],
    ['１００＃ｐｌａｙｅｒ７', '100', 'player7'],
    ['100 player7', '100', 'player7'],
    ['100# 12 34', '100', '12 34'],
    ['点卡', '点卡', null],
    ['card', 'CARD', null],
    ['card Bob', 'CARD', 'Bob'],
    ['YESTERDAY', 'YESTERDAY', null],
  ])('%j is goods %s for account %j', (words, word, account) => {
    expect(read(words).product).toEqual({ word, account })
  })

  test.each(['1000', '10', '100##', '#100', `100#${'x'.repeat(33)}`, '100＋1', ''])(
    '%j names no goods, or none with an account',
    (words) => {
      expect(read(words).product?.account ?? null).toBeNull()
    },
  )

  test.each([
    ['0.1', 10n],
    ['30', 30_00n],
    ['12.5', 12_50n],
    ['12.50', 12_50n],
    ['１２．５', 12_50n],
    ['12.5元', 12_50n],
    ['5 yuan', 5_00n],
    ['¥8', 8_00n],
    ['￥8', 8_00n],
    ['CNY 9.90', 9_90n],
    ['1', 1_00n],
    ['0', 0n],
    ['99.99', 99_99n],
  ])('%j is an amount', (words, amount) => {
    expect(read(words).amount).toBe(amount)
  })

  test.each(['100', '150', '12.345', '-5', '1e3', '1,000', '12.', '.5', '0x10', '十元', '5.5.5'])(
    '%j is no amount, or its point was a full stop',
    (words) => {
      expect([null, 12_00n]).toContain(read(words).amount)
    },
  )

  test('three digits are goods and never an amount; four to six are a payment code', () => {
    for (let number = 0; number <= 999_999; number += 37)
      for (const digits of [3, 4, 5, 6]) {
        const words = String(number).padStart(digits, '0')
        const { product, amount, code } = read(words)
        if (words.length === 3) expect([product?.word, amount, code]).toEqual([words, null, null])
        else if (words.length > 3) expect([product, amount, code]).toEqual([null, null, words])
      }
  })
})

describe('whatever is texted', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 80 }),
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc
      .array(
        fc.constantFrom(...yesWords, ...noWords, 'TD', ' ', '1', '#', '。', '\u0000', '\ud800'),
      )
      .map((words) => words.join('')),
  )
  /** As the list of the domain says it, written once more on its own. */
  const mayBeYes = /^(?:Y|YES|是|1|确认|OK|(?:Y|YES|是) ?[1-9])$/

  test('reading never fails, and what is no yes-word is no yes', () => {
    fc.assert(
      fc.property(anything, (words) => {
        const reading = read(words)
        if (reading.yes) expect(reading.text).toMatch(mayBeYes)
        expect(reading.yes && reading.no).toBeFalsy()
        expect(read(reading.text).text).toBe(reading.text)
      }),
      { numRuns: 3_000 },
    )
  })

  test('no single character outside of the list confirms', () => {
    for (let code = 0; code <= 0x1_ffff; code += 1) {
      const letter = String.fromCodePoint(code)
      if (read(letter).yes) expect('yY1是ｙＹ１').toContain(letter)
    }
  })
})
