import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hexOf, octets, refusalIn, valueIn } from '../../test/messages.ts'
import { aesCipher, desCipher } from '../node.ts'
import { Secret } from '../secret.ts'
import { equalInConstantTime } from './block-cipher.ts'
import { keyCheckValue, unwrapKey, wrapKey } from './key-exchange.ts'
import { cbcMac, cmac, retailMac } from './mac.ts'
import { decodePinBlock, encodePinBlock, pinField4, pinOfField4 } from './pin-block.ts'
import {
  decryptPin,
  encryptPin,
  type PinFormat,
  type PinZone,
  translatePin,
} from './pin-encryption.ts'
import { readSignOnKeys, writeSignOnKeys } from './sign-on-keys.ts'

const ascii = (text: string) => new TextEncoder().encode(text)

test('CBC-MAC with single DES is that of FIPS 113 (ANSI X9.9)', () => {
  const mac = cbcMac(
    desCipher(octets('0123456789ABCDEF')),
    ascii('7654321 Now is the time for '),
    1,
  )
  expect(hexOf(mac)).toBe('F1D30F6849312CA4')
})

test.each([
  [1, '68D9038F23360DF3'],
  [2, '32DC341271ACCD00'],
  [3, 'CDACA53E2DAA5412'],
] as const)('CBC-MAC with 3DES and padding %i is that of psec', (padding, mac) => {
  const cipher = desCipher(octets('AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBB'))
  expect(hexOf(cbcMac(cipher, ascii('hello world'), padding))).toBe(mac)
})

test('the retail MAC is that of ICAO 9303-11, appendix D', () => {
  const keys = {
    left: desCipher(octets('7962D9ECE03D1ACD')),
    right: desCipher(octets('4C76089DCE131543')),
  }
  const data = octets('72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2')
  expect(hexOf(retailMac(keys, data, 2))).toBe('5F1448EEA8AD90A7')
})

const rfc4493 = '6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E5130C81C46A35CE411'
test.each([
  ['', 'BB1D6929E95937287FA37D129B756746'],
  [rfc4493.slice(0, 32), '070A16B46B4D4144F79BDD9DD04A287C'],
  [rfc4493, 'DFA66747DE9AE63030CA32611497C827'],
  [
    `${rfc4493}E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710`,
    '51F0BEBF7E3B9D92FC49741779363CFE',
  ],
])('AES-CMAC is that of RFC 4493: %#', (data, mac) => {
  const cipher = aesCipher(octets('2B7E151628AED2A6ABF7158809CF4F3C'))
  expect(hexOf(cmac(cipher, octets(data)))).toBe(mac)
})

test.each([
  ['', 'B7A688E122FFAF95'],
  ['6BC1BEE22E409F96', '8E8F293136283797'],
])('CMAC with 3DES is that of NIST SP 800-38B: %#', (data, mac) => {
  const cipher = desCipher(octets('8AA83BF8CBDA10620BC1BF19FBB6CD58BC313D4A371CA8B5'))
  expect(hexOf(cmac(cipher, octets(data)))).toBe(mac)
})

test('only equal octets are equal', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 20 }),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      (it, at, by) => {
        expect(equalInConstantTime(it, it.slice())).toBe(true)
        expect(equalInConstantTime(it, Uint8Array.of(...it, 0))).toBe(false)
        if (it.length === 0) return
        const other = it.slice()
        other[at % it.length] = (other[at % it.length] ?? 0) ^ by
        expect(equalInConstantTime(it, other)).toBe(false)
      },
    ),
  )
})

const key16 = octets('0123456789ABCDEFFEDCBA9876543210')
const zones: readonly PinZone[] = [
  { format: 0, cipher: desCipher(key16) },
  { format: 0, cipher: desCipher(octets(`${'1F'.repeat(8)}${'2F'.repeat(8)}${'3F'.repeat(8)}`)) },
  { format: 2, cipher: desCipher(key16) },
  { format: 3, cipher: desCipher(key16) },
  { format: 4, cipher: aesCipher(key16) },
  { format: 4, cipher: aesCipher(octets('AB'.repeat(32))) },
]
const digits = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789'), minLength, maxLength })

