import { expect, test } from 'vitest'
import { object, refusalIn, sealed, valueIn } from '../../test/codes.ts'
import type { MerchantCode } from './code.ts'
import { crcOf } from './crc.ts'
import { makeMerchantCode } from './make.ts'
import { readMerchantCode } from './read.ts'

/** The example of the specification, whose name in Chinese stands before the amount. */
const transport =
  '00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN' +
  '5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***' +
  '0708A60086670902ME91320016A0112233449988770708123456786304A13A'

test('the checksum is CRC-16/CCITT-FALSE', () => {
  expect(crcOf('123456789')).toBe('29B1')
  expect(crcOf('')).toBe('FFFF')
})

test('the example of the specification is read, with its order', () => {
  const { code, departures } = valueIn(readMerchantCode(transport))
  expect(departures).toEqual([])
  expect(code).toEqual({
    initiation: 'dynamic',
    accounts: [
      {
        id: '29',
        objects: [
          { id: '00', value: 'D15600000000' },
          { id: '05', value: 'A93FO3230Q' },
        ],
      },
      {
        id: '31',
        objects: [
          { id: '00', value: 'D15600000001' },
          { id: '03', value: '12345678' },
        ],
      },
    ],
    categoryCode: '4111',
    currency: '156',
    amount: '23.72',
    tip: { kind: 'asked' },
    country: 'CN',
    name: 'BEST TRANSPORT',
    city: 'BEIJING',
    additional: {
      storeLabel: '1234',
      customerLabel: '***',
      terminalLabel: 'A6008667',
      dataRequest: 'ME',
    },
    localName: { language: 'ZH', name: '最佳运输', city: '北京' },
    templates: [
      {
        id: '91',
        objects: [
          { id: '00', value: 'A011223344998877' },
          { id: '07', value: '12345678' },
        ],
      },
    ],
    order: '00 01 29 31 52 58 59 60 64 54 53 55 62 91'.split(' '),
  })
  expect(valueIn(makeMerchantCode(code))).toBe(transport)
})

const shop: MerchantCode = {
  accounts: [{ id: '26', objects: [{ id: '00', value: 'cn.example' }] }],
  categoryCode: '5812',
  currency: '156',
  country: 'CN',
  name: 'Noodles',
  city: 'Wuhan',
}

/** The data objects of `shop`, with others in their place or none, and the right checksum. */
const changed = (change: Readonly<Record<string, string | undefined>>) =>
  sealed(
    Object.entries({
      '00': '01',
      26: object('00', 'cn.example'),
      52: '5812',
      53: '156',
      58: 'CN',
      59: 'Noodles',
      60: 'Wuhan',
      ...change,
    })
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([id, value = '']) => object(id, value))
      .join(''),
  )

test('without an order, data objects ascend and the checksum is the last', () => {
  const text = valueIn(makeMerchantCode(shop))
  expect(text).toBe(changed({}))
  expect(text).toMatch(/^000201.*6304[0-9A-F]{4}$/)
  expect(valueIn(readMerchantCode(text)).code).toEqual(shop)
})

test('lengths count characters, not what JavaScript or UTF-8 has for them', () => {
  const localName = { language: 'zh', name: '𠮷野家' }
  const text = valueIn(makeMerchantCode({ ...shop, localName }))
  expect(text).toContain('64130002zh0103𠮷野家6304')
  expect(valueIn(readMerchantCode(text)).code.localName).toEqual(localName)
})

test.each([
  ['', 'object_00_missing at 0'],
  ['0', 'code_cut_short at 0'],
  ['00020', 'object_00_cut_short at 0'],
  ['0002', 'object_00_cut_short at 0'],
  ['000', 'object_00_cut_short at 0'],
  ['0x0201', 'code_bad_id at 0'],
  ['００0201', 'code_bad_id at 0'],
  ['000x01', 'object_00_bad_length at 0'],
  ['00-101', 'object_00_bad_length at 0'],
  ['0000', 'object_00_empty at 0'],
  ['000201000201', 'object_00_duplicate at 6'],
  ['0002012607000', 'object_26_cut_short at 6'],
  ['000201260700059ab', 'object_26_00_cut_short at 10'],
  ['0002012603000', 'object_26_00_cut_short at 10'],
  ['000201640400x2', 'object_64_00_bad_length at 10'],
  ['0002016208010000', 'object_62_cut_short at 6'],
  ['000201620401000000', 'object_62_01_empty at 10'],
  ['0002016212500800010000', 'object_62_50_00_cut_short at 19'],
  [`000201${'\ud83c'}`, 'code_bad_character at 6'],
  ['0'.repeat(513), 'code_too_long at 512'],
])('%j does not add up: %s', (text, refusal) => {
  expect(refusalIn(readMerchantCode(text))).toBe(refusal)
})

