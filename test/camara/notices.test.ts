/** The CloudEvents a sink gets, held against the schemas of both contracts. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  sandboxNumbers as numbers,
  sinkRequestFor,
  sinkRequestForRefund,
} from '../../server/src/channels/camara/index.ts'
import { Secret } from '../../server/src/kernel/index.ts'
import { againstSchema } from './contract.ts'
import { openSandbox, origin, paymentRequest, type Sandbox, totalRefund } from './sandbox.ts'

let box: Sandbox
let token: string
beforeAll(async () => {
  box = await openSandbox()
  token = await box.twoLegged()
})
afterAll(() => box.close())

const deps = () => ({ cipher: box.cipher, clock: box.clock, origin })
const rest = {
  sink: 'https://shop.example/events?a=1',
  sinkCredential: {
    credentialType: 'ACCESSTOKEN',
    accessToken: 'sink-token-3',
    accessTokenExpiresUtc: '2026-11-23T04:30:00Z',
    accessTokenType: 'bearer',
  },
}

async function paymentOf(body: { readonly paymentId: string }) {
  const payment = await box.payments.get(body.paymentId)
  if (!payment) throw new Error('the payment was just made')
  return payment
}

const paid = async (number: string = numbers.sync, given: object = rest) => {
  const body = paymentRequest(number, { rest: { ...given } })
  return paymentOf((await box.call('createPayment', { token, body })).body)
}

test.each([
  ['charged', 'payment-completed', 'EventPaymentCompleted', 'succeeded'],
  ['reserved', 'payment-reserved', 'EventPaymentReserved', 'succeeded'],
  ['cancelled', 'payment-cancelled', 'EventPaymentCancelled', 'succeeded'],
  ['expired', 'payment-cancelled', 'EventPaymentCancelled', 'succeeded'],
  ['charge_failed', 'payment-denied', 'EventPaymentDenied', 'failed'],
])('%s is told as %s', async (type, name, schema, status) => {
  const payment = await paid()
  const reason = type === 'charge_failed' ? { reason: 'low_credit' as const } : {}
  const sent = sinkRequestFor({ ...payment, ...reason }, { type, at: box.clock.now() }, deps())
  const event = JSON.parse(sent?.body ?? '{}')
  expect(againstSchema('payments', schema, event)).toEqual([])
  expect(event).toMatchObject({
    type: `org.camaraproject.carrier-billing.v0.${name}`,
    data: { paymentId: payment.id, status },
  })
  expect(sent?.headers['content-type']).toBe('application/cloudevents+json')
})

test('a code that is awaited is news too', async () => {
  const body = paymentRequest(numbers.sync, { rest })
  const asked = await paymentOf((await box.call('preparePayment', { token, body })).body)
  const sent = sinkRequestFor(asked, { type: 'ordered', at: box.clock.now() }, deps())
  const event = JSON.parse(sent?.body ?? '{}')
  expect(againstSchema('payments', 'EventPaymentPendingValidation', event)).toEqual([])
  expect(event.type).toContain('payment-pending-validation')
})

test.each(['confirmed', 'unknown', 'refund_requested', 'code_wrong'])(
  '%s is no news',
  async (type) => {
    expect(sinkRequestFor(await paid(), { type, at: 0 }, deps())).toBeUndefined()
  },
)

test('the token goes along as a secret until it expires, then nothing is sent', async () => {
  const payment = await paid()
  const event = { type: 'charged', at: box.clock.now() }
  const sent = sinkRequestFor(payment, event, deps())
  const authorization = sent?.headers.authorization
  expect(authorization).toBeInstanceOf(Secret)
  expect(String(authorization)).toBe('••••')
  expect(authorization instanceof Secret && authorization.reveal()).toBe('Bearer sink-token-3')
  expect(sent?.url).toBe(rest.sink)
  expect(sinkRequestFor(payment, event, deps())?.id).toBe(sent?.id)
  const later = { now: () => Date.parse(rest.sinkCredential.accessTokenExpiresUtc) }
  expect(sinkRequestFor(payment, event, { ...deps(), clock: later })).toBeUndefined()
})

test('without a sink nothing is sent, without a credential no token', async () => {
  const event = { type: 'charged', at: box.clock.now() }
  expect(sinkRequestFor(await paid(numbers.sync, {}), event, deps())).toBeUndefined()
  const open = sinkRequestFor(await paid(numbers.sync, { sink: rest.sink }), event, deps())
  expect(open?.headers).not.toHaveProperty('authorization')
})

test.each([
  [numbers.sync, 'refund-completed', 'EventRefundCompleted', 'succeeded'],
  [numbers.refundAsyncDenied, 'refund-denied', 'EventRefundDenied', 'failed'],
])('the refund of %s is told as %s', async (number, name, schema, status) => {
  const payment = await paid(number)
  const params = { paymentId: payment.id }
  const body = { ...totalRefund(), ...rest }
  await box.call('createRefund', { token, params, body })
  box.advance(40_000)
  await expect.poll(async () => (await box.payments.refundsOf(payment.id))[0]?.endedAt).toBeTruthy()
  const [refund] = await box.payments.refundsOf(payment.id)
  const sent = refund && sinkRequestForRefund(refund, deps())
  const event = JSON.parse(sent?.body ?? '{}')
  expect(againstSchema('refunds', schema, event)).toEqual([])
  expect(event).toMatchObject({
    type: `org.camaraproject.carrier-billing-refund.v0.${name}`,
    data: { refundId: refund?.id, status },
  })
})
