/** Octets that are no message, or nearly one: nothing throws, and what is accepted says all that they said. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { anyMessage, octets, specs, valueIn } from '../test/messages.ts'
import { decode, decodeHeader } from './codec/decode.ts'
import { encode } from './codec/encode.ts'
import { describe } from './describe.ts'
import { createFramer } from './framer.ts'
import { desCipher } from './node.ts'
import { unwrapKey } from './security/key-exchange.ts'
import { cbcMac } from './security/mac.ts'
import { macHolds } from './security/message-mac.ts'
import { decodePinBlock } from './security/pin-block.ts'
import { decryptPin } from './security/pin-encryption.ts'
import { readSignOnKeys } from './security/sign-on-keys.ts'
import type { MessageSpec } from './spec/spec.ts'
import { readTlvs } from './tlv.ts'

const cipher = desCipher(octets('0123456789ABCDEF'))
const mac = (block: Uint8Array) => cbcMac(cipher, block, 1)

/** A message with some bits changed, cut short, or with octets behind it. */
const spoilt = (spec: MessageSpec) =>
  fc
    .tuple(
      anyMessage(spec),
      fc.array(fc.tuple(fc.nat(), fc.nat(7)), { maxLength: 5 }),
      fc.oneof(fc.constant(0), fc.integer({ min: -20, max: 3 })),
    )
    .map(([message, flips, change]) => {
      const whole = valueIn(encode(spec, message))
      for (const [at, bit] of flips)
        whole[at % whole.length] = (whole[at % whole.length] ?? 0) ^ (1 << bit)
      const length = Math.max(0, whole.length + change)
      const kept = new Uint8Array(length)
      kept.set(whole.subarray(0, length))
      return kept
    })

test.each(specs.map((spec) => [spec.name, spec] as const))(
  '%s: no octets make the reader fail, and accepted ones are written back the same',
  (_, spec) => {
    let accepted = 0
    fc.assert(
      fc.property(fc.oneof(spoilt(spec), fc.uint8Array({ maxLength: 200 })), (given) => {
        const read = decode(spec, given)
        decodeHeader(spec, given)
        if (!read.ok) {
          expect(read.refusal.code).toMatch(
            /^(message|mti|(secondary_)?bitmap|header_\w+|field_\d+)_/,
          )
          expect(read.refusal.at).toBeLessThanOrEqual(given.length)
          return
        }
        accepted += 1
        describe(spec, read.value)
        macHolds(spec, given, read.value, mac)
        expect(encode(spec, read.value)).toEqual({ ok: true, value: given })
      }),
      { numRuns: 2_000 },
    )
    // Otherwise the second half of the promise was never tried.
    expect(accepted).toBeGreaterThan(20)
  },
)

test.each(specs.map((spec) => [spec.name, spec] as const))(
  '%s: no stream makes the framer fail, or hold more than one message',
  (_, { frame }) => {
    const digits = fc.array(fc.integer({ min: 0x2f, max: 0x3a }), { maxLength: 40 })
    const chunk = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      digits.map((it) => Uint8Array.from(it)),
      fc.constantFrom(octets('0001AA'), octets('30303031AA'), octets('FFFF'), octets('39393939')),
    )
    fc.assert(
      fc.property(fc.array(chunk, { maxLength: 20 }), (chunks) => {
        const framer = createFramer(frame)
        let given = 0
        let taken = 0
        for (const it of chunks) {
          given += it.length
          const framed = framer.push(it)
          for (const message of framed.messages) {
            expect(message.length).toBeLessThanOrEqual(frame.octetsMax)
            taken += message.length + frame.lengthOctets
          }
          taken += framed.idle * frame.lengthOctets
          if (framed.fault) {
            expect(framer.pending()).toBe(0)
            return
          }
          // Every octet is in a message, or waited with.
          expect(taken + framer.pending()).toBe(given)
        }
      }),
      { numRuns: 500 },
    )
  },
)

test('no octets make the readers of PIN blocks, keys and chip data fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), fc.string({ maxLength: 20 }), (given, pan) => {
      for (const format of [0, 2, 3] as const) {
        decodePinBlock({ format, block: given, pan })
        decryptPin({ format, cipher }, { block: given, pan })
      }
      const keys = readSignOnKeys(given)
      if (keys.ok) unwrapKey(cipher, keys.value.pinKey, desCipher)
      unwrapKey(cipher, { wrapped: given, checkValue: given.slice(0, 4) }, desCipher)
      const tlvs = readTlvs(given)
      const inside = (tlvs ?? []).reduce((sum, it) => sum + it.value.length, 0)
      expect(inside).toBeLessThanOrEqual(given.length)
    }),
    { numRuns: 1_000 },
  )
})
