import fc from 'fast-check'
import { expect, test } from 'vitest'
import { bucketCount, bucketOfId } from '../../kernel/index.ts'
import { bodyOf, eventIdOf, eventTypes } from './event.ts'

const event = fc.record({
  bucket: fc.nat(bucketCount - 1),
  type: fc.constantFrom(...eventTypes),
  paymentId: fc.uuid(),
  seq: fc.integer({ min: 1, max: 100 }),
  at: fc.integer({ min: 1, max: 2 ** 47 }),
})

test('an id carries its bucket, is ordered by time, and follows from the event alone', () => {
  fc.assert(
    fc.property(event, event, (one, other) => {
      const id = eventIdOf(one)
      expect(bucketOfId(id)).toBe(one.bucket)
      expect(eventIdOf({ ...one })).toBe(id)
      expect(eventIdOf({ ...one, seq: one.seq + 1 })).not.toBe(id)
      if (one.at < other.at) expect(id < eventIdOf(other)).toBe(true)
    }),
  )
})

test('the body has the fields of Standard Webhooks and the id', () => {
  const at = Date.UTC(2026, 10, 23, 4)
  const body = bodyOf('id', {
    bucket: 1,
    merchantId: '6021',
    type: 'payment.charged',
    paymentId: 'p',
    seq: 1,
    at,
    data: { amount: '1000' },
  })
  expect(JSON.parse(body)).toEqual({
    id: 'id',
    type: 'payment.charged',
    timestamp: '2026-11-23T04:00:00.000Z',
    data: { amount: '1000' },
  })
})
