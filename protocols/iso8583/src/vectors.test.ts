/**
 * Messages published by others, read from the folder that holds them beside the repository: one of a UnionPay
 * terminal, one of a UnionPay host, and those that moov-io/iso8583 tests itself with. Where that folder is
 * missing these tests are reported as skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hexOf, octets, refusalIn, valueIn } from '../test/messages.ts'
import { decode } from './codec/decode.ts'
import { encode } from './codec/encode.ts'
import { createFramer, frameMessage } from './framer.ts'
import type { MessageSpec } from './spec/spec.ts'
import { deriveSpec } from './spec/spec.ts'
import { attributes } from './specs/iso87.ts'
import { iso87Ascii } from './specs/iso87-ascii.ts'
import { unionPayHost } from './specs/unionpay-host.ts'
import { unionPayPos } from './specs/unionpay-pos.ts'

interface Vectors {
  readonly unionpayPos: { hex: string; mti: string; fields: Record<string, string> }
  readonly cupsHost: {
    hex: string
    hexAsPublished: string
    mti: string
    bits: number[]
    fields: Record<string, string>
  }
  readonly generic87ascii: { messages: Record<string, string> }
}

const file = join(import.meta.dirname, '../../../../shared/vectors/iso8583.json')
const missing = !existsSync(file)
const vectors = () => JSON.parse(readFileSync(file, 'utf8')) as Vectors

/** The one message in a stream, after checking that it is written as it was read. */
function onlyMessage(spec: MessageSpec, hex: string) {
  const { messages, fault } = createFramer(spec.frame).push(octets(hex))
  expect(fault).toBeUndefined()
  expect(messages).toHaveLength(1)
  const message = valueIn(decode(spec, messages[0] ?? new Uint8Array(0)))
  expect(hexOf(frameMessage(spec.frame, valueIn(encode(spec, message))))).toBe(hex.toUpperCase())
  return message
}

test.skipIf(missing)('the message of a terminal is read and written octet for octet', () => {
  const vector = vectors().unionpayPos
  const { header, mti, fields } = onlyMessage(unionPayPos, vector.hex)
  expect(mti).toBe(vector.mti)
  expect(header).toEqual({
    tpdu_id: '60',
    tpdu_destination: '0006',
    tpdu_origin: '0000',
    application: '603100311003',
  })
  // The vector shows BCD as it lies there: with its padding, and D for the separator.
  const published = {
    ...vector.fields,
    22: vector.fields[22]?.slice(0, 3),
    23: vector.fields[23]?.slice(1),
    35: vector.fields[35]?.replace('d', '='),
  }
  const read = Object.entries(fields).map(([number, value]) => [
    number,
    typeof value === 'string' ? value : Buffer.from(value).toString('hex'),
  ])
  expect(Object.fromEntries(read)).toEqual(published)
})

test.skipIf(missing)('the message of a host is read and written octet for octet', () => {
  const vector = vectors().cupsHost
  const { header, mti, fields } = onlyMessage(unionPayHost, vector.hex)
  expect(mti).toBe(vector.mti)
  expect(header).toMatchObject({
    destination: '00010000   ',
    source: '14427900   ',
    reject_code: '00000',
  })
  expect([1, ...Object.keys(fields).map(Number)]).toEqual(vector.bits)
  const read = Object.entries(fields).map(([number, value]) => [
    number,
    typeof value === 'string'
      ? value
      : Buffer.from(value).toString(number === '104' ? 'latin1' : 'hex'),
  ])
  expect(Object.fromEntries(read)).toEqual(vector.fields)
})

test.skipIf(missing)(
  'the message of a host as it was published is refused where it is wrong',
  () => {
    const [message] = createFramer(unionPayHost.frame).push(
      octets(vectors().cupsHost.hexAsPublished),
    ).messages
    // Field 32 says it has one digit and has eight, so the length of 33 is read from its middle.
    expect(refusalIn(decode(unionPayHost, message ?? new Uint8Array(0)))).toMatchObject({
      code: 'field_33_too_long',
    })
  },
)

/** With two bitmaps whether needed or not, as the network management messages have them. */
const bothBitmaps = deriveSpec(iso87Ascii, { bitmap: { encoding: 'hex', secondary: 'always' } })
const bcdNumbers = deriveSpec(bothBitmaps, {
  fields: {
    7: { encoding: 'bcd_right' },
    11: { encoding: 'bcd_right' },
    12: { encoding: 'bcd_right' },
  },
})
const bcdLength = deriveSpec(bothBitmaps, {
  fields: { 48: { length: { max: 999, digits: 3, prefix: 'bcd' } } },
})

