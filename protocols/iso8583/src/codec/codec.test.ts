import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  anyMessage,
  headerFor,
  hexOf,
  octets,
  refusalIn,
  specs,
  valueIn,
} from '../../test/messages.ts'
import type { OutgoingMessage } from '../message.ts'
import { deriveSpec, type MessageSpec } from '../spec/spec.ts'
import { iso87Ascii } from '../specs/iso87-ascii.ts'
import { iso87Bcd } from '../specs/iso87-bcd.ts'
import { unionPayHost } from '../specs/unionpay-host.ts'
import { unionPayPos } from '../specs/unionpay-pos.ts'
import { decode, decodeHeader } from './decode.ts'
import { encode } from './encode.ts'

const named = specs.map((spec) => [spec.name, spec] as const)

test.each(named)('%s: every message survives writing and reading', (_, spec) => {
  fc.assert(
    fc.property(anyMessage(spec), (message) => {
      expect(decode(spec, valueIn(encode(spec, message)))).toEqual({ ok: true, value: message })
    }),
    { numRuns: 300 },
  )
})

test.each(named)(
  '%s: every field alone survives, at its shortest and at its longest',
  (_, spec) => {
    for (const [key, { content, length }] of Object.entries(spec.fields)) {
      const most = 'fixed' in length ? length.fixed : length.max
      const counts = 'fixed' in length ? [most] : [0, 1, most]
      for (const count of counts) {
        const text = content === 'x+n' ? `D${'7'.repeat(count - 1)}` : '7'.repeat(count)
        const isText = content !== 'a' && content !== 'as'
        const value = content === 'b' ? new Uint8Array(count).fill(0xa5) : isText ? text : ''
        const message = { header: {}, mti: '0200', fields: { [Number(key)]: value } }
        const encoded = valueIn(encode(spec, { ...message, header: headerFor(spec) }))
        expect(valueIn(decode(spec, encoded)).fields).toEqual(message.fields)
      }
    }
  },
)

const small = (fields: OutgoingMessage['fields']) => ({ mti: '0200', fields })

test.each([
  // A format                                                       value       octets after the bitmap
  [iso87Ascii, { 3: '310000' }, '333130303030'],
  [iso87Ascii, { 32: '123' }, '3033313233'],
  [iso87Ascii, { 41: 'T1' }, '5431202020202020'],
  [iso87Ascii, { 52: octets('0123456789ABCDEF') }, Buffer.from('0123456789ABCDEF').toString('hex')],
  [iso87Ascii, { 28: 'C00000150' }, '433030303030313530'],
  [iso87Bcd, { 49: '156' }, '0156'],
  [iso87Bcd, { 2: '123' }, '030123'],
  [iso87Bcd, { 35: '6212=25' }, '0706212D25'],
  [iso87Bcd, { 36: '7'.repeat(103) }, `0103${'07'}${'77'.repeat(51)}`],
  [iso87Bcd, { 52: octets('0123456789ABCDEF') }, '0123456789ABCDEF'],
  [unionPayPos, { 22: '021' }, '0210'],
  [unionPayPos, { 23: '001' }, '0001'],
  [unionPayPos, { 2: '621226000000001' }, '156212260000000010'],
  [unionPayPos, { 60: '22000001001' }, '0011220000010010'],
  [unionPayPos, { 63: 'CUP营业厅' }, '0009435550d3aad2b5ccfc'],
  [unionPayHost, { 43: '营业厅' }, `d3aad2b5ccfc${'20'.repeat(34)}`],
  [unionPayHost, { 57: '元' }, `303032d4aa`],
] as const)('%#: a value lies there as its format says', (spec: MessageSpec, fields, hex) => {
  const encoded = valueIn(encode(spec, { ...small(fields), header: headerFor(spec) }))
  const bare = valueIn(encode(spec, { ...small({}), header: headerFor(spec) }))
  expect(hexOf(encoded.slice(bare.length))).toBe(hex.toUpperCase())
})

test('the bitmap has a bit for each field, and a second half only when it is needed', () => {
  const bitmapOf = (spec: MessageSpec, fields: OutgoingMessage['fields'], at: number) =>
    hexOf(valueIn(encode(spec, small(fields))).slice(2, 2 + at))
  expect(bitmapOf(iso87Bcd, { 2: '', 64: new Uint8Array(8) }, 8)).toBe('4000000000000001')
  expect(bitmapOf(iso87Bcd, { 70: '301' }, 16)).toBe('80000000000000000400000000000000')
  const always = deriveSpec(iso87Bcd, { bitmap: { encoding: 'binary', secondary: 'always' } })
  expect(bitmapOf(always, { 11: '000001' }, 16)).toBe('80200000000000000000000000000000')
})

