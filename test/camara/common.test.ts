/** What all operations do alike: correlator, token, scope, rate, unknown paths. By CAMARA's scenario ids. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/camara/index.ts'
import { againstOperation, contractsFound } from './contract.ts'
import { type OperationId, operations } from './operations.ts'
import {
  type Answer,
  allScopes,
  openSandbox,
  paymentRequest,
  type Sandbox,
  totalRefund,
} from './sandbox.ts'

let box: Sandbox
let params: { paymentId: string; refundId: string }
beforeAll(async () => {
  box = await openSandbox()
  const token = await box.twoLegged()
  const body = paymentRequest(numbers.sync)
  const { paymentId } = (await box.call('createPayment', { token, body })).body
  const refund = await box.call('createRefund', {
    token,
    params: { paymentId },
    body: totalRefund(),
  })
  params = { paymentId, refundId: refund.body.refundId }
})
afterAll(() => box.close())

const problem = (answer: Answer) => [answer.status, answer.body?.status, answer.body?.code]

const bodies: Partial<Record<OperationId, () => unknown>> = {
  createPayment: () => paymentRequest(numbers.sync),
  preparePayment: () => paymentRequest(numbers.sync),
  validatePayment: () => ({ authorizationId: 'x', code: '1' }),
  confirmPayment: () => ({ phoneNumber: numbers.sync }),
  cancelPayment: () => ({ phoneNumber: numbers.sync }),
  createRefund: () => totalRefund(),
}

/** The operation, the stem of its scenario ids, and the number of its x-correlator scenario. */
const all = [
  ['createPayment', 'create_payment', '09'],
  ['preparePayment', 'prepare_payment', '09'],
  ['validatePayment', 'validate_payment', '07'],
  ['confirmPayment', 'confirm_payment', '03'],
  ['cancelPayment', 'cancel_payment', '03'],
  ['retrievePayment', 'retrieve_payment', '01'],
  ['retrievePayments', 'retrieve_payments', '04'],
  ['createRefund', 'create_refund', '09'],
  ['retrieveRefund', 'retrieve_refund', '01'],
  ['retrieveRefunds', 'retrieve_refunds', '04'],
  ['retrievePaymentRemainingAmount', 'retrieve_payment_remaining_amount', '01'],
] as const

describe.each(all)('%s', (operation, id, correlator) => {
  const send = (token: string | undefined, headers: Record<string, string> = {}) => {
    const body = bodies[operation]?.()
    return box.call(operation, { token, params, headers, ...(body !== undefined && { body }) })
  }
  const unauthenticated = [401, 401, 'UNAUTHENTICATED']

  test(`${id}_400.${correlator}_invalid_x-correlator`, async () => {
    for (const value of ['a b', 'x'.repeat(257), 'ü', 'a,b']) {
      const answer = await send(await box.twoLegged(), { 'x-correlator': value })
      expect(problem(answer)).toEqual([400, 400, 'INVALID_ARGUMENT'])
      expect(answer.headers['x-correlator']).toMatch(/^[0-9a-f-]{36}$/)
    }
    const generated = await send(undefined, { 'x-correlator': '' })
    expect(generated.headers['x-correlator']).toMatch(/^[0-9a-f-]{36}$/)
  })

  test(`${id}_401.01_no_authorization_header`, async () => {
    const answer = await send(undefined)
    expect(problem(answer)).toEqual(unauthenticated)
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  })

  test(`${id}_401.02_expired_access_token`, async () => {
    const token = await box.twoLegged('test-short', operations[operation].scope)
    box.advance(3_000)
    expect(problem(await send(token))).toEqual(unauthenticated)
  })

  test(`${id}_401.03_invalid_access_token`, async () => {
    for (const token of ['x', 'a.b.c', `${await box.twoLegged()}x`])
      expect(problem(await send(token))).toEqual(unauthenticated)
  })

  test(`${id}_403.01_invalid_token_permissions`, async () => {
    const others = allScopes.split(' ').filter((scope) => scope !== operations[operation].scope)
    for (const token of [
      await box.twoLegged('test-shop', others.join(' ')),
      await box.twoLegged('test-unscoped'),
    ])
      expect(problem(await send(token))).toEqual([403, 403, 'PERMISSION_DENIED'])
  })
})

test('x_429.01_Too_Many_Requests', async () => {
  const slow = await openSandbox({ rate: { perSecond: 1, burst: 2 } })
  const token = await slow.twoLegged()
  for (const [operation] of all) {
    slow.advance(10_000)
    const send = () => slow.call(operation, { token, params, body: bodies[operation]?.() })
    await send()
    await send()
    expect([operation, ...problem(await send())]).toEqual([
      operation,
      429,
      429,
      'TOO_MANY_REQUESTS',
    ])
    const other = await slow.twoLegged('test-other')
    const body = bodies[operation]?.()
    expect((await slow.call(operation, { token: other, params, body })).status).not.toBe(429)
  }
  await slow.close()
})

test('an unknown path or method answers in CAMARA’s form', async () => {
  const token = await box.twoLegged()
  for (const [method, url] of [
    ['GET', '/carrier-billing/v0.5/other'],
    ['DELETE', `/carrier-billing/v0.5/payments/${params.paymentId}`],
    ['PUT', '/carrier-billing-refund/v0.3/payments/x/refunds'],
  ] as const) {
    const headers = { authorization: `Bearer ${token}` }
    const answer = await box.app.inject({ method, url, headers })
    expect(answer.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' })
    expect(answer.headers['x-correlator']).toBeDefined()
  }
})

test('messages of test numbers are read by test clients only', async () => {
  const read = async (client: string, number: string) => {
    const authorization = `Bearer ${await box.twoLegged(client)}`
    const url = `/sandbox/numbers/${encodeURIComponent(number)}/messages`
    return box.app.inject({ url, headers: { authorization } })
  }
  const token = await box.twoLegged()
  await box.call('preparePayment', { token, body: paymentRequest(numbers.code) })
  const found = await read('test-shop', numbers.code)
  expect(found.json()).toMatchObject([{ text: expect.stringMatching(/^code \d{6}$/) }])
  expect((await read('live-shop', numbers.code)).statusCode).toBe(404)
  expect((await read('test-shop', '+8613800138000')).statusCode).toBe(404)
})

test.runIf(contractsFound)('the contract has teeth', () => {
  const wrong = { status: 400, code: 'WHATEVER', message: 'x' }
  expect(againstOperation('payments', '/payments', 'POST', 400, wrong)).not.toEqual([])
  expect(againstOperation('payments', '/payments', 'POST', 201, {})).not.toEqual([])
  expect(againstOperation('payments', '/payments', 'POST', 418, {})).not.toEqual([])
})
