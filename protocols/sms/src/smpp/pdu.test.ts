import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CommandName, commands } from './commands.ts'
import { describe } from './describe.ts'
import type { Field } from './fields.ts'
import { createFramer } from './framer.ts'
import { createPdu, createResponse, decodePdu, encodePdu, type Pdu, sequenceMax } from './pdu.ts'
import { shortMessageOf } from './short-message.ts'
import { integerTlv, octetsTlv, stringTlv, tlvInteger, tlvString } from './tlvs.ts'

const cString = (max: number) =>
  fc.string({
    unit: fc.integer({ min: 1, max: 255 }).map((it) => String.fromCharCode(it)),
    maxLength: max - 1,
  })
const octet = fc.nat(255)
const address = { dest_addr_ton: octet, dest_addr_npi: octet, destination_addr: cString(21) }

function valueFor(field: Field): fc.Arbitrary<unknown> {
  switch (field.kind) {
    case 'integer':
      return octet
    case 'c_string':
      return cString(field.max)
    case 'short_message':
      return fc.uint8Array({ maxLength: 254 })
    case 'destinations':
      return fc.array(fc.oneof(fc.record(address), fc.record({ dl_name: cString(21) })), {
        minLength: 1,
        maxLength: 5,
      })
    case 'unsuccessful':
      return fc.array(fc.record({ ...address, error_status_code: fc.nat(0xffffffff) }), {
        maxLength: 5,
      })
  }
}

const tlv = fc.record({ tag: fc.nat(0xffff), value: fc.uint8Array({ maxLength: 300 }) })
const anyPdu: fc.Arbitrary<Pdu> = fc
  .constantFrom(...(Object.keys(commands) as CommandName[]))
  .chain((command) => {
    const fields = Object.entries<Field>(commands[command].body)
    return fc.record({
      command: fc.constant(command),
      status: fc.nat(0xffffffff),
      sequence: fc.nat(sequenceMax),
      body: fc.record(Object.fromEntries(fields.map(([name, field]) => [name, valueFor(field)]))),
      tlvs: fc.array(tlv, { maxLength: 3 }),
    })
  })
  .map((pdu) => ({ ...pdu, body: { ...pdu.body } }) as unknown as Pdu)

test('every command with every field survives writing and reading', () => {
  fc.assert(
    fc.property(anyPdu, (pdu) => {
      expect(decodePdu(encodePdu(pdu))).toEqual({ ok: true, value: pdu })
    }),
    { numRuns: 500 },
  )
})

test('a PDU cut anywhere in its mandatory fields is refused, with the field', () => {
  const octets = encodePdu(
    createPdu('submit_sm', {
      sequence: 9,
      body: {
        source_addr: '106580088',
        destination_addr: '8613800138000',
        short_message: Uint8Array.of(1, 2),
      },
    }),
  )
  for (let length = 0; length < octets.length; length += 1) {
    const cut = octets.slice(0, length)
    if (length >= 4) new DataView(cut.buffer).setUint32(0, length)
    const decoded = decodePdu(cut)
    expect(decoded.ok).toBe(false)
    if (length > 16 && !decoded.ok) expect(decoded.refusal.field).toBeDefined()
  }
})

test('a response that reports an error may come without its body, another may not', () => {
  const bare = (status: number) =>
    decodePdu(Uint8Array.of(0, 0, 0, 16, 0x80, 0, 0, 4, 0, 0, 0, status, 0, 0, 0, 1))
  expect(bare(0x58)).toMatchObject({ ok: true, value: { status: 0x58, body: { message_id: '' } } })
  expect(bare(0)).toMatchObject({ ok: false, refusal: { reason: 'string_unterminated' } })
})

const withHeader = (commandId: string, body: string) => {
  const length = (16 + body.length / 2).toString(16).padStart(8, '0')
  return Uint8Array.from(Buffer.from(`${length}${commandId}0000000000000007${body}`, 'hex'))
}
const zeros = (count: number) => '00'.repeat(count)

