import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeText } from './data-coding.ts'
import { createReassembler, type MessagePart } from './reassembler.ts'
import { countSegments, type Segment, splitText } from './segments.ts'
import { concatenationHeader, parseUserData } from './user-data-header.ts'

function segmentsOf(text: string, reference = 7, referenceBits: 8 | 16 = 8): Segment[] {
  const split = splitText(text, { reference, referenceBits })
  if (!split.ok) throw new Error(split.refusal)
  return split.value
}

function partOf(segment: Segment): MessagePart {
  const parsed = parseUserData(segment.userData)
  if (!parsed.ok || !parsed.value.concatenation) throw new Error('a part has a header')
  const { concatenation, content } = parsed.value
  return {
    source: '138',
    destination: '1065',
    dataCoding: segment.dataCoding,
    concatenation,
    content,
  }
}

test.each([
  // text                        bits  alphabet units segments
  ['', 8, 'gsm7', 0, 1],
  ['a'.repeat(160), 8, 'gsm7', 160, 1],
  ['a'.repeat(161), 8, 'gsm7', 161, 2],
  ['a'.repeat(306), 8, 'gsm7', 306, 2],
  ['a'.repeat(307), 8, 'gsm7', 307, 3],
  ['a'.repeat(305), 16, 'gsm7', 305, 3],
  ['€'.repeat(80), 8, 'gsm7', 160, 1],
  // 153 is odd: a pair that does not fit goes to the next part whole.
  [`${'€'.repeat(153)}`, 8, 'gsm7', 306, 3],
  ['中'.repeat(70), 8, 'ucs2', 70, 1],
  ['中'.repeat(71), 8, 'ucs2', 71, 2],
  ['中'.repeat(134), 8, 'ucs2', 134, 2],
  ['中'.repeat(135), 8, 'ucs2', 135, 3],
  ['中'.repeat(133), 16, 'ucs2', 133, 3],
  ['🀄'.repeat(35), 8, 'ucs2', 70, 1],
  ['🀄'.repeat(67), 8, 'ucs2', 134, 3],
] as const)('%#: the cost of a text', (text, bits, alphabet, units, segments) => {
  expect(countSegments(text, bits)).toEqual({ alphabet, units, segments })
  expect(segmentsOf(text, 1, bits)).toHaveLength(segments)
})

test('256 parts are refused', () => {
  expect(splitText('a'.repeat(153 * 255 + 1), { reference: 1 })).toEqual({
    ok: false,
    refusal: 'too_many_segments',
  })
})

const texts = fc.oneof(
  fc.string({ unit: fc.constantFrom(...'ab{€}~12'), minLength: 161, maxLength: 500 }),
  fc.string({ unit: fc.constantFrom(...'手机🀄a'), minLength: 71, maxLength: 250 }),
)

test('parts come together in any order, with duplicates, and each fits 140 octets', () => {
  fc.assert(
    fc.property(
      texts,
      fc.constantFrom(8, 16),
      fc.infiniteStream(fc.nat()),
      (text, bits, random) => {
        const segments = segmentsOf(text, 300, bits)
        for (const { userData, dataCoding } of segments) {
          const header = (userData[0] ?? 0) + 1
          const septets = Math.ceil((header * 8) / 7) + userData.length - header
          expect(
            dataCoding === 8 ? userData.length : Math.ceil((septets * 7) / 8),
          ).toBeLessThanOrEqual(140)
        }
        const parts = segments.map(partOf)
        const shuffled = [...parts, ...parts]
          .map((part) => ({ part, key: random.next().value ?? 0 }))
          .sort((left, right) => left.key - right.key)
        const reassembler = createReassembler({ groupsMax: 4, ttlMs: 1_000 })
        const complete = shuffled
          .map(({ part }) => reassembler.add(part, 0))
          .filter((it) => it.outcome === 'complete')
        expect(complete.map((it) => decodeText(it.content, parts[0]?.dataCoding ?? 0))).toEqual([
          text,
        ])
      },
    ),
    { numRuns: 60 },
  )
})

