import fc from 'fast-check'
import { expect, test } from 'vitest'
import { alphabetOf, decodeText, encodeText } from './data-coding.ts'
import { decodeGsm7, encodeGsm7, packSeptets, unpackSeptets } from './gsm7.ts'
import { decodeUcs2, encodeUcs2 } from './ucs2.ts'

const octetsOf = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))

test('packing gives back the same septets, with any fill bits', () => {
  const septets = fc.uint8Array({ max: 0x7f, maxLength: 160 })
  fc.assert(
    fc.property(septets, fc.nat(6), (given, fillBits) => {
      const packed = packSeptets(given, fillBits)
      expect(packed.length).toBe(Math.ceil((given.length * 7 + fillBits) / 8))
      expect(unpackSeptets(packed, given.length, fillBits)).toEqual(given)
    }),
  )
})

test('unpacking asks for no more septets than there are', () => {
  expect(unpackSeptets(Uint8Array.of(0x31), 100)).toHaveLength(1)
  expect(unpackSeptets(new Uint8Array(0), 5, 6)).toHaveLength(0)
  expect(unpackSeptets(Uint8Array.of(1, 2), -1)).toHaveLength(0)
})

test.each([
  // octets        text          why
  ['1b', ' ', 'an escape ends the text'],
  ['1b1b41', ' A', 'an escape is escaped'],
  ['1b41', 'A', 'the extension table has no such entry'],
  ['1b65', '€', 'the extension table has it'],
  ['c8', '\ufffd', 'no septet'],
  ['1bc8', '\ufffd', 'no septet behind an escape'],
])('septets %s read as %j: %s', (octets, text) => {
  expect(decodeGsm7(octetsOf(octets))).toBe(text)
})

test('a text outside the default alphabet is refused by it', () => {
  expect(encodeGsm7('手机')).toEqual({ ok: false, refusal: 'not_in_gsm7' })
  expect(encodeGsm7('\u001b').ok).toBe(false)
})

test('any well-formed text survives the encoding chosen for it', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom(...'@£Δ{}€[]~ AZaz09手机🀄') }),
  )
  fc.assert(
    fc.property(text, (given) => {
      const { content, dataCoding } = encodeText(given)
      expect(decodeText(content, dataCoding)).toBe(given)
    }),
  )
})

test('UCS-2 that is not well formed is read with replacement characters', () => {
  expect(decodeUcs2(octetsOf('d83c'))).toBe('\ufffd')
  expect(decodeUcs2(octetsOf('dc04d83c'))).toBe('\ufffd\ufffd')
  expect(decodeUcs2(octetsOf('d83c0041'))).toBe('\ufffdA')
  expect(decodeUcs2(octetsOf('004100'))).toBe('A\ufffd')
  expect(decodeUcs2(encodeUcs2('🀄'))).toBe('🀄')
})

test.each([
  [0x00, 'gsm7'],
  [0x01, 'ia5'],
  [0x02, 'binary'],
  [0x03, 'latin1'],
  [0x04, 'binary'],
  [0x05, 'unsupported'],
  [0x08, 'ucs2'],
  [0x0d, 'unsupported'],
  [0x10, 'gsm7'],
  [0x15, 'binary'],
  [0x18, 'ucs2'],
  [0x28, 'unsupported'],
  [0x48, 'ucs2'],
  [0x90, 'unsupported'],
  [0xc8, 'gsm7'],
  [0xd0, 'gsm7'],
  [0xe0, 'ucs2'],
  [0xf0, 'gsm7'],
  [0xf5, 'binary'],
] as const)('data_coding %i is %s', (dataCoding, alphabet) => {
  expect(alphabetOf(dataCoding)).toBe(alphabet)
})

test('IA5 and Latin-1 are read, binary is not', () => {
  const octets = Uint8Array.of(0x41, 0x40, 0xe9)
  expect(decodeText(octets, 1)).toBe('A@\ufffd')
  expect(decodeText(octets, 3)).toBe('A@é')
  expect(decodeText(octets, 4)).toBeUndefined()
})

test('no octets under any data_coding make the reader fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(255), (octets, dataCoding) => {
      decodeText(octets, dataCoding)
    }),
  )
})
