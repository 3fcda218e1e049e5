import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeText } from '../data-coding.ts'
import {
  type DeliveryReceipt,
  formatReceipt,
  isFinalState,
  type MessageState,
  messageStates,
  parseReceipt,
  stateOfNumber,
} from './delivery-receipt.ts'
import { createPdu } from './pdu.ts'
import { messageTypeOf, shortMessageOf, udhIndicator } from './short-message.ts'
import { integerTlv, octetsTlv } from './tlvs.ts'

const chinese = encodeText('回复Y确认')

test('text is found in short_message or in message_payload, but not in both', () => {
  const inline = { data_coding: 8, short_message: chinese.content }
  const payload = [octetsTlv('message_payload', chinese.content)]
  const read = (...given: Parameters<typeof createPdu<'deliver_sm'>>) =>
    shortMessageOf(createPdu(...given))
  expect(read('deliver_sm', { sequence: 1, body: inline })).toMatchObject({
    value: { text: '回复Y确认' },
  })
  expect(
    read('deliver_sm', { sequence: 1, body: { data_coding: 8 }, tlvs: payload }),
  ).toMatchObject({
    value: { text: '回复Y确认' },
  })
  expect(read('deliver_sm', { sequence: 1, body: inline, tlvs: payload })).toEqual({
    ok: false,
    refusal: 'two_messages',
  })
  expect(
    shortMessageOf(createPdu('data_sm', { sequence: 1, body: { data_coding: 8 }, tlvs: payload })),
  ).toMatchObject({ value: { text: '回复Y确认' } })
})

test('sar_ parameters number the parts when there is no header', () => {
  const sar = (total: number, part: number) =>
    shortMessageOf(
      createPdu('deliver_sm', {
        sequence: 1,
        tlvs: [
          integerTlv('sar_msg_ref_num', 999),
          integerTlv('sar_total_segments', total),
          integerTlv('sar_segment_seqnum', part),
        ],
      }),
    )
  expect(sar(3, 2)).toMatchObject({
    value: { concatenation: { reference: 999, referenceBits: 16, total: 3, part: 2 } },
  })
  const void_ = sar(3, 4)
  expect(void_.ok && void_.value.concatenation).toBeUndefined()
})

test('a broken header is refused', () => {
  const body = { esm_class: udhIndicator, short_message: Uint8Array.of(9, 0) }
  expect(shortMessageOf(createPdu('deliver_sm', { sequence: 1, body }))).toEqual({
    ok: false,
    refusal: 'header_overrun',
  })
})

test.each([
  [0x00, 'message'],
  [0x40, 'message'],
  [0x04, 'delivery_receipt'],
  [0x08, 'delivery_acknowledgement'],
  [0x10, 'user_acknowledgement'],
  [0x18, 'conversation_abort'],
  [0x20, 'intermediate_notification'],
  [0x3c, 'message'],
])('esm_class %i is a %s', (esmClass, type) => {
  expect(messageTypeOf(esmClass)).toBe(type)
})

test('receipts survive writing and reading', () => {
  const word = fc.stringMatching(/^[0-9A-Za-z]{1,20}$/)
  const receipts = fc.record({
    id: word,
    state: fc.constantFrom(...(Object.keys(messageStates) as MessageState[])),
    submitted: fc.nat(999),
    delivered: fc.nat(999),
    submitDate: fc.stringMatching(/^[0-9]{10}$/),
    doneDate: fc.stringMatching(/^[0-9]{12}$/),
    error: fc.stringMatching(/^[0-9]{3}$/),
    text: fc.string({ maxLength: 20 }),
  })
  fc.assert(
    fc.property(receipts, (receipt: DeliveryReceipt) => {
      expect(parseReceipt(formatReceipt(receipt))).toEqual(receipt)
    }),
  )
})

test.each([
  ['', undefined],
  ['hello', undefined],
  ['text:id:1', undefined],
  ['id:7', { id: '7', state: 'UNKNOWN' }],
  ['ID:7 STAT:delivrd', { id: '7', state: 'DELIVERED' }],
  ['id: 7 stat:VENDOR sub:x', { id: '7', state: 'UNKNOWN' }],
  [
    'id:7 stat:UNDELIV text:id:8 stat:DELIVRD',
    { id: '7', state: 'UNDELIVERABLE', text: 'id:8 stat:DELIVRD' },
  ],
])('the receipt %j', (text, receipt) => {
  expect(parseReceipt(text)).toEqual(receipt)
})

test('any text can be looked at as a receipt', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 300 }), (text) => {
      parseReceipt(text)
    }),
  )
  expect(parseReceipt(`id:${' '.repeat(50_000)}`)).toBeUndefined()
})

test('states have numbers, and some are final', () => {
  expect(stateOfNumber(2)).toBe('DELIVERED')
  expect(stateOfNumber(99)).toBeUndefined()
  expect(isFinalState('REJECTED')).toBe(true)
  expect(isFinalState('ACCEPTED')).toBe(false)
})
