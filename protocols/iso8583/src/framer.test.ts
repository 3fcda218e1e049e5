import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hexOf, octets } from '../test/messages.ts'
import { createFramer, frameMessage } from './framer.ts'
import type { FrameSpec } from './spec/spec.ts'

const frames: readonly FrameSpec[] = (['binary', 'ascii'] as const).flatMap((length) =>
  ([2, 4] as const).flatMap((lengthOctets) =>
    [false, true].map((countsItself) => ({
      length,
      lengthOctets,
      countsItself,
      octetsMax: 90,
      idle: !countsItself,
    })),
  ),
)
const titled = frames.map(
  (it) => [`${it.length} ${it.lengthOctets} ${it.countsItself}`, it] as const,
)

test.each(titled)('%s: messages come out whole, however the stream is cut', (_, frame) => {
  const message = fc.uint8Array({ minLength: frame.idle ? 0 : 1, maxLength: frame.octetsMax })
  fc.assert(
    fc.property(
      fc.array(message, { maxLength: 6 }),
      fc.array(fc.nat(60), { maxLength: 40 }),
      (messages, cuts) => {
        const stream = Buffer.concat(messages.map((it) => frameMessage(frame, it)))
        const framer = createFramer(frame)
        const out: Uint8Array[] = []
        let idle = 0
        let at = 0
        for (const cut of [...cuts, stream.length]) {
          const framed = framer.push(stream.subarray(at, at + cut))
          at += cut
          out.push(...framed.messages)
          idle += framed.idle
          expect(framed.fault).toBeUndefined()
        }
        expect(out.map(hexOf)).toEqual(messages.filter((it) => it.length > 0).map(hexOf))
        expect(idle).toBe(messages.filter((it) => it.length === 0).length)
        expect(framer.pending()).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test.each([
  ['binary', 2, false, 'AABB', '0002AABB'],
  ['binary', 4, true, 'AABB', '00000006AABB'],
  ['ascii', 4, false, 'AABB', '30303032AABB'],
  ['ascii', 2, true, 'AABB', '3034AABB'],
] as const)(
  'a length of kind %s in %i octets (itself counted: %s)',
  (length, lengthOctets, countsItself, message, framed) => {
    const frame: FrameSpec = { length, lengthOctets, countsItself, octetsMax: 90, idle: false }
    expect(hexOf(frameMessage(frame, octets(message)))).toBe(framed)
  },
)

const binary: FrameSpec = {
  length: 'binary',
  lengthOctets: 2,
  countsItself: false,
  octetsMax: 3,
  idle: false,
}
const ascii: FrameSpec = {
  length: 'ascii',
  lengthOctets: 4,
  countsItself: true,
  octetsMax: 3,
  idle: true,
}

test.each([
  [binary, '0001AA0004', ['AA'], 'length_too_long'],
  [binary, '0000', [], 'length_too_short'],
  [ascii, '30303038', [], 'length_too_long'],
  [ascii, '30303034', [], 'length_too_short'],
  [ascii, '30303031', [], 'length_too_short'],
  [ascii, '30303035AA3030303A', ['AA'], 'length_not_digits'],
] as const)(
  '%#: a length that cannot be is a fault for good',
  (frame, stream, messages, reason) => {
    const framer = createFramer(frame)
    const framed = framer.push(octets(stream))
    expect(framed.messages.map(hexOf)).toEqual(messages)
    expect(framed.fault).toEqual({ reason })
    expect(framer.push(octets('0001AA'))).toEqual({ messages: [], idle: 0, fault: { reason } })
    expect(framer.pending()).toBe(0)
  },
)

test('a cut header and a cut message are waited for', () => {
  const framer = createFramer(binary)
  expect(framer.push(octets('00')).messages).toEqual([])
  expect(framer.pending()).toBe(1)
  expect(framer.push(octets('03AABB')).messages).toEqual([])
  expect(framer.pending()).toBe(4)
  expect(framer.push(octets('CC0002')).messages.map(hexOf)).toEqual(['AABBCC'])
  expect(framer.pending()).toBe(2)
})

test('what the frame has no room for is not framed', () => {
  expect(() => frameMessage(binary, new Uint8Array(4))).toThrow(RangeError)
  expect(() => frameMessage(binary, new Uint8Array(0))).toThrow(RangeError)
  expect(hexOf(frameMessage(ascii, new Uint8Array(0)))).toBe('30303030')
})
