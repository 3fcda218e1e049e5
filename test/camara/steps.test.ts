/** validatePayment, confirmPayment, cancelPayment. Titles begin with the ids of CAMARA's scenarios. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/camara/index.ts'
import { type Answer, openSandbox, paymentRequest, type Sandbox } from './sandbox.ts'

let box: Sandbox
let token: string
beforeAll(async () => {
  box = await openSandbox()
  token = await box.twoLegged()
})
afterAll(() => box.close())

const problem = (answer: Answer) => [answer.status, answer.body?.status, answer.body?.code]
const invalid = [400, 400, 'INVALID_ARGUMENT']

/** A reservation that waits for its code, two-legged. */
async function pending(number: string = numbers.sync) {
  const body = paymentRequest(number)
  const { body: shown } = await box.call('preparePayment', { token, body })
  const params = { paymentId: shown.paymentId as string }
  const authorizationId = shown.validationInfo.authorizationId as string
  return { params, authorizationId, number, code: await box.codeOf(number) }
}

/** A reserved payment. */
async function reserved(number: string = numbers.sync) {
  const { params, authorizationId, code } = await pending(number)
  const body = { authorizationId, code }
  expect((await box.call('validatePayment', { token, params, body })).status).toBe(204)
  return params
}

const statusOf = async (params: { paymentId: string }) =>
  (await box.call('retrievePayment', { token, params })).body.paymentStatus

const missing = { paymentId: '01900000-0000-7000-8000-000000000001' }

describe('validatePayment', () => {
  test('validate_payment_01_generic_success_scenario', async () => {
    const { params, authorizationId, code } = await pending()
    expect(code).toMatch(/^\d{6}$/)
    const body = { authorizationId, code }
    const answer = await box.call('validatePayment', { token, params, body })
    expect([answer.status, answer.headers['content-type']]).toEqual([204, 'application/json'])
    expect(await statusOf(params)).toBe('reserved')
    const again = await box.call('validatePayment', { token, params, body })
    expect(problem(again)).toEqual([409, 409, 'ALREADY_EXISTS'])
  })

  test('validate_payment_400.01_no_request_body, 400.02_empty_request_body', async () => {
    const { params } = await pending()
    for (const body of [undefined, {}])
      expect(problem(await box.call('validatePayment', { token, params, body }))).toEqual(invalid)
  })

  test.each(['authorizationId', 'code'])(
    'validate_payment_400.03_required_input_properties_missing %s',
    async (name) => {
      const { params, authorizationId, code } = await pending()
      const body = Object.fromEntries(
        Object.entries({ authorizationId, code }).filter(([key]) => key !== name),
      )
      expect(problem(await box.call('validatePayment', { token, params, body }))).toEqual(invalid)
    },
  )

  test('validate_payment_400.04_invalid_authorizationId', async () => {
    const { params, code } = await pending()
    const body = { authorizationId: 'other', code }
    expect(problem(await box.call('validatePayment', { token, params, body }))).toEqual([
      400,
      400,
      'CARRIER_BILLING.INVALID_AUTHORIZATION_ID',
    ])
  })

  test('validate_payment_400.05_invalid_code, 400.06_exceeding_validation_attempts', async () => {
    const { params, authorizationId, code } = await pending()
    const body = { authorizationId, code: code === '000000' ? '000001' : '000000' }
    const codes: string[] = []
    for (let tries = 0; tries < 5; tries += 1)
      codes.push((await box.call('validatePayment', { token, params, body })).body.code)
    expect(codes).toEqual([
      'CARRIER_BILLING.INVALID_CODE',
      'CARRIER_BILLING.INVALID_CODE',
      'CARRIER_BILLING.VALIDATION_FAILED',
      'CARRIER_BILLING.VALIDATION_FAILED',
      'CARRIER_BILLING.VALIDATION_FAILED',
    ])
    expect(await statusOf(params)).toBe('denied')
  })

  test('validate_payment_404.01_payment_not_found', async () => {
    const body = { authorizationId: missing.paymentId, code: '000000' }
    for (const paymentId of [missing.paymentId, 'nothing', '%00'])
      expect(
        problem(await box.call('validatePayment', { token, params: { paymentId }, body })),
      ).toEqual([404, 404, 'NOT_FOUND'])
  })

  test('a code after its time is VALIDATION_FAILED', async () => {
    const { params, authorizationId, code } = await pending()
    box.advance(11 * 60_000)
    const body = { authorizationId, code }
    const late = await box.call('validatePayment', { token: await box.twoLegged(), params, body })
    expect(problem(late)).toEqual([400, 400, 'CARRIER_BILLING.VALIDATION_FAILED'])
  })

  test('a denied reservation is validated, and the payment tells', async () => {
    const { params, authorizationId, code } = await pending(numbers.denied)
    const body = { authorizationId, code }
    expect((await box.call('validatePayment', { token, params, body })).status).toBe(204)
    expect(await statusOf(params)).toBe('denied')
  })
})