const readable: readonly [name: string, spec: MessageSpec, fields: Record<number, string>][] = [
  ['financial_transaction_message', iso87Ascii, { 3: '380000', 32: '2000001', 60: '99' }],
  ['financial_transaction_message_response', iso87Ascii, { 39: '00', 49: '130', 60: '1B54391001' }],
  ['iso_reversal_message', iso87Ascii, { 2: '1111111110000000000', 32: '', 63: '132' }],
  ['iso_reversal_message_advice', iso87Ascii, { 25: '33', 32: '00011122233' }],
  // What is missing or unexpected in these three is for the reader of the values to say.
  ['iso_reversal_message_advice_missing_field', iso87Ascii, { 25: '33' }],
  ['iso_reversal_message_advice_unexpected_field', iso87Ascii, { 14: '0809' }],
  ['iso_reversal_message_error_date', iso87Ascii, { 13: '9099' }],
  ['iso_reversal_message_response', iso87Ascii, { 39: '00', 55: '00331700039480908064651000000 ' }],
  ['iso_reversal_repeat_message', iso87Ascii, { 11: '200331' }],
  ['iso_reversal_repeat_message_response', iso87Ascii, { 39: '00' }],
  ['network_management_message', bothBitmaps, { 7: '0420090613', 70: '001' }],
  ['network_management_message_response', bothBitmaps, { 39: '00', 73: '031128' }],
  ['message_with_number_bcd_encoding', bcdNumbers, { 7: '0420090613', 11: '900001', 12: '090613' }],
  ['message_with_hex_rbcd', bcdLength, { 48: '00000000' }],
]

const unreadable: readonly [name: string, code: string][] = [
  // Field 55 is longer than what is left.
  ['error_message', 'field_55_cut_short'],
  // EBCDIC, lengths in hexadecimal or left aligned, and amounts without a sign are not read.
  ['message_with_character_ebcdic_encoding', 'field_42_bad_character'],
  ['message_with_error_indicate_numeric', 'field_28_cut_short'],
  ['message_with_indicate_numeric', 'field_28_cut_short'],
  ['message_with_hex_bcd', 'field_48_bad_length'],
  ['message_with_hex_length', 'field_32_bad_length'],
  ['network_management_message_with_track', 'field_35_bad_character'],
  ['network_management_message_with_error_track', 'field_35_bad_character'],
]

const messageOf = (name: string) => octets(vectors().generic87ascii.messages[`${name}.dat`] ?? '')

test.skipIf(missing).each(readable)(
  '%s is read and written octet for octet',
  (name, spec, fields) => {
    const message = valueIn(decode(spec, messageOf(name)))
    expect(message.fields).toMatchObject(fields)
    expect(hexOf(valueIn(encode(spec, message)))).toBe(hexOf(messageOf(name)))
  },
)

test.skipIf(missing).each(unreadable)('%s is refused: %s', (name, code) => {
  const spec = /^(message|network)/.test(name) ? bothBitmaps : iso87Ascii
  expect(refusalIn(decode(spec, messageOf(name)))).toMatchObject({ code })
})

test.skipIf(missing)(
  'every published message was looked at, and the attributes are the published ones',
  () => {
    const { 'attributes_data_elements.dat': table = '', ...messages } =
      vectors().generic87ascii.messages
    expect([...readable, ...unreadable].map(([name]) => `${name}.dat`).sort()).toEqual(
      Object.keys(messages).sort(),
    )
    const published = JSON.parse(
      octets(table).reduce((text, it) => text + String.fromCharCode(it), ''),
    )
    const expected: Record<string, string | undefined> = Object.fromEntries(
      Object.entries<{ Describe: string }>(published).map(([number, { Describe }]) => [
        number,
        Describe.split(';')[0]?.trim(),
      ]),
    )
    // Bits 1 and 65 are bitmaps. Tracks 3 and 1 are wider here.
    delete expected[1]
    delete expected[65]
    Object.assign(expected, { 36: 'z...104', 45: 'ans..76' })
    expect(attributes).toEqual(expected)
  },
)