test('what is right but for its checksum, and what has none', () => {
  const text = changed({})
  expect(refusalIn(readMerchantCode(text))).toBe('accepted')
  expect(refusalIn(readMerchantCode(text.replace('Wuhan', 'Wuhaa')))).toBe(
    `object_63_crc_differs at ${text.length - 8}`,
  )
  expect(refusalIn(readMerchantCode(text.slice(0, -8)))).toBe(
    `object_63_missing at ${text.length - 8}`,
  )
  expect(refusalIn(readMerchantCode(`${text}8004abcd`))).toBe('object_80_bad_id at 77')
  expect(refusalIn(readMerchantCode(`${text}6501x`))).toBe(
    `object_63_misplaced at ${text.length - 8}`,
  )
  const body = text.slice(6, -8)
  expect(refusalIn(readMerchantCode(sealed(`${body}000201`)))).toBe(
    `object_00_misplaced at ${body.length}`,
  )
})

test.each([
  [{ '00': '02' }, 'object_00_bad_value at 0'],
  [{ '00': undefined }, 'object_00_missing at 67'],
  [{ '01': '13' }, 'object_01_bad_value at 6'],
  [{ '01': '1' }, 'object_01_too_short at 6'],
  [{ 26: undefined }, 'object_02-51_missing at 55'],
  [{ 26: object('01', 'x') }, 'object_26_00_missing at 6'],
  [{ 26: object('00', 'ä') }, 'object_26_00_bad_character at 10'],
  [{ 26: object('00', 'a'.repeat(33)) }, 'object_26_00_too_long at 10'],
  [{ '02': '4111ä' }, 'object_02_bad_character at 6'],
  [{ 52: undefined }, 'object_52_missing at 65'],
  [{ 52: '581' }, 'object_52_too_short at 24'],
  [{ 52: '58x2' }, 'object_52_bad_character at 24'],
  [{ 53: 'CNY' }, 'object_53_bad_character at 32'],
  [{ 54: '0' }, 'object_54_bad_value at 39'],
  [{ 54: '0.00' }, 'object_54_bad_value at 39'],
  [{ 54: '98,73' }, 'object_54_bad_value at 39'],
  [{ 54: '3 705' }, 'object_54_bad_value at 39'],
  [{ 54: '.5' }, 'object_54_bad_value at 39'],
  [{ 54: '-1' }, 'object_54_bad_value at 39'],
  [{ 54: '1e3' }, 'object_54_bad_value at 39'],
  [{ 54: '1.234' }, 'object_54_bad_precision at 39'],
  [{ 54: '12345678901.23' }, 'object_54_too_long at 39'],
  [{ 55: '04' }, 'object_55_bad_value at 39'],
  [{ 55: '02' }, 'object_56_missing at 39'],
  [{ 55: '03' }, 'object_57_missing at 39'],
  [{ 55: '02', 56: '0.00' }, 'object_56_bad_value at 45'],
  [{ 55: '02', 56: '0.001' }, 'object_56_bad_precision at 45'],
  [{ 55: '03', 57: '0.00' }, 'object_57_bad_value at 45'],
  [{ 55: '03', 57: '100' }, 'object_57_bad_value at 45'],
  [{ 55: '01', 56: '1' }, 'object_56_unexpected at 45'],
  [{ 55: '02', 56: '1', 57: '1' }, 'object_57_unexpected at 50'],
  [{ 57: '1' }, 'object_57_unexpected at 39'],
  [{ 58: 'C1' }, 'object_58_bad_value at 39'],
  [{ 59: '面馆' }, 'object_59_bad_character at 45'],
  [{ 59: undefined }, 'object_59_missing at 62'],
  [{ 60: undefined }, 'object_60_missing at 64'],
  [{ 62: object('01', 'é') }, 'object_62_01_bad_character at 69'],
  [{ 62: object('09', 'AA') }, 'object_62_09_bad_value at 69'],
  [{ 62: object('09', 'B') }, 'object_62_09_bad_value at 69'],
  [{ 62: object('50', object('01', 'x')) }, 'object_62_50_00_missing at 69'],
  [{ 64: object('00', 'zh') }, 'object_64_01_missing at 65'],
  [{ 64: object('01', '面馆') }, 'object_64_00_missing at 65'],
  [{ 64: object('00', '12') + object('01', '面') }, 'object_64_00_bad_value at 69'],
  [{ 80: object('01', 'x') }, 'object_80_00_missing at 65'],
])('%j is refused: %s', (change, refusal) => {
  expect(refusalIn(readMerchantCode(changed(change)))).toBe(refusal)
})

