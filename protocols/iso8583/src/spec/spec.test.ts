import { expect, test } from 'vitest'
import { headerFor, hexOf, valueIn } from '../../test/messages.ts'
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import { iso87Ascii } from '../specs/iso87-ascii.ts'
import { iso87Bcd } from '../specs/iso87-bcd.ts'
import { unionPayHost } from '../specs/unionpay-host.ts'
import { deriveSpec, headerOctets, type SpecChange } from './spec.ts'

test('a bank differs from its network in what it says and in nothing else', () => {
  const bank = deriveSpec(unionPayHost, {
    name: 'a_bank',
    fields: {
      // As its own attribute, in the style of the flavour; by what differs; both; and not at all.
      47: 'ans..99',
      43: { encoding: 'ascii' },
      60: ['n...030', { name: 'terminal_type', mask: 'shown' }],
      104: null,
    },
  })
  expect(bank.fields[47]).toEqual({
    content: 'ans',
    encoding: 'gbk',
    length: { max: 99, digits: 2, prefix: 'ascii' },
    name: 'additional_data_national',
    mask: 'length',
  })
  expect(bank.fields[43]).toEqual({ ...unionPayHost.fields[43], encoding: 'ascii' })
  expect(bank.fields[60]).toMatchObject({ content: 'n', name: 'terminal_type', mask: 'shown' })
  expect(bank.fields[104]).toBeUndefined()
  expect(unionPayHost.fields[104]).toBeDefined()
  const { name: _, fields: __, ...rest } = bank
  const { name: ___, fields: ____, ...before } = unionPayHost
  expect(rest).toEqual(before)
  const message = { header: headerFor(bank), mti: '0100', fields: { 47: '卡', 60: '12' } }
  expect(
    valueIn(decode(bank, valueIn(encode(bank, { ...message, header: headerFor(unionPayHost) }))))
      .fields,
  ).toEqual(message.fields)
})

test('a specification is plain data: it survives being stored', () => {
  const stored = JSON.parse(JSON.stringify(iso87Bcd))
  const message = { mti: '0800', fields: { 11: '000001', 70: '301' } }
  expect(hexOf(valueIn(encode(deriveSpec(stored, {}), message)))).toBe(
    hexOf(valueIn(encode(iso87Bcd, message))),
  )
})

test('headers have the octets they are known for', () => {
  expect(headerOctets(unionPayHost)).toBe(46)
  expect(headerOctets(iso87Ascii)).toBe(0)
})

const wrong: readonly [what: string, change: SpecChange][] = [
  ['an attribute that is none', { fields: { 60: 'text 12' } }],
  ['a longer value than its length has digits for', { fields: { 60: 'ans..100' } }],
  ['octets in characters', { fields: { 60: { content: 'b' } } }],
  ['texts in BCD', { fields: { 41: { encoding: 'bcd_left' } } }],
  ['half an octet', { fields: { 52: 'b 60' } }],
  ['nothing', { fields: { 41: 'ans 0' } }],
  ['field 1', { fields: { 1: 'n 1' } }],
  ['field 129', { fields: { 129: 'n 1' } }],
  ['a change of a field that is not there', { fields: { 65: { mask: 'shown' } } }],
  ['no field for the MAC', { fields: { 128: null }, mac: { ...iso87Ascii.mac, field: 128 } }],
  ['a MAC in characters', { fields: { 64: 'ans 8' } }],
  [
    'frames longer than their length can say',
    { frame: { ...iso87Ascii.frame, octetsMax: 10_000 } },
  ],
  ['frames for nothing', { frame: { ...iso87Ascii.frame, octetsMax: 0 } }],
  [
    'a header of no fixed length',
    {
      header: [
        {
          name: 'x',
          content: 'n',
          encoding: 'ascii',
          length: { max: 9, digits: 2, prefix: 'ascii' },
        },
      ],
    },
  ],
]

test.each(wrong)('a specification with %s is not made', (_, change) => {
  expect(() => deriveSpec(iso87Ascii, change)).toThrow(RangeError)
})
