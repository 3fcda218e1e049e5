import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readCardText, withoutPins } from './reading.ts'

const none = { last4: null }
const bought = { kind: 'buy', merchantId: '6021', word: '100', account: null, amount: 100_00n }

describe('what is asked for', () => {
  test.each([
    ['6021 100', { ...bought, ...none }],
    ['6021#100', { ...bought, ...none }],
    ['６０２１　１００', { ...bought, ...none }],
    ['6021 100#Player7', { ...bought, ...none, account: 'Player7' }],
    ['6021 100#Player7 K6215', { ...bought, account: 'Player7', last4: '6215' }],
    ['6021 100 k6215', { ...bought, last4: '6215' }],
    ['6022 12.5', { ...bought, ...none, merchantId: '6022', word: '12.5', amount: 12_50n }],
    ['6021 gold', { ...bought, ...none, word: 'GOLD', amount: null }],
    ['YE', { kind: 'balance', ...none }],
    ['ye k6215', { kind: 'balance', last4: '6215' }],
    ['余额', { kind: 'balance', ...none }],
    ['CZ100', { kind: 'top_up', amount: 100_00n, ...none }],
    ['cz 100.50元 K6215', { kind: 'top_up', amount: 100_50n, last4: '6215' }],
    ['充值 1', { kind: 'top_up', amount: 1_00n, ...none }],
    ['TX200', { kind: 'withdrawal', amount: 200_00n, speed: 'next_day', ...none }],
    ['TXK 200', { kind: 'withdrawal', amount: 200_00n, speed: 'same_day', ...none }],
    ['提现 200', { kind: 'withdrawal', amount: 200_00n, speed: 'next_day', ...none }],
    ['ZD', { kind: 'bill', ...none }],
    ['账单 K6215', { kind: 'bill', last4: '6215' }],
    ['HK', { kind: 'repayment', amount: null, ...none }],
    ['hk K6215', { kind: 'repayment', amount: null, last4: '6215' }],
    ['HK500', { kind: 'repayment', amount: 500_00n, ...none }],
    ['还款 123.45元 K6215', { kind: 'repayment', amount: 123_45n, last4: '6215' }],
    ['KA', { kind: 'cards' }],
    ['KA6215', { kind: 'prefer', last4: '6215' }],
    ['N', { kind: 'no' }],
    ['取消', { kind: 'no' }],
    ['GM', { kind: 'change_pin_how' }],
    ['GM 123456', { kind: 'change_pin_how' }],
  ])('%j', (words, meaning) => {
    expect(readCardText(words)).toEqual(meaning)
  })

  test.each([
    '',
    '?',
    '你好',
    'CZ',
    'CZ0',
    'CZ-5',
    'CZ1.234',
    'CZ1234567',
    'HK0',
    'HK-5',
    'HK1.234',
    'ZD5',
    'TX',
    '60212 100',
    'YES',
    '100',
  ])('%j is none of it', (words) => {
    expect(readCardText(words)).toEqual({ kind: 'help' })
  })

  test.each(['507214', ' ５０７２１４ ', '507214。'])('%j is the PIN', (words) => {
    const meant = readCardText(words)
    expect(meant.kind === 'pin' && meant.pin.reveal()).toBe('507214')
  })

  test.each(['GM123890 507214', 'gm 123890 507214', '改密#123890#507214'])(
    '%j changes the PIN',
    (words) => {
      const meant = readCardText(words)
      if (meant.kind !== 'change_pin') throw new Error(meant.kind)
      expect([meant.old.reveal(), meant.next.reveal()]).toEqual(['123890', '507214'])
    },
  )
})

test('whatever is texted has a meaning, and shows no PIN', () => {
  const part = fc.oneof(
    fc.string(),
    fc.constantFrom('GM', 'CZ', 'TX', 'K', '#', ' ', '507214', '6021', '１２'),
  )
  fc.assert(
    fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
      const words = parts.join('')
      expect(JSON.stringify(readCardText(words), (_, value) => String(value))).not.toContain(
        '507214',
      )
      expect(withoutPins(words)).not.toMatch(/[\d０-９]{6}/u)
    }),
  )
})

test('a PIN that is split by nothing but its command is not kept either', () => {
  expect(withoutPins('GM123890 507214')).toBe('GM•••••• ••••••')
  expect(withoutPins('CZ100')).toBe('CZ100')
  expect(withoutPins('my PIN is 507 214')).toBe('my PIN is ••• •••')
})

test.each(['CZK 1234 5678 9012 3456', 'czk1234567890123456', '充值卡１２３４-5678-9012-3456'])(
  '%j is a top-up voucher, whose code is not kept',
  (words) => {
    const meant = readCardText(words)
    if (meant.kind !== 'top_up_voucher') throw new Error(meant.kind)
    expect(meant.code.reveal().replace(/\D/g, '')).toBe('1234567890123456')
    expect(withoutPins(words)).not.toMatch(/\p{Nd}/u)
  },
)
