import {
  createPdu,
  encodeText,
  formatReceipt,
  integerTlv,
  messageStates,
  octetsTlv,
  stringTlv,
  type Tlv,
  udhIndicator,
} from '@telepurse/sms'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressText, handsetAddress, incomingOf, serviceAddress, submitsOf } from './messages.ts'

const source = serviceAddress('1065800886021')
const destination = handsetAddress('+8613800138000')

function partsOf(message: Parameters<typeof submitsOf>[0]) {
  const split = submitsOf(message)
  if (!split.ok) throw new Error(split.refusal)
  return split.value
}

test('a short text is one submit_sm, with the numbers as the network writes them', () => {
  const parts = partsOf({ source, destination, text: 'Y', receipt: true, validitySeconds: 90_061 })
  expect(parts).toEqual([
    {
      body: {
        source_addr_ton: 3,
        source_addr_npi: 0,
        source_addr: '1065800886021',
        dest_addr_ton: 1,
        dest_addr_npi: 1,
        destination_addr: '8613800138000',
        validity_period: '000001010101000R',
        registered_delivery: 1,
        esm_class: 0,
        data_coding: 0,
        short_message: Uint8Array.of(0x59),
      },
    },
  ])
})

test('a long text is several, joined by the reference', () => {
  const parts = partsOf({ source, destination, text: '请'.repeat(100), reference: 0x1234 })
  expect(parts.map((it) => it.body?.esm_class)).toEqual([udhIndicator, udhIndicator])
  expect(parts.map((it) => [...(it.body?.short_message?.slice(0, 6) ?? [])])).toEqual([
    [5, 0, 3, 0x34, 2, 1],
    [5, 0, 3, 0x34, 2, 2],
  ])
  expect(submitsOf({ source, destination, text: '请'.repeat(67 * 256) }).ok).toBe(false)
})

test('addresses are written as people write them', () => {
  expect(addressText(destination)).toBe('+8613800138000')
  expect(addressText(source)).toBe('1065800886021')
  expect(addressText({ number: '+86138', ton: 1, npi: 1 })).toBe('+86138')
})

const deliver = (text: string, tlvs: readonly Tlv[] = [], esmClass = 0) => {
  const { content, dataCoding } = encodeText(text)
  const body = {
    source_addr: '8613800138000',
    esm_class: esmClass,
    data_coding: dataCoding,
    short_message: content,
  }
  return createPdu('deliver_sm', { sequence: 1, body, tlvs })
}

test('the centre’s id of a message is taken from where it is', () => {
  const idOf = (...tlvs: Tlv[]) => {
    const incoming = incomingOf(deliver('回复', tlvs), 7)
    if (!incoming.ok || incoming.value.kind !== 'message') throw new Error('a message')
    const { text, receivedAt, providerMessageId, providerMessageIdFrom } = incoming.value.message
    expect([text, receivedAt]).toEqual(['回复', 7])
    return [providerMessageId, providerMessageIdFrom]
  }
  const named = stringTlv('receipted_message_id', 'A1')
  const numbered = integerTlv('user_message_reference', 9)
  expect(idOf(numbered, named)).toEqual(['A1', 'receipted_message_id'])
  expect(idOf(numbered)).toEqual(['9', 'user_message_reference'])
  expect(idOf()).toEqual([undefined, undefined])
})

test('a receipt is known by esm_class, and told by its parameters before its text', () => {
  const text = formatReceipt({ id: 'A1', state: 'UNDELIVERABLE', error: '027' })
  const read = (tlvs: readonly Tlv[], esmClass = 4, written = text) => {
    const incoming = incomingOf(deliver(written, tlvs, esmClass), 7)
    return incoming.ok ? incoming.value : incoming.refusal
  }
  expect(read([])).toMatchObject({
    kind: 'receipt',
    receipt: { messageId: 'A1', state: 'UNDELIVERABLE', error: '027', intermediate: false },
  })
  const tlvs = [
    stringTlv('receipted_message_id', 'B2'),
    integerTlv('message_state', messageStates.DELIVERED),
  ]
  expect(read(tlvs)).toMatchObject({ receipt: { messageId: 'B2', state: 'DELIVERED' } })
  expect(read(tlvs, 0x20, '')).toMatchObject({ receipt: { messageId: 'B2', intermediate: true } })
  expect(read([], 4, 'nothing')).toEqual({ kind: 'other', detail: 'receipt_unreadable' })
  expect(read([], 8)).toEqual({ kind: 'other', detail: 'delivery_acknowledgement' })
})

test('no deliver_sm makes the reader fail', () => {
  const pdus = fc.record({
    esm_class: fc.nat(255),
    data_coding: fc.nat(255),
    short_message: fc.uint8Array({ maxLength: 254 }),
  })
  fc.assert(
    fc.property(pdus, fc.uint8Array({ maxLength: 20 }), (body, payload) => {
      const tlvs = payload.length > 0 ? [octetsTlv('message_payload', payload)] : []
      incomingOf(createPdu('deliver_sm', { sequence: 1, body, tlvs }), 0)
    }),
  )
})