test('a PIN survives from zone to zone, whatever their formats and keys', () => {
  fc.assert(
    fc.property(
      digits(4, 12),
      digits(13, 19),
      fc.uint8Array({ minLength: 10, maxLength: 10 }),
      fc.array(fc.constantFrom(...zones), { minLength: 1, maxLength: 4 }),
      (pin, pan, random, way) => {
        const [first, ...others] = way as [PinZone, ...PinZone[]]
        let zone = first
        let block = valueIn(encryptPin(zone, { pin: new Secret(pin), pan, random }))
        for (const next of others) {
          block = valueIn(translatePin(zone, next, { block, pan, random }))
          zone = next
        }
        expect(valueIn(decryptPin(zone, { block, pan })).reveal()).toBe(pin)
      },
    ),
  )
})

test('format 4 with a fresh random part never looks the same twice', () => {
  const zone = { format: 4, cipher: aesCipher(key16) } as const
  const sent = (random: string) =>
    hexOf(
      valueIn(
        encryptPin(zone, {
          pin: new Secret('1234'),
          pan: '6212142600000000167',
          random: octets(random),
        }),
      ),
    )
  expect(sent('0000000000000000')).not.toBe(sent('0000000000000001'))
})

test.each([
  [0, '123', '6212142600000000167', 'pin_invalid'],
  [0, '1234567890123', '6212142600000000167', 'pin_invalid'],
  [0, '12a4', '6212142600000000167', 'pin_invalid'],
  [0, '1234', '621214260000', 'pan_invalid'],
  [3, '1234', '62121426000000001670', 'pan_invalid'],
  [4, '123', '6212142600000000167', 'pin_invalid'],
  [4, '1234', '', 'pan_invalid'],
  [4, '1234', '62121426000000001670', 'pan_invalid'],
] as const)(
  'format %i does not take the PIN %s for the card %s',
  (format: PinFormat, pin, pan, reason) => {
    const zone = zones.find((it) => it.format === format) as PinZone
    const random = new Uint8Array(10)
    expect(refusalIn(encryptPin(zone, { pin: new Secret(pin), pan, random }))).toBe(reason)
  },
)

test('the filler of formats 3 and 4 is not any', () => {
  const pan = '5555555551234567'
  // The published block of format 3 with a filler digit 9, and one of format 4 with F.
  expect(refusalIn(decodePinBlock({ format: 3, block: octets('341261CAAAEDCBA9'), pan }))).toBe(
    'filler_invalid',
  )
  expect(valueIn(pinOfField4(octets('441234AAAAAAAAAA0000000000000000'))).reveal()).toBe('1234')
  expect(refusalIn(pinOfField4(octets('441234AAAAAAAAAF0000000000000000')))).toBe('filler_invalid')
  expect(refusalIn(pinOfField4(octets('341234AAAAAAAAAA0000000000000000')))).toBe(
    'control_field_differs',
  )
})

test('missing random octets and unfit ciphers are refused', () => {
  const pin = new Secret('1234')
  const pan = '6212142600000000167'
  const [des, aes] = [desCipher(key16), aesCipher(key16)]
  expect(refusalIn(encodePinBlock({ format: 3, pin, pan }))).toBe('random_too_short')
  expect(refusalIn(pinField4(pin, new Uint8Array(7)))).toBe('random_too_short')
  expect(refusalIn(encryptPin({ format: 4, cipher: des }, { pin, pan }))).toBe('cipher_unfit')
  expect(refusalIn(decryptPin({ format: 0, cipher: aes }, { block: key16, pan }))).toBe(
    'cipher_unfit',
  )
  expect(refusalIn(decryptPin({ format: 4, cipher: aes }, { block: key16.slice(8), pan }))).toBe(
    'block_length_invalid',
  )
})

test('keys have the check values of DES, and come out as they went in', () => {
  expect(hexOf(keyCheckValue(desCipher(octets('0123456789ABCDEF'))))).toBe('D5D44F')
  const under = desCipher(key16)
  const sent = wrapKey(under, new Secret(octets('0123456789ABCDEF')), desCipher)
  expect(hexOf(sent.checkValue)).toBe('D5D44FF7')
  const { key, cipher } = valueIn(unwrapKey(under, sent, desCipher))
  expect(hexOf(key.reveal())).toBe('0123456789ABCDEF')
  expect(hexOf(keyCheckValue(cipher))).toBe('D5D44F')
})

test.each([
  ['0011223344556677', '000000', 'check_value_differs'],
  ['0011223344556677', 'D5D4', 'check_value_too_short'],
  ['0011223344556677', '', 'check_value_too_short'],
  ['00112233445566', 'D5D44F', 'key_length_invalid'],
  ['', 'D5D44F', 'key_length_invalid'],
  ['00'.repeat(32), 'D5D44F', 'key_length_invalid'],
])('the key %s with the check value %s is refused: %s', (wrapped, checkValue, reason) => {
  const sent = { wrapped: octets(wrapped), checkValue: octets(checkValue) }
  expect(refusalIn(unwrapKey(desCipher(key16), sent, desCipher))).toBe(reason)
})