describe.each([
  ['confirmPayment', 'confirm_payment', 'succeeded'],
  ['cancelPayment', 'cancel_payment', 'cancelled'],
] as const)('%s', (operation, id, ends) => {
  test(`${id}_01_generic_success_scenario, ${id}_03_phoneNumber_two_legged`, async () => {
    const params = await reserved()
    const body = { phoneNumber: numbers.sync }
    const answer = await box.call(operation, { token, params, body })
    expect([answer.status, answer.headers['content-type']]).toEqual([202, 'application/json'])
    expect(await statusOf(params)).toBe(ends)
  })

  test(`${id}_01_generic_success_scenario three-legged: the empty object is the whole body`, async () => {
    const three = await box.threeLegged(numbers.sync)
    const made = await box.call('preparePayment', { token: three, body: paymentRequest(undefined) })
    const params = { paymentId: made.body.paymentId as string }
    const answer = await box.call(operation, { token: three, params, body: {} })
    expect(answer.status).toBe(202)
  })

  test(`${id}_400.01_no_request_body`, async () => {
    const params = await reserved()
    expect(problem(await box.call(operation, { token, params }))).toEqual(invalid)
  })

  test(`${id}_C02.01_phone_number_not_schema_compliant`, async () => {
    const params = await reserved()
    for (const phoneNumber of ['1390', 7, null])
      expect(problem(await box.call(operation, { token, params, body: { phoneNumber } }))).toEqual(
        invalid,
      )
  })

  test(`${id}_404.01_payment_not_found`, async () => {
    const body = { phoneNumber: numbers.sync }
    const answer = await box.call(operation, { token, params: missing, body })
    expect(problem(answer)).toEqual([404, 404, 'NOT_FOUND'])
  })

  test('another client’s and another customer’s payment is not found', async () => {
    const params = await reserved()
    const other = await box.twoLegged('test-other')
    const body = { phoneNumber: numbers.sync }
    expect((await box.call(operation, { token: other, params, body })).status).toBe(404)
    const stranger = await box.threeLegged(numbers.async)
    expect((await box.call(operation, { token: stranger, params, body: {} })).status).toBe(404)
  })

  test(`${id}_C02.02_phone_number_not_found`, async () => {
    const params = await reserved()
    for (const phoneNumber of [numbers.unknown, numbers.async, '+34671999000'])
      expect(problem(await box.call(operation, { token, params, body: { phoneNumber } }))).toEqual([
        404,
        404,
        'IDENTIFIER_NOT_FOUND',
      ])
  })

  test(`${id}_409.01_payment_confirmed`, async () => {
    const params = await reserved()
    const body = { phoneNumber: numbers.sync }
    await box.call('confirmPayment', { token, params, body })
    const again = await box.call(operation, { token, params, body })
    expect(problem(again)).toEqual([409, 409, 'CARRIER_BILLING.PAYMENT_CONFIRMED'])
  })

  test(`${id}_409.02_payment_cancelled`, async () => {
    const params = await reserved()
    const body = { phoneNumber: numbers.sync }
    await box.call('cancelPayment', { token, params, body })
    const again = await box.call(operation, { token, params, body })
    expect(problem(again)).toEqual([409, 409, 'CARRIER_BILLING.PAYMENT_CANCELLED'])
  })

  test(`${id}_C02.03_unnecessary_phone_number`, async () => {
    const params = await reserved()
    const three = await box.threeLegged(numbers.sync)
    const body = { phoneNumber: numbers.sync }
    const answer = await box.call(operation, { token: three, params, body })
    expect(problem(answer)).toEqual([422, 422, 'UNNECESSARY_IDENTIFIER'])
  })

  test(`${id}_C02.04_missing_phone_number`, async () => {
    const params = await reserved()
    const answer = await box.call(operation, { token, params, body: {} })
    expect(problem(answer)).toEqual([422, 422, 'MISSING_IDENTIFIER'])
  })

  test(`${id}_C02.05_phone_number_not_supported`, async () => {
    const params = await reserved()
    const body = { phoneNumber: numbers.unsupported }
    const answer = await box.call(operation, { token, params, body })
    expect(problem(answer)).toEqual([422, 422, 'SERVICE_NOT_APPLICABLE'])
  })

  test('a reservation that was not confirmed in time is cancelled', async () => {
    const params = await reserved()
    box.advance(5 * 60_000)
    const body = { phoneNumber: numbers.sync }
    const late = await box.call(operation, { token, params, body })
    expect(problem(late)).toEqual([409, 409, 'CARRIER_BILLING.PAYMENT_CANCELLED'])
  })
})

test('confirm_payment_403.02_payment_denied', async () => {
  const params = await reserved(numbers.deniedAtConfirm)
  const body = { phoneNumber: numbers.deniedAtConfirm }
  const answer = await box.call('confirmPayment', { token, params, body })
  expect(problem(answer)).toEqual([403, 403, 'CARRIER_BILLING.PAYMENT_DENIED'])
  expect(problem(await box.call('confirmPayment', { token, params, body }))[2]).toBe(
    'CARRIER_BILLING.PAYMENT_DENIED',
  )
})

test('confirm_payment_C02.05_phone_number_not_supported, found out at the charge', async () => {
  const params = await reserved(numbers.unsupportedAtConfirm)
  const body = { phoneNumber: numbers.unsupportedAtConfirm }
  const answer = await box.call('confirmPayment', { token, params, body })
  expect(problem(answer)).toEqual([422, 422, 'SERVICE_NOT_APPLICABLE'])
})

test('a payment that waits for its code cannot be confirmed but cancelled', async () => {
  const { params } = await pending()
  const body = { phoneNumber: numbers.sync }
  const early = await box.call('confirmPayment', { token, params, body })
  expect(problem(early)).toEqual([403, 403, 'CARRIER_BILLING.PAYMENT_DENIED'])
  expect((await box.call('cancelPayment', { token, params, body })).status).toBe(202)
})

test('64 confirmations at once charge once', async () => {
  const params = await reserved()
  const body = { phoneNumber: numbers.sync }
  const answers = await Promise.all(
    Array.from({ length: 64 }, () => box.call('confirmPayment', { token, params, body })),
  )
  expect(answers.filter(({ status }) => status === 202)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(63)
})