const part = (number: number, octet: number, total = 2): MessagePart => ({
  source: '138',
  destination: '1065',
  dataCoding: 0,
  concatenation: { reference: 1, referenceBits: 8, total, part: number },
  content: Uint8Array.of(octet),
})

test('a part that differs begins a new message, and the old parts are given back', () => {
  const reassembler = createReassembler({ groupsMax: 4, ttlMs: 1_000 })
  expect(reassembler.add(part(1, 1), 0)).toEqual({ outcome: 'waiting', have: 1, total: 2 })
  expect(reassembler.add(part(1, 1), 1)).toEqual({ outcome: 'duplicate' })
  expect(reassembler.add(part(1, 9), 2)).toEqual({ outcome: 'replaced', dropped: [part(1, 1)] })
  expect(reassembler.add(part(2, 8), 3)).toMatchObject({
    outcome: 'complete',
    content: Uint8Array.of(9, 8),
  })
  // The message is complete: its own parts are duplicates, another's begin anew with nothing lost.
  expect(reassembler.add(part(2, 8), 4)).toEqual({ outcome: 'duplicate' })
  expect(reassembler.add(part(1, 5), 5)).toEqual({ outcome: 'replaced', dropped: [] })
})

test('parts in different alphabets are not one message', () => {
  const reassembler = createReassembler({ groupsMax: 4, ttlMs: 1_000 })
  reassembler.add(part(1, 1), 0)
  const other = { ...part(2, 2), dataCoding: 8 }
  expect(reassembler.add(other, 1)).toEqual({ outcome: 'replaced', dropped: [part(1, 1)] })
})

test('groups expire, and their number is bounded', () => {
  const reassembler = createReassembler({ groupsMax: 2, ttlMs: 1_000 })
  const from = (source: string, number: number) => ({ ...part(number, number), source })
  reassembler.add(from('a', 1), 0)
  reassembler.add(from('b', 1), 500)
  expect(reassembler.add(from('c', 1), 900)).toEqual({ outcome: 'full' })
  expect(reassembler.add(from('b', 2), 900).outcome).toBe('complete')
  // A complete group is only remembered: it makes room for one that waits.
  expect(reassembler.add(from('c', 1), 900).outcome).toBe('waiting')
  expect(reassembler.expire(1_000)).toEqual([[from('a', 1)]])
  expect(reassembler.size()).toBe(1)
  expect(reassembler.expire(1_900)).toEqual([[from('c', 1)]])
  expect(reassembler.size()).toBe(0)
})

test.each([
  ['', 'header_overrun'],
  ['05', 'header_overrun'],
  ['0500030102', 'header_overrun'],
  ['020003', 'element_overrun'],
  ['0100', 'element_overrun'],
])('user data %j is refused', (hex, refusal) => {
  expect(parseUserData(Uint8Array.from(Buffer.from(hex, 'hex')))).toEqual({ ok: false, refusal })
})

test('impossible part numbers are ignored, and the last of two elements counts', () => {
  const read = (hex: string) => {
    const parsed = parseUserData(Uint8Array.from(Buffer.from(hex, 'hex')))
    return parsed.ok ? parsed.value.concatenation : parsed.refusal
  }
  expect(read('0500030102004142')).toBeUndefined()
  expect(read('0500030102034142')).toBeUndefined()
  expect(read('0500030100004142')).toBeUndefined()
  expect(read('0b00030102010804012c030241')).toEqual({
    reference: 300,
    referenceBits: 16,
    total: 3,
    part: 2,
  })
  expect(concatenationHeader({ reference: 300, referenceBits: 16, total: 3, part: 2 })).toEqual(
    Uint8Array.of(6, 8, 4, 1, 44, 3, 2),
  )
})

test('no octets make the header reader fail', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      const parsed = parseUserData(octets)
      if (parsed.ok) expect(parsed.value.content.length).toBeLessThan(octets.length)
    }),
  )
})