test.each([
  // command_id   body                                        reason               status
  ['00000099', '', 'command_unknown', 0x03],
  ['80000004', '414243', 'string_unterminated', 0x02],
  ['80000004', `${'41'.repeat(65)}00`, 'string_too_long', 0x02],
  ['80000004', '41000008', 'tlv_overrun', 0xc0],
  ['80000004', '410000080003ffff', 'tlv_overrun', 0xc0],
  ['00000005', zeros(15), 'field_truncated', 0x02],
  ['00000005', `${zeros(16)}05aaaa`, 'field_truncated', 0x02],
  ['00000005', `${zeros(16)}ff${'aa'.repeat(255)}`, 'message_too_long', 0x01],
  ['00000021', zeros(5), 'destination_count_invalid', 0x33],
  ['00000021', `${zeros(4)}0103`, 'destination_flag_invalid', 0x40],
])('command %s with the body %s is refused: %s', (commandId, body, reason, status) => {
  expect(decodePdu(withHeader(commandId, body))).toMatchObject({
    ok: false,
    refusal: { reason, status, header: { sequence: 7 } },
  })
})

test('octets that are not exactly one PDU are refused', () => {
  const octets = encodePdu(createPdu('enquire_link', { sequence: 1 }))
  const reasonOf = (given: Uint8Array) => {
    const decoded = decodePdu(given)
    return decoded.ok ? 'accepted' : decoded.refusal.reason
  }
  expect(reasonOf(octets)).toBe('accepted')
  expect(reasonOf(octets.slice(0, 15))).toBe('command_length_invalid')
  expect(reasonOf(Uint8Array.of(...octets, 0))).toBe('command_length_invalid')
  expect(reasonOf(new Uint8Array(0))).toBe('command_length_invalid')
})

test('neither random octets nor spoilt PDUs make the reader or the description fail', () => {
  const spoilt = fc
    .tuple(anyPdu, fc.array(fc.tuple(fc.nat(), octet), { maxLength: 6 }), fc.nat(20))
    .map(([pdu, changes, cut]) => {
      const octets = encodePdu(pdu)
      for (const [at, value] of changes) octets[4 + (at % (octets.length - 4))] = value
      const kept = octets.slice(0, Math.max(16, octets.length - cut))
      new DataView(kept.buffer).setUint32(0, kept.length)
      return kept
    })
  fc.assert(
    fc.property(fc.oneof(spoilt, fc.uint8Array({ maxLength: 100 })), (octets) => {
      const decoded = decodePdu(octets)
      if (!decoded.ok) return
      describe(decoded.value)
      const pdu = decoded.value
      if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm') shortMessageOf(pdu)
      // What is accepted says all the octets said: writing it gives them back.
      if (pdu.status === 0) expect(encodePdu(pdu)).toEqual(octets)
    }),
    { numRuns: 1_000 },
  )
})

test('a stream of PDUs comes out whole however it is cut', () => {
  fc.assert(
    fc.property(
      fc.array(anyPdu, { maxLength: 6 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 70 })),
      (pdus, sizes) => {
        const whole = Uint8Array.from(pdus.flatMap((pdu) => [...encodePdu(pdu)]))
        const framer = createFramer()
        const frames: Uint8Array[] = []
        for (let at = 0; at < whole.length; ) {
          const size = sizes.next().value ?? 1
          const framed = framer.push(whole.slice(at, at + size))
          expect(framed.fault).toBeUndefined()
          frames.push(...framed.frames)
          at += size
        }
        expect(frames).toEqual(pdus.map(encodePdu))
        expect(framer.pending()).toBe(0)
      },
    ),
    { numRuns: 60 },
  )
})