test.each([
  [{ 54: '98' }],
  [{ 54: '98.' }],
  [{ 54: '0.01' }],
  [{ 54: '1.2300' }],
  [{ 53: '123', 54: '1.23456' }],
  [{ 55: '03', 57: '99.99' }],
  [{ 62: object('12', '面') + object('49', 'x') }],
  [{ 70: '面' }],
  [{ '02': '4'.repeat(99) }],
])('%j is accepted, and made the same', (change) => {
  const text = changed(change)
  const { code, departures } = valueIn(readMerchantCode(text))
  expect(departures).toEqual([])
  expect(valueIn(makeMerchantCode(code))).toBe(text)
})

test.each([
  [{ 59: 'N'.repeat(26) }, 'object_59_too_long'],
  [{ 60: 'Banteay Meanchey' }, 'object_60_too_long'],
  [{ 61: '1'.repeat(11) }, 'object_61_too_long'],
  [{ 62: object('05', 'R'.repeat(26)) }, 'object_62_05_too_long'],
  [{ 62: object('11', '10') }, 'object_62_11_too_short'],
  [{ 64: object('00', 'zh') + object('01', '面'.repeat(26)) }, 'object_64_01_too_long'],
])('%j is read as a departure and not made: %s', (change, departure) => {
  const { code, departures } = valueIn(readMerchantCode(changed(change)))
  expect(departures.map((it) => it.code)).toEqual([departure])
  expect(refusalIn(makeMerchantCode(code))).toMatch(new RegExp(`^${departure} at `))
})

test('512 octets are the most, however many characters they are', () => {
  const template = (id: string, size: number) => object('00', 'x') + object('01', id.repeat(size))
  const filled = (last: string) =>
    changed({
      80: template('80', 40),
      81: template('81', 40),
      82: template('82', 40),
      83: template('83', 40),
      84: last,
    })
  const ascii = filled(object('00', 'x') + object('01', 'a'.repeat(40)))
  const room = 512 - ascii.length
  const exact = filled(object('00', 'x') + object('01', 'a'.repeat(40 + room)))
  expect(exact).toHaveLength(512)
  expect(refusalIn(readMerchantCode(exact))).toBe('accepted')
  expect(
    refusalIn(
      readMerchantCode(filled(object('00', 'x') + object('01', `${'a'.repeat(39 + room)}é`))),
    ),
  ).toBe('code_too_long at 512')
})

const leaf = (id: string) => ({ id, value: 'x' })
const owned = (id: string) => ({ id, objects: [leaf('00')] })

test.each([
  [{ accounts: [] }, 'object_02-51_missing'],
  [{ accounts: [leaf('26')] }, 'object_26_unexpected'],
  [{ accounts: [owned('25')] }, 'object_25_unexpected'],
  [{ accounts: [leaf('54')] }, 'object_54_unexpected'],
  [{ accounts: [leaf('2')] }, 'code_bad_id'],
  [{ accounts: [leaf('02'), leaf('02')] }, 'object_02_duplicate'],
  [{ accounts: [{ id: '26', objects: [] }] }, 'object_26_empty'],
  [{ accounts: [{ id: '26', objects: [leaf('0')] }] }, 'object_26_bad_id'],
  [{ name: '' }, 'object_59_empty'],
  [{ name: 'x'.repeat(100) }, 'object_59_too_long'],
  [{ name: 'x\ud800' }, 'code_bad_character'],
  [{ amount: '1.001' }, 'object_54_bad_precision'],
  [{ tip: { kind: 'fixed', fee: '0' } as const }, 'object_56_bad_value'],
  [{ reserved: [leaf('64')] }, 'object_64_unexpected'],
  [{ reserved: [leaf('80')] }, 'object_80_unexpected'],
  [{ templates: [owned('26')] }, 'object_26_unexpected'],
  [{ additional: {} }, 'object_62_empty'],
  [{ additional: { reserved: [leaf('02')] } }, 'object_62_02_unexpected'],
  [{ additional: { reserved: [leaf('50')] } }, 'object_62_50_unexpected'],
  [{ additional: { templates: [owned('49')] } }, 'object_62_49_unexpected'],
  [{ localName: { language: 'zh', name: 'x', reserved: [leaf('02')] } }, 'object_64_02_unexpected'],
  [{ order: ['26', '00'] }, 'object_00_misplaced'],
])('no code is made of %j: %s', (change, refusal) => {
  expect(refusalIn(makeMerchantCode({ ...shop, ...change }))).toMatch(new RegExp(`^${refusal} at `))
})
