/**
 * PIN blocks and MACs published by others (psec, and a page about UnionPay terminals), read from the folder
 * that holds them beside the repository. Where that folder is missing these tests are reported as skipped.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hexOf, octets, refusalIn, valueIn } from '../../test/messages.ts'
import { aesCipher, desCipher } from '../node.ts'
import { Secret } from '../secret.ts'
import { unwrapKey } from './key-exchange.ts'
import { type Padding, padded, retailMac, unionPayEcbMac } from './mac.ts'
import { decodePinBlock, encodePinBlock, panField4 } from './pin-block.ts'
import { decryptPin, encryptPin } from './pin-encryption.ts'

interface PinVector {
  readonly pin: string
  readonly pinBlock: string
  readonly pan: string
}
interface Vectors {
  readonly iso0: readonly PinVector[]
  readonly iso2: readonly PinVector[]
  readonly iso3: readonly PinVector[]
  readonly iso4pan: readonly { readonly pan: string; readonly panField: string }[]
  readonly iso4enc: readonly (PinVector & { readonly key: string; readonly fill: string })[]
  readonly iso4dec: readonly (PinVector & { readonly key: string })[]
  readonly iso0errors: readonly (PinVector & { readonly error: string })[]
  readonly iso2errors: readonly (PinVector & { readonly error: string })[]
  readonly pad: Record<string, readonly (readonly [data: string, block: string, padded: string])[]>
  readonly retailMac: Record<string, string>
  readonly unionpayEcbMac: Record<string, string>
}

const file = join(import.meta.dirname, '../../../../../shared/vectors/pinblock-mac.json')
const missing = !existsSync(file)
const vectors = () => JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.skipIf(missing)('published blocks of formats 0 and 2 are written and read', () => {
  for (const { pin, pinBlock, pan } of vectors().iso0) {
    const block = valueIn(encodePinBlock({ format: 0, pin: new Secret(pin), pan }))
    expect(hexOf(block)).toBe(pinBlock)
    expect(valueIn(decodePinBlock({ format: 0, block, pan })).reveal()).toBe(pin)
  }
  for (const { pin, pinBlock } of vectors().iso2) {
    const block = valueIn(encodePinBlock({ format: 2, pin: new Secret(pin) }))
    expect(hexOf(block)).toBe(pinBlock)
    expect(valueIn(decodePinBlock({ format: 2, block })).reveal()).toBe(pin)
  }
})

test.skipIf(missing)('published blocks of format 3 are read, and written with their filler', () => {
  for (const { pin, pinBlock, pan } of vectors().iso3) {
    const block = octets(pinBlock)
    expect(valueIn(decodePinBlock({ format: 3, block, pan })).reveal()).toBe(pin)
    // Their filler is F throughout: 5 more than A.
    const random = new Uint8Array(10).fill(5)
    expect(hexOf(valueIn(encodePinBlock({ format: 3, pin: new Secret(pin), pan, random })))).toBe(
      pinBlock,
    )
  }
})

test.skipIf(missing)('published blocks of format 4 are written and read', () => {
  const { iso4pan, iso4enc, iso4dec } = vectors()
  for (const { pan, panField } of iso4pan) expect(hexOf(valueIn(panField4(pan)))).toBe(panField)
  for (const { key, pin, pan, fill, pinBlock } of iso4enc) {
    const zone = { format: 4, cipher: aesCipher(octets(key)) } as const
    const sent = encryptPin(zone, { pin: new Secret(pin), pan, random: octets(fill) })
    expect(hexOf(valueIn(sent))).toBe(pinBlock)
  }
  for (const { key, pin, pan, pinBlock } of [...iso4enc, ...iso4dec]) {
    const zone = { format: 4, cipher: aesCipher(octets(key)) } as const
    expect(valueIn(decryptPin(zone, { block: octets(pinBlock), pan })).reveal()).toBe(pin)
  }
})

/** What the source says about a bad block, and what is said here. */
const refusals: readonly [said: RegExp, refusal: string][] = [
  [/control field/, 'control_field_differs'],
  [/8 bytes long/, 'block_length_invalid'],
  [/PIN length must be/, 'pin_length_invalid'],
  [/filler is incorrect/, 'filler_invalid'],
  [/not numeric/, 'pin_not_numeric'],
  [/PAN must be/, 'pan_invalid'],
]

test.skipIf(missing)('published bad blocks are refused for the published reason', () => {
  const { iso0errors, iso2errors } = vectors()
  expect(iso0errors.length + iso2errors.length).toBe(14)
  const expected = (error: string) => refusals.find(([said]) => said.test(error))?.[1]
  for (const { pinBlock, pan, error } of iso0errors)
    expect(refusalIn(decodePinBlock({ format: 0, block: octets(pinBlock), pan }))).toBe(
      expected(error),
    )
  for (const { pinBlock, error } of iso2errors)
    expect(refusalIn(decodePinBlock({ format: 2, block: octets(pinBlock) }))).toBe(expected(error))
})

test.skipIf(missing)('the three paddings are the published ones', () => {
  for (const [method, samples] of Object.entries(vectors().pad))
    for (const [data, block, whole] of samples)
      expect(hexOf(padded(octets(data), Number(method) as Padding, Number(block)))).toBe(whole)
})

test.skipIf(missing)('the retail MAC is the published one with each padding', () => {
  const { key1 = '', key2 = '', dataAscii = '', ...codes } = vectors().retailMac
  const ascii = (text: string) => new TextEncoder().encode(text)
  // The source writes its keys as characters, sixteen of one kind: as good as eight.
  const keys = { left: desCipher(ascii(key1)), right: desCipher(ascii(key2)) }
  const data = ascii(dataAscii)
  for (const padding of [1, 2, 3] as const)
    expect(hexOf(retailMac(keys, data, padding))).toBe(codes[`padding${padding}`])
})

test.skipIf(missing)('a MAC key of a terminal comes out as published', () => {
  const { tmk = '', takEncrypted = '', tak } = vectors().unionpayEcbMac
  const wrapped = octets(takEncrypted)
  const { key } = valueIn(unwrapKey(desCipher(octets(tmk)), { wrapped }, desCipher))
  expect(hexOf(key.reveal())).toBe(tak)
})

test.skipIf(missing)('the MAC of a terminal is the one computed for the published block', () => {
  // The source does not show its result; this one was computed apart, step by step.
  const { tak = '', mab = '', computedHereMacHex } = vectors().unionpayEcbMac
  expect(hexOf(unionPayEcbMac(desCipher(octets(tak)), octets(mab)))).toBe(computedHereMacHex)
})