test('octets one at a time, and a PDU larger than the first buffer', () => {
  const pdu = createPdu('data_sm', {
    sequence: 1,
    tlvs: [octetsTlv('message_payload', new Uint8Array(60_000).fill(7))],
  })
  const framer = createFramer()
  const frames = [...encodePdu(pdu)].flatMap((it) => framer.push(Uint8Array.of(it)).frames)
  expect(frames.map(decodePdu)).toEqual([{ ok: true, value: pdu }])
})

test.each([0, 4, 8, 15, 70_001, 0xffffffff])('a length of %i ends the stream', (length) => {
  const framer = createFramer()
  const good = encodePdu(createPdu('enquire_link', { sequence: 1 }))
  const bad = new Uint8Array(8)
  new DataView(bad.buffer).setUint32(0, length)
  const fault = { reason: 'command_length_invalid', commandLength: length }
  expect(framer.push(Uint8Array.of(...good, ...bad))).toEqual({ frames: [good], fault })
  expect(framer.push(good)).toEqual({ frames: [], fault })
})

test('random octets never make the framer fail or hold more than one PDU', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 }), (chunks) => {
      const framer = createFramer({ pduOctetsMax: 1_000 })
      for (const chunk of chunks) framer.push(chunk)
      expect(framer.pending()).toBeLessThan(1_000)
    }),
  )
})

test('a description keeps text, password and the middle of numbers to itself', () => {
  const text = describe(
    createPdu('submit_sm', {
      sequence: 3,
      body: {
        source_addr: '106580088',
        destination_addr: '8613800138000',
        short_message: Uint8Array.from(Buffer.from('secret code 4711')),
      },
      tlvs: [
        octetsTlv('message_payload', Uint8Array.from(Buffer.from('4711'))),
        stringTlv('receipted_message_id', 'A-1'),
      ],
    }),
  )
  expect(text).toBe(
    'submit_sm seq=3 ESME_ROK source_addr=1****0088 destination_addr=86138****8000 ' +
      'short_message=(16 octets) message_payload=(4 octets) receipted_message_id=A-1',
  )
  const bind = createPdu('bind_transceiver', {
    sequence: 1,
    body: { system_id: 'a\nb', password: 'pw' },
  })
  expect(describe(bind)).toBe('bind_transceiver seq=1 ESME_ROK system_id=a?b password=••••')
})

test('what does not fit its field is not written', () => {
  const write = (body: Parameters<typeof createPdu<'submit_sm'>>[1]['body']) => () =>
    encodePdu(createPdu('submit_sm', { sequence: 1, ...(body && { body }) }))
  expect(write({ destination_addr: '1'.repeat(21) })).toThrow(RangeError)
  expect(write({ destination_addr: '手机' })).toThrow(RangeError)
  expect(write({ source_addr: 'a\0b' })).toThrow(RangeError)
  expect(write({ esm_class: 256 })).toThrow(RangeError)
  expect(write({ short_message: new Uint8Array(255) })).toThrow(RangeError)
  expect(() => integerTlv('user_message_reference', 0x10000)).toThrow(RangeError)
})

test('a response carries the sequence number of its request', () => {
  const request = createPdu('deliver_sm', { sequence: 42 })
  expect(createResponse(request, { status: 0x64 })).toEqual({
    command: 'deliver_sm_resp',
    status: 0x64,
    sequence: 42,
    body: { message_id: '' },
    tlvs: [],
  })
})

test('optional parameters are read by name, and absent when their length is not the standard’s', () => {
  const pdu = {
    tlvs: [
      integerTlv('sar_msg_ref_num', 300),
      { tag: 0x001e, value: Uint8Array.of(65, 66) },
      { tag: 0x0427, value: new Uint8Array(3) },
    ],
  }
  expect(tlvInteger(pdu, 'sar_msg_ref_num')).toBe(300)
  expect(tlvString(pdu, 'receipted_message_id')).toBe('AB')
  expect(tlvInteger(pdu, 'message_state')).toBeUndefined()
  expect(tlvInteger(pdu, 'user_message_reference')).toBeUndefined()
})