const ascii = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))

test.each([
  // spec       octets                                       code                                at
  [iso87Ascii, ascii(''), 'mti_cut_short', 0],
  [iso87Ascii, ascii('02A0'), 'mti_bad_digit', 2],
  [iso87Ascii, ascii('0200'), 'bitmap_cut_short', 4],
  [iso87Ascii, ascii('020000000000000000g0'), 'bitmap_bad_character', 18],
  [iso87Ascii, ascii('02008000000000000000'), 'secondary_bitmap_cut_short', 20],
  [iso87Ascii, ascii(`0200${'8'.padEnd(32, '0')}`), 'secondary_bitmap_unexpected', 20],
  [iso87Ascii, ascii('02002000000000000000'), 'field_3_cut_short', 20],
  [iso87Ascii, ascii('0200200000000000000012345'), 'field_3_cut_short', 20],
  [iso87Ascii, ascii('0200200000000000000012345x'), 'field_3_bad_digit', 25],
  [iso87Ascii, ascii('02002000000000000000123456 '), 'message_trailing_octets', 26],
  [iso87Ascii, ascii('020040000000000000001x'), 'field_2_bad_length', 20],
  [iso87Ascii, ascii('0200400000000000000020'), 'field_2_too_long', 20],
  [iso87Ascii, ascii('0200000000100000000000000001é'), 'field_28_bad_character', 20],
  [iso87Ascii, ascii('02000000000000800000T\u0007      '), 'field_41_bad_character', 21],
  [iso87Ascii, ascii('02000000000000001000abcdefabcdefabcd'), 'field_52_bad_character', 20],
  [iso87Ascii, ascii(`0200${'8'.padEnd(16, '0')}${'8'.padEnd(16, '0')}`), 'field_65_unknown', 36],
  [iso87Bcd, octets('02a0'), 'mti_bad_digit', 1],
  [iso87Bcd, octets('0200400000000000000021'), 'field_2_too_long', 10],
  [iso87Bcd, octets('020040000000000000000f'), 'field_2_bad_length', 10],
  [iso87Bcd, octets('0200400000000000000003112d'), 'field_2_bad_padding', 11],
  [iso87Bcd, octets('02004000000000000000031d11'), 'field_2_bad_padding', 11],
  [iso87Bcd, octets('0200400000000000000004112d'), 'field_2_bad_digit', 12],
  [iso87Bcd, octets('0200000000002000000004112e'), 'field_35_bad_digit', 12],
  [
    unionPayPos,
    octets('600006000060310031100302008000000000000000'),
    'secondary_bitmap_unexpected',
    13,
  ],
  [unionPayPos, octets('600006000060310031100302000000040000000000'), 'field_22_cut_short', 21],
  [
    unionPayPos,
    octets('600006000060310031100302000000040000000000021f'),
    'field_22_bad_padding',
    22,
  ],
  [
    unionPayPos,
    octets('6000060000603100311003020000000200000000001021'),
    'field_23_bad_padding',
    21,
  ],
] as const)('%#: octets are refused: $2 at $3', (spec: MessageSpec, message, code, at) => {
  expect(refusalIn(decode(spec, message))).toMatchObject({ code, at })
})

test.each(named)('%s: a message cut anywhere is refused, and one with an octet more', (_, spec) => {
  const message: OutgoingMessage = {
    header: headerFor(spec),
    mti: '0200',
    fields: { 2: '6212142600000000167', 3: '000000', 39: '00', 52: new Uint8Array(8) },
  }
  const whole = valueIn(encode(spec, message))
  expect(decode(spec, whole).ok).toBe(true)
  for (let length = 0; length < whole.length; length += 1)
    expect(decode(spec, whole.slice(0, length)).ok).toBe(false)
  expect(decode(spec, Uint8Array.of(...whole, 0)).ok).toBe(false)
})

