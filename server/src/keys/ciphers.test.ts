/** Published figures. The stores are held to them once more, through their doors, in the contract. */
import { expect, test } from 'vitest'
import { SecretBytes } from '../kernel/index.ts'
import { checkValueOf, checkValuesAgree } from './check-value.ts'
import { chain, cmacOfBlock, ecb, gcmOpen, gcmSeal, hmac, unwrap, wrap } from './ciphers.ts'
import type { KeyAlgorithm } from './key.ts'
import { isWeak, joinComponents, setOddParity } from './material.ts'

const octets = (hex: string) => Uint8Array.from(Buffer.from(hex, 'hex'))
const hex = (found: Uint8Array | undefined) => Buffer.from(found ?? []).toString('hex')

test.each<[KeyAlgorithm, key: string, clear: string, enciphered: string]>([
  // FIPS 197 appendix C.1 and C.3.
  [
    'aes-128',
    '000102030405060708090a0b0c0d0e0f',
    '00112233445566778899aabbccddeeff',
    '69c4e0d86a7b0430d8cdb78070b4c55a',
  ],
  [
    'aes-256',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    '00112233445566778899aabbccddeeff',
    '8ea2b7ca516745bfeafc49904b496089',
  ],
  // NIST SP 800-67 appendix B.1: three keys, three blocks.
  [
    'tdes-triple',
    '0123456789abcdef23456789abcdef01456789abcdef0123',
    '5468652071756663 6b2062726f776e20 666f78206a756d70'.replaceAll(' ', ''),
    'a826fd8ce53b855f cce21c8112256fe6 68d5c05dd9b6b900'.replaceAll(' ', ''),
  ],
  // The classic of single DES.
  ['des', '133457799bbcdff1', '0123456789abcdef', '85e813540f0ab405'],
])('%s enciphers as published', (algorithm, key, clear, enciphered) => {
  expect(hex(ecb(algorithm, octets(key), octets(clear), 'encrypt'))).toBe(enciphered)
  expect(hex(ecb(algorithm, octets(key), octets(enciphered), 'decrypt'))).toBe(clear)
})

test('AES-256-GCM seals as test case 16 of its authors, and opens nothing that was changed', () => {
  const key = octets('feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308')
  const nonce = octets('cafebabefacedbaddecaf888')
  const context = octets('feedfacedeadbeeffeedfacedeadbeefabaddad2')
  const clear = octets(
    'd9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39',
  )
  const sealed = gcmSeal(key, { nonce, context, clear })
  expect(hex(sealed)).toBe(
    '522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662' +
      '76fc6ece0f4e1768cddf8853bb2d551b',
  )
  expect(hex(gcmOpen(key, { nonce, context, sealed })?.reveal())).toBe(hex(clear))
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Uint8Array.from(sealed)
    changed[at] = (changed[at] ?? 0) ^ 1
    expect(gcmOpen(key, { nonce, context, sealed: changed })).toBeUndefined()
  }
  expect(gcmOpen(key, { nonce, context: nonce, sealed })).toBeUndefined()
  expect(gcmOpen(key, { nonce, context, sealed: sealed.subarray(0, 15) })).toBeUndefined()
})

