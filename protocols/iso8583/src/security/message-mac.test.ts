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
import { decode } from '../codec/decode.ts'
import { encode } from '../codec/encode.ts'
import type { OutgoingMessage } from '../message.ts'
import { desCipher } from '../node.ts'
import { iso87Ascii } from '../specs/iso87-ascii.ts'
import { iso87Bcd } from '../specs/iso87-bcd.ts'
import { unionPayHost } from '../specs/unionpay-host.ts'
import { unionPayPos } from '../specs/unionpay-pos.ts'
import { cbcMac, unionPayEcbMac } from './mac.ts'
import { encodeWithMac, macBlock, macHolds } from './message-mac.ts'

const cipher = desCipher(octets('85E52F31E03E5ECD'))
const cbc = (block: Uint8Array) => cbcMac(cipher, block, 1)
const ecb = (block: Uint8Array) => unionPayEcbMac(cipher, block)

test.each(specs.map((spec) => [spec.name, spec] as const))(
  '%s: the MAC of every message holds',
  (_, spec) => {
    fc.assert(
      fc.property(anyMessage(spec), (message) => {
        const sent = valueIn(encodeWithMac(spec, message, cbc))
        expect(macHolds(spec, sent, valueIn(decode(spec, sent)), cbc)).toBe(true)
        expect(macHolds(spec, sent, valueIn(decode(spec, sent)), ecb)).toBe(false)
      }),
      { numRuns: 60 },
    )
  },
)

const purchase: OutgoingMessage = {
  mti: '0200',
  fields: {
    2: '6212142600000000167',
    3: '000000',
    4: '000000000123',
    7: '0205102241',
    11: '376899',
    22: '071',
    32: '14842763',
    33: '14427900',
    41: '30122915',
    42: ' shop,  no. 7-a',
    52: octets('6650CB51C0EA55AF'),
  },
}

test('a terminal is answered over everything from the message type on', () => {
  const header = headerFor(unionPayPos)
  const { 7: _, 33: __, ...fields } = purchase.fields
  const message = { ...purchase, fields, header }
  const sent = valueIn(encodeWithMac(unionPayPos, message, ecb))
  expect(hexOf(macBlock(unionPayPos, message, sent))).toBe(hexOf(sent.slice(11, -8)))
  expect(new TextDecoder().decode(sent.slice(-8))).toMatch(/^[0-9A-F]{8}$/)
  // Any bit of it but the header's.
  for (let at = 11; at < sent.length; at += 1) {
    const spoilt = sent.slice()
    spoilt[at] = (spoilt[at] ?? 0) ^ 1
    const read = decode(unionPayPos, spoilt)
    expect(read.ok && macHolds(unionPayPos, spoilt, read.value, ecb)).toBe(false)
  }
})

test('a host is answered over selected fields, with their lengths, cleaned', () => {
  const message = { ...purchase, header: headerFor(unionPayHost) }
  const sent = valueIn(encodeWithMac(unionPayHost, message, cbc))
  const block = new TextDecoder().decode(macBlock(unionPayHost, message, sent))
  expect(block).toBe(
    '0200 196212142600000000167 000000 000000000123 0205102241 376899 0814842763 0814427900 30122915 SHOP, NO. 7A',
  )
  const holds = (fields: OutgoingMessage['fields']) => {
    const read = valueIn(decode(unionPayHost, sent))
    return macHolds(unionPayHost, sent, { ...read, fields: { ...read.fields, ...fields } }, cbc)
  }
  expect(holds({})).toBe(true)
  expect(holds({ 4: '000000000124' })).toBe(false)
  expect(holds({ 11: '376890' })).toBe(false)
  expect(holds({ 39: '00' })).toBe(false)
  expect(holds({ 128: new Uint8Array(8) })).toBe(false)
  // Not among the selected fields.
  expect(holds({ 22: '021' })).toBe(true)
})

test('of the original data a host counts the first 20 digits, and of key messages other fields', () => {
  const header = headerFor(unionPayHost)
  const blockOf = (message: OutgoingMessage) =>
    new TextDecoder().decode(macBlock(unionPayHost, message, new Uint8Array(0)))
  const original = `0200${'376899'}0205102241${'1'.repeat(22)}`
  expect(blockOf({ header, mti: '0420', fields: { 11: '376899', 90: original } })).toBe(
    '0420 376899 02003768990205102241',
  )
  expect(
    blockOf({
      header,
      mti: '0800',
      fields: { 2: '1', 7: '0205102241', 11: '000001', 53: '1'.repeat(16), 70: '101' },
    }),
  ).toBe('0800 0205102241 000001 1111111111111111 101')
})

test('a field of which nothing is left leaves no second space', () => {
  const message = {
    header: headerFor(unionPayHost),
    mti: '0200',
    fields: { 41: '********', 42: 'A' },
  }
  expect(new TextDecoder().decode(macBlock(unionPayHost, message, new Uint8Array(0)))).toBe(
    '0200 A',
  )
})

test('the MAC stands in 64, or in 128 when there is a second bitmap', () => {
  const fieldsOf = (fields: OutgoingMessage['fields']) =>
    Object.keys(
      valueIn(decode(iso87Bcd, valueIn(encodeWithMac(iso87Bcd, { mti: '0800', fields }, cbc))))
        .fields,
    )
  expect(fieldsOf({ 11: '000001' })).toEqual(['11', '64'])
  expect(fieldsOf({ 11: '000001', 70: '301' })).toEqual(['11', '70', '128'])
})

test('in characters the MAC is sixteen of them, and computed over characters', () => {
  const sent = valueIn(encodeWithMac(iso87Ascii, { mti: '0800', fields: { 11: '000001' } }, cbc))
  const text = new TextDecoder().decode(sent)
  expect(text.slice(0, -16)).toBe('08000020000000000001000001')
  expect(text.slice(-16)).toBe(hexOf(cbc(new TextEncoder().encode(text.slice(0, -16)))))
})

test('a message without a MAC does not hold, and none is written before another field', () => {
  const message = { mti: '0800', fields: { 11: '000001' } }
  const bare = valueIn(encode(iso87Bcd, message))
  expect(macHolds(iso87Bcd, bare, valueIn(decode(iso87Bcd, bare)), cbc)).toBe(false)
  const spec = { ...iso87Bcd, mac: { ...iso87Bcd.mac, field: 64 as const } }
  expect(refusalIn(encodeWithMac(spec, { mti: '0800', fields: { 70: '301' } }, cbc))).toMatchObject(
    {
      code: 'field_70_unexpected',
    },
  )
})