test('a message longer than its frame allows is neither read nor written', () => {
  const spec = deriveSpec(iso87Ascii, { frame: { ...iso87Ascii.frame, octetsMax: 100 } })
  const long = small({ 43: 'x'.repeat(40), 60: 'x'.repeat(100) })
  expect(refusalIn(encode(spec, long))).toMatchObject({ code: 'message_too_long' })
  const octetsOfIt = valueIn(encode(iso87Ascii, long))
  expect(refusalIn(decode(spec, octetsOfIt))).toMatchObject({ code: 'message_too_long', at: 100 })
})

test.each([
  [{ 2: '62121426000000001670' }, 'field_2_too_long'],
  [{ 3: '31000' }, 'field_3_length_differs'],
  [{ 3: '31000x' }, 'field_3_bad_digit'],
  [{ 4: '100' }, 'field_4_length_differs'],
  [{ 28: 'X00000150' }, 'field_28_bad_character'],
  [{ 41: 'terminal9' }, 'field_41_length_differs'],
  [{ 42: '商户' }, 'field_42_bad_character'],
  [{ 42: 'a\u0000b' }, 'field_42_bad_character'],
  [{ 52: '0123456789ABCDEF' }, 'field_52_wrong_type'],
  [{ 52: new Uint8Array(7) }, 'field_52_length_differs'],
  [{ 3: new Uint8Array(6) }, 'field_3_wrong_type'],
  [{ 65: '1' }, 'field_65_unknown'],
  [{ 1: '1' }, 'field_1_unknown'],
  [{ 129: '1' }, 'field_129_unknown'],
] as const)('%j is not written: %s', (fields, code) => {
  expect(refusalIn(encode(iso87Ascii, small(fields)))).toMatchObject({ code })
})

test('without a second bitmap there are 64 fields, and numbers are written one way', () => {
  const one = deriveSpec(iso87Bcd, { bitmap: { encoding: 'binary', secondary: 'never' } })
  expect(refusalIn(encode(one, small({ 70: '301' })))).toMatchObject({ code: 'field_70_unknown' })
  const padded = JSON.parse('{"011":"000001"}')
  expect(refusalIn(encode(iso87Bcd, small(padded)))).toMatchObject({ code: 'field_11_unknown' })
})

test('what Chinese takes is counted in octets', () => {
  const written = (spec: MessageSpec, fields: OutgoingMessage['fields']) =>
    refusalIn(encode(spec, { ...small(fields), header: headerFor(spec) }))
  expect(written(unionPayHost, { 43: '厅'.repeat(20) })).toBe('accepted')
  expect(written(unionPayHost, { 43: '厅'.repeat(21) })).toMatchObject({
    code: 'field_43_length_differs',
  })
  expect(written(unionPayHost, { 57: '厅'.repeat(50) })).toBe('accepted')
  expect(written(unionPayHost, { 57: '厅'.repeat(51) })).toMatchObject({
    code: 'field_57_too_long',
  })
  expect(written(unionPayHost, { 57: '🙂' })).toMatchObject({ code: 'field_57_bad_character' })
})

test('a header part that must be told is missed, and one that is wrong is named', () => {
  const { source: _, ...rest } = headerFor(unionPayHost)
  expect(refusalIn(encode(unionPayHost, { ...small({}), header: rest }))).toMatchObject({
    code: 'header_source_missing',
  })
  const whole = valueIn(encode(unionPayHost, { ...small({}), header: headerFor(unionPayHost) }))
  expect(Buffer.from(whole).toString('latin1', 2, 6)).toBe('0066')
  const spoilt = (at: number, octet: number) => {
    const changed = whole.slice()
    changed[at] = octet
    return refusalIn(decode(unionPayHost, changed))
  }
  expect(spoilt(0, 45)).toMatchObject({ code: 'header_header_length_differs', at: 0 })
  expect(spoilt(5, 0x37)).toMatchObject({ code: 'header_total_length_differs', at: 2 })
})

test('a rejected message stands behind a header of its own', () => {
  const original = valueIn(encode(unionPayHost, { ...small({}), header: headerFor(unionPayHost) }))
  const rejected = Uint8Array.of(...original.slice(0, 46), ...original)
  rejected.set(ascii(String(rejected.length).padStart(4, '0')), 2)
  rejected.set(ascii('10003'), 41)
  expect(refusalIn(decode(unionPayHost, rejected))).toMatchObject({ code: 'mti_bad_digit', at: 46 })
  expect(valueIn(decodeHeader(unionPayHost, rejected))).toMatchObject({ reject_code: '10003' })
  expect(valueIn(decode(unionPayHost, rejected.subarray(46))).mti).toBe('0200')
})