test.each([
  // RFC 3394 §4.1 and §4.6.
  [
    'aes-128',
    '000102030405060708090a0b0c0d0e0f',
    '00112233445566778899aabbccddeeff',
    '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
  ],
  [
    'aes-256',
    '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  ],
] as const)('%s wraps a key as RFC 3394 does', (algorithm, kek, key, wrapped) => {
  expect(hex(wrap(algorithm, octets(kek), octets(key)))).toBe(wrapped)
  expect(hex(unwrap(algorithm, octets(kek), octets(wrapped))?.reveal())).toBe(key)
  expect(unwrap(algorithm, octets(kek.replace('00', '10')), octets(wrapped))).toBeUndefined()
})

test('CMAC of a whole block is that of RFC 4493 and of SP 800-38B for TDES', () => {
  const aes = octets('2b7e151628aed2a6abf7158809cf4f3c')
  const block = octets('6bc1bee22e409f96e93d7e117393172a')
  expect(hex(cmacOfBlock('aes-128', aes, block))).toBe('070a16b46b4d4144f79bdd9dd04a287c')
  const tdes = octets('8aa83bf8cbda10620bc1bf19fbb6cd58bc313d4a371ca8b5')
  expect(hex(cmacOfBlock('tdes-triple', tdes, octets('6bc1bee22e409f96')))).toBe('8e8f293136283797')
})

test('HMAC-SHA-256 is that of RFC 4231 case 1, and a chain is the last block of CBC', () => {
  expect(hex(hmac(new Uint8Array(20).fill(0x0b), Buffer.from('Hi There')))).toBe(
    'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  )
  // NIST SP 800-38A appendix F.2.1 begins with another vector: from zeros it is two encryptions and a sum.
  const key = octets('2b7e151628aed2a6abf7158809cf4f3c')
  const [first, second] = [octets('6bc1bee22e409f96e93d7e117393172a'), new Uint8Array(16)]
  const one = ecb('aes-128', key, first, 'encrypt')
  expect(hex(chain('aes-128', key, first))).toBe(hex(one))
  expect(hex(chain('aes-128', key, Buffer.concat([first, second])))).toBe(
    hex(ecb('aes-128', key, one, 'encrypt')),
  )
})

test('check values are those that other machines show', () => {
  const double = octets('0123456789abcdeffedcba9876543210')
  expect(checkValueOf('tdes-double', double)).toBe('08D7B4')
  expect(checkValueOf('des', octets('0123456789abcdef'))).toBe('D5D44F')
  // Not the encryption of zeros, of which GCM makes its hash key.
  const aes = octets('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f')
  const zeros = new Uint8Array(16)
  expect(checkValueOf('aes-256', aes)).toBe(
    hex(cmacOfBlock('aes-256', aes, zeros))
      .slice(0, 6)
      .toUpperCase(),
  )
  expect(checkValueOf('aes-256', aes)).not.toBe(
    hex(ecb('aes-256', aes, zeros, 'encrypt'))
      .slice(0, 6)
      .toUpperCase(),
  )
})

test.each([
  ['08D7B4', true],
  ['08 d7 b4', true],
  ['08D7B4FB62', true],
  ['08D7', false],
  ['', false],
  ['08D7B5', false],
  ['08D7BZ', false],
])('a check value given as %j is taken: %s', (given, agrees) => {
  expect(checkValuesAgree(given, '08D7B4')).toBe(agrees)
})

test('keys of DES get odd parity and lose nothing by it', () => {
  const key = octets('0022446688aacceefedcba9876543210')
  const before = ecb('tdes-double', key, new Uint8Array(8), 'encrypt')
  setOddParity('tdes-double', key)
  expect(hex(key)).toBe('0123456789abcdeffedcba9876543210')
  expect(hex(ecb('tdes-double', key, new Uint8Array(8), 'encrypt'))).toBe(hex(before))
})

test.each<[KeyAlgorithm, string, boolean]>([
  ['tdes-double', '0123456789abcdef0123456789abcdef', true],
  ['tdes-double', '0123456789abcdef0022446688aaccee', true],
  ['tdes-double', '0123456789abcdeffedcba9876543210', false],
  ['tdes-triple', '0123456789abcdeffedcba9876543210fedcba9876543210', true],
  ['tdes-triple', '0123456789abcdeffedcba98765432100123456789abcdef', false],
  ['des', '0101010101010101', true],
  ['des', '0123456789abcdef', false],
  ['aes-128', '00000000000000000000000000000000', true],
  ['aes-128', '01010101010101010101010101010101', false],
])('%s %s is weak: %s', (algorithm, key, weak) => {
  expect(isWeak(algorithm, octets(key))).toBe(weak)
})

test('one component alone is refused, and so is a wrong one', () => {
  const component = (text: string) => {
    const clear = octets(text)
    return { octets: new SecretBytes(clear), checkValue: checkValueOf('tdes-double', clear) }
  }
  const first = component('0123456789abcdeffedcba9876543210')
  const second = component('1111111111111111aaaaaaaaaaaaaaaa')
  const joined = joinComponents('tdes-double', [first, second])
  expect(joined.ok && hex(joined.value.reveal())).toBe(
    '10325476 98badcfe 54761032 dcfe98ba'.replaceAll(' ', ''),
  )
  expect(joinComponents('tdes-double', [first])).toMatchObject({
    refusal: 'components_must_be_two_or_three',
  })
  expect(joinComponents('aes-256', [first, second])).toMatchObject({
    refusal: 'component_length_invalid',
  })
  expect(
    joinComponents('tdes-double', [first, { ...second, checkValue: first.checkValue }]),
  ).toMatchObject({ refusal: 'component_check_value_differs' })
})