test('a published answer to a sign-on opens with its master key, and both check values hold', () => {
  // Field 62, master key and MAC key published in notes about a payment company's test system.
  const field62 = octets(
    '84772DAE453EC6D67583327B0237513268D0648C90F1788856631952000000000000000044B1EB7C',
  )
  const master = desCipher(octets('44'.repeat(16)))
  const keys = valueIn(readSignOnKeys(field62))
  expect(keys.trackKey).toBeUndefined()
  valueIn(unwrapKey(master, keys.pinKey, desCipher))
  const { key } = valueIn(unwrapKey(master, keys.macKey, desCipher))
  expect(hexOf(key.reveal())).toBe('85E52F31E03E5ECD')
  expect(hexOf(writeSignOnKeys(keys))).toBe(hexOf(field62))
})

test.each([
  [8, 8, undefined, 24],
  [16, 16, undefined, 40],
  [16, 8, undefined, 40],
  [16, 8, 16, 60],
] as const)('keys of %i, %i and %s octets make a field 62 of %i', (pin, mac, track, length) => {
  const keyOf = (count: number) => ({
    wrapped: new Uint8Array(count).fill(count + 1),
    checkValue: new Uint8Array(4).fill(9),
  })
  const keys = {
    pinKey: keyOf(pin),
    macKey: keyOf(mac),
    ...(track !== undefined && { trackKey: keyOf(track) }),
  }
  const field62 = writeSignOnKeys(keys)
  expect(field62).toHaveLength(length)
  expect(readSignOnKeys(field62)).toEqual({ ok: true, value: keys })
})

test('a field 62 of another length is refused, and keys that do not fit are not written', () => {
  expect(refusalIn(readSignOnKeys(new Uint8Array(41)))).toBe('length_unknown')
  const key = { wrapped: new Uint8Array(24), checkValue: new Uint8Array(4) }
  expect(() => writeSignOnKeys({ pinKey: key, macKey: key })).toThrow(RangeError)
})

test('no PIN and no key is in what is printed, returned as a reason or thrown', () => {
  const pin = '864209'
  const pan = '6212142600000000167'
  const key = octets('A1B2C3D4E5F60718293A4B5C6D7E8F90')
  const said: unknown[] = []
  const tell = (...things: unknown[]) => {
    for (const it of things)
      said.push(inspect(it, { depth: 9, showHidden: true }), String(it), JSON.stringify(it))
  }
  const caught = (act: () => unknown) => {
    try {
      tell(act())
    } catch (error) {
      tell(error, (error as Error).message, (error as Error).stack)
    }
  }
  const cipher = desCipher(key)
  const zone: PinZone = { format: 0, cipher }
  const secret = new Secret(pin)
  tell(cipher, zone, secret, new Secret(key), { secret })
  const block = valueIn(encryptPin(zone, { pin: secret, pan }))
  tell(decryptPin(zone, { block, pan }))
  for (const wrong of ['6212142600000000168', '6222142612345678167', '1'])
    tell(decryptPin(zone, { block, pan: wrong }), translatePin(zone, zone, { block, pan: wrong }))
  tell(
    encryptPin(zone, { pin: new Secret(`${pin}x`), pan }),
    encodePinBlock({ format: 3, pin: secret, pan }),
  )
  const under = desCipher(octets('44'.repeat(16)))
  const sent = wrapKey(under, new Secret(key), desCipher)
  tell(unwrapKey(under, sent, desCipher), unwrapKey(cipher, sent, desCipher))
  caught(() => desCipher(key.slice(1)))
  caught(() => aesCipher(key.slice(1)))
  caught(() => cipher.encrypt(key.slice(1)))
  caught(() => cipher.chain(new Uint8Array(0)))
  const text = said.join('\n')
  expect(said.length).toBeGreaterThan(40)
  expect(text).toContain('••••')
  expect(text).not.toContain(pin)
  for (const form of ['hex', 'base64'] as const)
    expect(text.toLowerCase()).not.toContain(
      Buffer.from(key).subarray(1, 7).toString(form).toLowerCase(),
    )
  expect(text).not.toContain([...key.slice(1, 5)].join(', '))
  expect(text).not.toContain([...key.slice(1, 5)].join(','))
})
