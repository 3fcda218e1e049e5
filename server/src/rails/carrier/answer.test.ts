import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Charge } from '../../payments/index.ts'
import type { RawAnswer } from '../http/index.ts'
import { readAnswer } from './answer.ts'
import { commitVerb, lineVerb, queryVerb, refundVerb, reserveVerb, reverseVerb } from './verbs.ts'

const charge: Charge = {
  chargeId: 'CH202609120000000001',
  msisdn: '+8613800138000',
  amount: 30_00n,
  merchantId: '6021',
  merchantName: 'Star Games',
  goods: '300',
  description: '600 gems',
}
const { chargeId, msisdn } = charge
const requestId = '5'

const raw = (status: number, body: unknown, more: Partial<RawAnswer> = {}): RawAnswer => ({
  status,
  contentType: 'application/json; charset=utf-8',
  requestId,
  body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
  ...more,
})

const reserved = { chargeId, status: 'reserved', msisdn, amount: '3000', carrierRef: 'BOSS1' }
test.each([
  [200, reserved, { outcome: 'done', value: 'reserved', carrierRef: 'BOSS1' }],
  [200, { ...reserved, carrierRef: undefined }, { outcome: 'done', value: 'reserved' }],
  [200, { ...reserved, amount: '3001' }, 'answer_with_other_content'],
  [200, { ...reserved, amount: 3000 }, 'answer_with_other_content'],
  [200, { ...reserved, msisdn: '+8613800138001' }, 'answer_with_other_content'],
  [200, { ...reserved, chargeId: 'CH202609120000000002' }, 'answer_for_another_id'],
  [200, { ...reserved, status: 'released' }, 'answer_without_sense'],
  [200, { ...reserved, status: 'constructor' }, 'answer_without_sense'],
  [200, { ...reserved, carrierRef: 'a|b' }, 'answer_without_sense'],
  [200, [reserved], 'not_json'],
  [200, 'null', 'not_json'],
  [200, '', 'not_json'],
  [201, reserved, 'http_201'],
  [204, '', 'http_204'],
  [302, reserved, 'http_302'],
  [401, { code: 'unauthorized', chargeId }, 'http_401'],
  [422, { code: 'low_credit', chargeId }, { outcome: 'refused', reason: 'low_credit' }],
  [422, { code: 'low_credit' }, 'answer_for_another_id'],
  [422, { code: 'refused', chargeId }, { outcome: 'refused', reason: 'refused_by_carrier' }],
  [404, { code: 'charge_not_found', chargeId }, 'error_charge_not_found'],
  [422, { code: 'toString', chargeId }, 'http_422'],
  [422, { code: 'a word of tomorrow', chargeId }, 'http_422'],
  [422, { chargeId }, 'http_422'],
  [500, { code: 'low_credit', chargeId }, 'http_500'],
])('reserve answered %i %j is %j', (status, body, expected) => {
  const answer = readAnswer(raw(status, body), requestId, reserveVerb(charge))
  if (typeof expected === 'string') expect(answer).toEqual({ outcome: 'unknown', detail: expected })
  else expect(answer).toEqual(expected)
})

test('a charge not found is an answer to a query and to a reversal only', () => {
  const answer = raw(404, { code: 'charge_not_found', chargeId })
  const notFound = { outcome: 'done', value: 'not_found' }
  expect(readAnswer(answer, requestId, queryVerb(chargeId))).toEqual(notFound)
  expect(readAnswer(answer, requestId, reverseVerb(chargeId))).toEqual(notFound)
  expect(readAnswer(answer, requestId, commitVerb(chargeId)).outcome).toBe('unknown')
})

const verbs = [
  lineVerb(msisdn),
  reserveVerb(charge),
  commitVerb(chargeId),
  queryVerb(chargeId),
  reverseVerb(chargeId),
  refundVerb({ chargeId, refundId: 'R1', amount: 1n }),
]

test('whatever the bytes are, reading them ends in an answer and never in a final one', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...verbs),
      fc.integer({ min: 100, max: 599 }),
      fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(Buffer.from)),
      (verb, status, body) => {
        const answer = readAnswer<unknown>(raw(status, '', { body }), requestId, {
          ...verb,
          read: (fields) => verb.read(fields),
          errors: verb.errors as ReadonlyMap<string, { value: unknown }>,
        })
        expect(answer.outcome).toBe('unknown')
      },
    ),
    { numRuns: 2_000 },
  )
})

test('an answer with any one byte changed never turns into another final answer', () => {
  const text = Buffer.from(JSON.stringify(reserved))
  fc.assert(
    fc.property(fc.nat(text.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
      const body = Uint8Array.from(text, (byte, index) => (index === at ? byte ^ mask : byte))
      const answer = readAnswer(raw(200, '', { body }), requestId, reserveVerb(charge))
      expect(answer.outcome).not.toBe('refused')
      if (answer.outcome === 'done') expect(answer.value).toBe('reserved')
    }),
    { numRuns: 2_000 },
  )
})
