/** createPayment and preparePayment. Titles begin with the ids of CAMARA's published scenarios. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/camara/index.ts'
import { againstSchema } from './contract.ts'
import {
  type Answer,
  openSandbox,
  paymentRequest,
  type Sandbox,
  without,
  withValue,
} from './sandbox.ts'

let box: Sandbox
let token: string
beforeAll(async () => {
  box = await openSandbox()
  token = await box.twoLegged()
})
afterAll(() => box.close())

const problem = (answer: Answer) => [answer.status, answer.body?.status, answer.body?.code]
const invalid = [400, 400, 'INVALID_ARGUMENT']

const credential = (change: object = {}) => ({
  credentialType: 'ACCESSTOKEN',
  accessToken: 'sink-token-1',
  accessTokenExpiresUtc: '2027-01-01T00:00:00Z',
  accessTokenType: 'bearer',
  ...change,
})

describe.each([
  ['createPayment', 'create_payment'],
  ['preparePayment', 'prepare_payment'],
] as const)('%s', (operation, id) => {
  const send = (body: unknown, more: { token?: string; headers?: Record<string, string> } = {}) =>
    box.call(operation, { token, body, ...more })
  const paid = (change: Parameters<typeof paymentRequest>[1] = {}) =>
    send(paymentRequest(numbers.sync, change))

  test(`${id}_01_generic_success_scenario`, async () => {
    const answer = await paid()
    expect(answer.status).toBe(201)
    expect(answer.headers['content-type']).toMatch(/^application\/json/)
    expect(answer.headers.location).toBe(answer.body.amountTransaction.resourceURL)
  })

  test(`${id}_02_generic_success_scenario_with_sink_information`, async () => {
    const answer = await paid({ rest: { sink: 'https://shop.example/events' } })
    expect([answer.status, answer.body.sink]).toEqual([201, 'https://shop.example/events'])
  })

  test(`${id}_03_generic_success_scenario_with_sink_and_sinkCredential_information`, async () => {
    const answer = await paid({
      rest: { sink: 'https://shop.example/events', sinkCredential: credential() },
    })
    expect(answer.status).toBe(201)
    expect(JSON.stringify(answer.body)).not.toContain('sink-token-1')
    const stored = await box.db.query<{ details: string }>(
      'select details::text as details from payment',
    )
    expect(JSON.stringify(stored)).not.toContain('sink-token-1')
  })

  test.each([
    [`${id}_04_amountTransaction_gross_amount`, { isTaxIncluded: true }],
    [`${id}_05_amountTransaction_net_amount`, { isTaxIncluded: false }],
    [`${id}_06_amountTransaction_taxAmount`, { taxAmount: 0.6 }],
  ])('%s', async (_, charging) => {
    const answer = await paid({ charging })
    const shown = answer.body.amountTransaction.paymentAmount.chargingInformation
    expect(answer.status).toBe(201)
    expect(shown).toMatchObject(charging)
    const payment = await box.payments.get(answer.body.paymentId)
    expect(payment?.amount).toBe('taxAmount' in charging ? 10_60n : 10_00n)
  })

  test.each([
    [
      `${id}_07_amountTransaction_merchantIdentifier`,
      { chargingMetaData: { merchantIdentifier: 'shop-7' } },
    ],
    [
      `${id}_08_amountTransaction_paymentDetails`,
      { paymentDetails: [{ id: 'a', amount: 10, currency: 'CNY', description: 'Coins' }] },
    ],
  ])('%s', async (_, amount) => {
    const answer = await paid({ amount })
    expect([answer.status, answer.body.amountTransaction.paymentAmount]).toMatchObject([
      201,
      amount,
    ])
  })

  test(`${id}_09_amountTransaction_clientCorrelator`, async () => {
    const clientCorrelator = `${id}-correlator-9`
    const answer = await paid({ transaction: { clientCorrelator } })
    expect([answer.status, answer.body.amountTransaction.clientCorrelator]).toEqual([
      201,
      clientCorrelator,
    ])
  })

  test(`${id}_11_amountTransaction_phoneNumber_two_legged`, async () => {
    const answer = await paid()
    expect(answer.body.amountTransaction.phoneNumber).toBe(numbers.sync)
  })

  test(`${id}_400.01_no_request_body`, async () => {
    expect(problem(await send(undefined))).toEqual(invalid)
    const headers = { 'content-type': 'application/json' }
    expect(problem(await send(undefined, { headers }))).toEqual(invalid)
  })

  test(`${id}_400.02_empty_request_body`, async () => {
    expect(problem(await send({}))).toEqual(invalid)
  })

  test(`${id}_400.03_other_input_properties_schema_not_compliant`, async () => {
    for (const rest of [
      { sink: 7 },
      { sink: {} },
      { sinkCredential: 'x' },
      { sinkCredential: {} },
      { sinkCredential: { credentialType: 7 } },
      { sinkCredential: without(credential(), 'accessToken') },
      { sinkCredential: credential({ accessTokenExpiresUtc: 'tomorrow' }) },
    ])
      expect(problem(await paid({ rest }))).toEqual(invalid)
  })

  test.each([
    'amountTransaction',
    'amountTransaction.paymentAmount',
    'amountTransaction.referenceCode',
    'amountTransaction.paymentAmount.chargingInformation',
    'amountTransaction.paymentAmount.chargingInformation.amount',
    'amountTransaction.paymentAmount.chargingInformation.currency',
    'amountTransaction.paymentAmount.chargingInformation.description',
  ])(`${id}_400.04_required_input_properties_missing %s`, async (path) => {
    expect(problem(await send(without(paymentRequest(numbers.sync), path)))).toEqual(invalid)
  })

  test(`${id}_400.05_clientCorrelator_in_use`, async () => {
    const transaction = { clientCorrelator: `${id}-correlator-5` }
    const number = numbers.async
    expect((await send(paymentRequest(number, { transaction }))).status).toBe(201)
    expect(problem(await send(paymentRequest(number, { transaction })))).toEqual(invalid)
  })

  test(`${id}_400.06_invalid_sink`, async () => {
    for (const sink of ['not an url', 'http://shop.example/', 'https://u:p@shop.example/', ''])
      expect(problem(await paid({ rest: { sink } }))).toEqual([400, 400, 'INVALID_SINK'])
  })

  test(`${id}_400.07_invalid_sinkCredential`, async () => {
    for (const credentialType of ['PLAIN', 'REFRESHTOKEN', 'OTHER'])
      expect(
        problem(await paid({ rest: { sinkCredential: { credentialType, identifier: 'x' } } })),
      ).toEqual([400, 400, 'INVALID_CREDENTIAL'])
  })

  test(`${id}_400.08_invalid_sinkCredential_Acccestoken`, async () => {
    for (const change of [
      { accessTokenType: 'mac' },
      { accessTokenExpiresUtc: '2020-01-01T00:00:00Z' },
    ])
      expect(problem(await paid({ rest: { sinkCredential: credential(change) } }))).toEqual([
        400,
        400,
        'INVALID_TOKEN',
      ])
  })

  test(`${id}_C02.01_phone_number_not_schema_compliant`, async () => {
    for (const number of ['13900000001', '+0', '+86139000000011111', 8_613_900_000_001])
      expect(problem(await send(paymentRequest(number as string)))).toEqual(invalid)
  })

  test(`${id}_403.02_payment_denied`, async () => {
    const denied = [403, 403, 'CARRIER_BILLING.PAYMENT_DENIED']
    for (const number of [numbers.denied, numbers.lowCredit, numbers.suspended]) {
      const answer = await box.call(operation, {
        token: await box.threeLegged(number),
        body: paymentRequest(undefined),
      })
      expect([number, ...problem(answer)]).toEqual([number, ...denied])
    }
  })

  test(`${id}_C02.02_phone_number_not_found`, async () => {
    for (const number of [numbers.unknown, '+8613800138000', '+34671999000'])
      expect(problem(await send(paymentRequest(number)))).toEqual([
        404,
        404,
        'IDENTIFIER_NOT_FOUND',
      ])
  })

  test(`${id}_409.01_payment_duplicated`, async () => {
    const body = paymentRequest(numbers.sync)
    expect((await send(body)).status).toBe(201)
    expect(problem(await send(body))).toEqual([409, 409, 'ALREADY_EXISTS'])
  })

  test(`${id}_422.02_unauthorized_amount`, async () => {
    for (const amount of [30.01, 0.09, 0.001, 10.005])
      expect(problem(await paid({ charging: { amount } }))).toEqual([
        422,
        422,
        'CARRIER_BILLING.UNAUTHORIZED_AMOUNT',
      ])
  })

  test(`${id} 422 CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED`, async () => {
    expect(problem(await send(paymentRequest(numbers.overLimit)))).toEqual([
      422,
      422,
      'CARRIER_BILLING.USER_AMOUNT_THRESHOLD_OVERPASSED',
    ])
  })

  test(`${id}_C02.03_unnecessary_phone_number`, async () => {
    const answer = await box.call(operation, {
      token: await box.threeLegged(numbers.sync),
      body: paymentRequest(numbers.sync),
    })
    expect(problem(answer)).toEqual([422, 422, 'UNNECESSARY_IDENTIFIER'])
  })

  test(`${id}_C02.04_missing_phone_number`, async () => {
    expect(problem(await send(paymentRequest(undefined)))).toEqual([422, 422, 'MISSING_IDENTIFIER'])
  })

  test(`${id}_C02.05_phone_number_not_supported`, async () => {
    expect(problem(await send(paymentRequest(numbers.unsupported)))).toEqual([
      422,
      422,
      'SERVICE_NOT_APPLICABLE',
    ])
  })

  test.each([
    ['amount', '10'],
    ['amount', 0],
    ['amount', -1],
    ['amount', 1.0001],
    ['amount', 1e300],
    ['amount', null],
    ['currency', 'EUR'],
    ['currency', 7],
    ['description', ''],
    ['isTaxIncluded', 'yes'],
    ['taxAmount', -1],
    ['unknown', 1],
  ])('a charging information with %s = %o is INVALID_ARGUMENT', async (name, value) => {
    expect(problem(await paid({ charging: { [name]: value } }))).toEqual(invalid)
  })

  test('unknown properties, broken JSON and a body too large are INVALID_ARGUMENT', async () => {
    const body = paymentRequest(numbers.sync)
    for (const path of ['extra', 'amountTransaction.clientCorelator'])
      expect(problem(await send(withValue(body, path, 'x')))).toEqual(invalid)
    for (const raw of [
      '{',
      '[]',
      'null',
      '"x"',
      `{"a":"${'x'.repeat(70_000)}"}`,
      '{"__proto__":1}',
    ])
      expect([raw.slice(0, 9), ...problem(await box.call(operation, { token, raw }))]).toEqual([
        raw.slice(0, 9),
        ...invalid,
      ])
  })

  test('another content type is 415', async () => {
    const headers = { 'content-type': 'text/plain' }
    const answer = await box.call(operation, { token, raw: '{}', headers })
    expect(problem(answer)).toEqual([415, 415, 'UNSUPPORTED_MEDIA_TYPE'])
  })

  test('the same Idempotency-Key and body answer with the same payment, another body is 409', async () => {
    const headers = { 'idempotency-key': `${id}-key-1` }
    const body = paymentRequest(numbers.sync, { transaction: { clientCorrelator: `${id}-key-1` } })
    const first = await send(body, { headers })
    const again = await send(body, { headers })
    expect([again.status, again.body.paymentId]).toEqual([201, first.body.paymentId])
    expect(problem(await send(paymentRequest(numbers.sync), { headers }))[2]).toBe('ALREADY_EXISTS')
    const broken = await send(body, { headers: { 'idempotency-key': 'x'.repeat(257) } })
    expect(problem(broken)).toEqual(invalid)
  })

  test('a number of the sandbox does not exist for a real client', async () => {
    const live = await box.twoLegged('live-shop')
    const answer = await send(paymentRequest(numbers.sync), { token: live })
    expect(problem(answer)).toEqual([404, 404, 'IDENTIFIER_NOT_FOUND'])
  })

  test('a clientCorrelator of a completed payment is 409 ALREADY_EXISTS', async () => {
    const transaction = { clientCorrelator: `${id}-done` }
    const three = await box.threeLegged(numbers.denied)
    const body = () => paymentRequest(undefined, { transaction })
    expect((await box.call(operation, { token: three, body: body() })).status).toBe(403)
    const again = await box.call(operation, { token: three, body: body() })
    expect(problem(again)).toEqual([409, 409, 'ALREADY_EXISTS'])
  })
})

test('create_payment_12_sync_behaviour', async () => {
  const answer = await box.call('createPayment', { token, body: paymentRequest(numbers.sync) })
  expect(answer.body.paymentStatus).toBe('succeeded')
  expect(Date.parse(answer.body.paymentDate)).toBe(box.clock.now())
})

test('create_payment_13_async_behaviour', async () => {
  const answer = await box.call('createPayment', { token, body: paymentRequest(numbers.async) })
  expect(answer.body.paymentStatus).toBe('processing')
  box.advance(10_000)
  await expect
    .poll(async () => (await box.payments.get(answer.body.paymentId))?.state)
    .toMatch(/^deliver/)
})

test('a two-legged payment of a merchant without direct charge waits for the customer’s reply', async () => {
  const asking = await box.twoLegged('test-asking')
  const body = paymentRequest(numbers.sync)
  const answer = await box.call('createPayment', { token: asking, body })
  expect([answer.status, answer.body.paymentStatus]).toEqual([201, 'processing'])
})

test('prepare_payment_12_sync_behaviour_without_validation_info', async () => {
  const three = await box.threeLegged(numbers.sync)
  const answer = await box.call('preparePayment', { token: three, body: paymentRequest(undefined) })
  expect(answer.body.paymentStatus).toBe('reserved')
  expect(answer.body).not.toHaveProperty('validationInfo')
  expect(answer.body.amountTransaction.phoneNumber).toBe(numbers.sync)
})

test('prepare_payment_13_sync_behaviour_with_validation_info', async () => {
  for (const [bearer, number] of [
    [token, numbers.sync],
    [await box.threeLegged(numbers.code), undefined],
  ] as const) {
    const body = paymentRequest(number)
    const answer = await box.call('preparePayment', { token: bearer, body })
    expect(answer.body.paymentStatus).toBe('pending_validation')
    expect(againstSchema('payments', 'Validate', answer.body.validationInfo)).toEqual([])
  }
})

test('prepare_payment_14_async_behaviour', async () => {
  const three = await box.threeLegged(numbers.async)
  const answer = await box.call('preparePayment', { token: three, body: paymentRequest(undefined) })
  expect(answer.body.paymentStatus).toBe('processing')
})

test('an asynchronous payment can still be denied', async () => {
  const three = await box.threeLegged(numbers.asyncDenied)
  const answer = await box.call('createPayment', { token: three, body: paymentRequest(undefined) })
  expect([answer.status, answer.body.paymentStatus]).toEqual([201, 'processing'])
  box.advance(30_000)
  const params = { paymentId: answer.body.paymentId }
  await expect
    .poll(async () => (await box.call('retrievePayment', { token, params })).body.paymentStatus)
    .toBe('denied')
})

test.each([
  [0.1, 10n],
  [0.29, 29n],
  [1.1, 110n],
  [19.99, 1999n],
  [29.99, 2999n],
  [4.35, 435n],
  [8.2, 820n],
])('%s CNY is charged exactly', async (amount, fen) => {
  const body = paymentRequest(numbers.sync, { charging: { amount } })
  const answer = await box.call('createPayment', { token, body })
  expect((await box.payments.get(answer.body.paymentId))?.amount).toBe(fen)
  expect(answer.body.amountTransaction.paymentAmount.chargingInformation.amount).toBe(amount)
})
