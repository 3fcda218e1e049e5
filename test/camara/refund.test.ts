/** createRefund and the three operations that read refunds. Titles begin with CAMARA's scenario ids. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/camara/index.ts'
import { againstSchema } from './contract.ts'
import {
  type Answer,
  openSandbox,
  partialRefund,
  paymentRequest,
  type Sandbox,
  totalRefund,
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

async function paid(
  number: string = numbers.sync,
  change: Parameters<typeof paymentRequest>[1] = {},
) {
  const body = paymentRequest(number, change)
  const answer = await box.call('createPayment', { token, body })
  expect(answer.body.paymentStatus).toBe('succeeded')
  return { paymentId: answer.body.paymentId as string }
}
const refund = (params: { paymentId: string }, body: unknown, headers = {}) =>
  box.call('createRefund', { token, params, body, headers })
const left = async (params: { paymentId: string }) =>
  (await box.call('retrievePaymentRemainingAmount', { token, params })).body

const sinks = {
  sink: 'https://shop.example/events',
  sinkCredential: {
    credentialType: 'ACCESSTOKEN',
    accessToken: 'sink-token-2',
    accessTokenExpiresUtc: '2027-01-01T00:00:00Z',
    accessTokenType: 'bearer',
  },
}

describe('createRefund', () => {
  test('create_refund_01, 02, 03_generic_success_scenario with and without sink', async () => {
    for (const rest of [{}, { sink: sinks.sink }, sinks]) {
      const answer = await refund(await paid(), { ...totalRefund(), ...rest })
      expect(answer.status).toBe(201)
      expect(againstSchema('refunds', 'TotalRefund', answer.body)).toEqual([])
    }
  })

  test('create_refund_04_total_refund, create_refund_11_sync_behaviour', async () => {
    const { body } = await refund(await paid(), totalRefund())
    expect([body.type, body.refundStatus, body.amountTransaction.refundAmount]).toEqual([
      'total',
      'succeeded',
      {},
    ])
  })

  test.each([
    ['create_refund_04_partial_refund_amountTransaction_gross_amount', { isTaxIncluded: true }],
    ['create_refund_05_partial_refund_amountTransaction_net_amount', { isTaxIncluded: false }],
    ['create_refund_06_partial_refund_amountTransaction_taxAmount', { taxAmount: 0.12 }],
  ])('%s', async (_, charging) => {
    const params = await paid(numbers.sync, { charging })
    const answer = await refund(params, partialRefund(2, { charging }))
    expect(answer.body.amountTransaction.refundAmount.chargingInformation).toMatchObject(charging)
    expect(againstSchema('refunds', 'PartialRefund', answer.body)).toEqual([])
  })

  test('create_refund_07_amountTransaction_merchantIdentifier', async () => {
    const refundAmount = { chargingMetaData: { merchantIdentifier: 'shop-7' } }
    const { body } = await refund(await paid(), totalRefund({ refundAmount }))
    expect(body.amountTransaction.refundAmount).toEqual(refundAmount)
  })

  const item = { currency: 'CNY', description: 'Coins', amount: 4 }
  test('create_refund_08_partial_refund_amountTransaction_refundDetails', async () => {
    const amount = { paymentDetails: [{ id: 'a', ...item }] }
    const refundDetails = [{ paymentItemId: 'a', ...item }]
    const params = await paid(numbers.sync, { amount })
    const { body } = await refund(params, partialRefund(4, { amount: { refundDetails } }))
    expect(body.amountTransaction.refundAmount.refundDetails).toEqual(refundDetails)
  })

  test('create_refund_09_amountTransaction_clientCorrelator, create_refund_10_reason', async () => {
    const clientCorrelator = 'refund-correlator-9'
    const body = { ...totalRefund({ clientCorrelator }), reason: 'changed my mind' }
    const answer = await refund(await paid(), body)
    expect(answer.body).toMatchObject({
      reason: 'changed my mind',
      amountTransaction: { clientCorrelator },
    })
  })

  test('create_refund_12_async_behaviour', async () => {
    const params = await paid(numbers.refundAsync)
    const { body } = await refund(params, totalRefund())
    expect(body.refundStatus).toBe('processing')
    box.advance(40_000)
    await expect
      .poll(async () => (await box.payments.getRefund(body.refundId))?.state)
      .toBe('succeeded')
  })

  test('create_refund_400.01_no_request_body, 400.02_empty_request_body', async () => {
    const params = await paid()
    for (const body of [undefined, {}]) expect(problem(await refund(params, body))).toEqual(invalid)
  })

  test('create_refund_400.03_other_input_properties_schema_not_compliant', async () => {
    const params = await paid()
    for (const rest of [{ sink: 7 }, { sinkCredential: 'x' }, { sinkCredential: {} }])
      expect(problem(await refund(params, { ...totalRefund(), ...rest }))).toEqual(invalid)
  })

  test.each([
    'type',
    'amountTransaction',
    'amountTransaction.refundAmount',
    'amountTransaction.referenceCode',
  ])('create_refund_400.04_required_input_properties_missing %s', async (path) => {
    const params = await paid()
    for (const body of [totalRefund(), partialRefund(1)])
      expect(problem(await refund(params, without(body, path)))).toEqual(invalid)
  })

  test('create_refund_400.05_clientCorrelator_in_use', async () => {
    const params = await paid(numbers.refundAsync)
    const transaction = { clientCorrelator: 'refund-correlator-5' }
    expect((await refund(params, partialRefund(1, { transaction }))).status).toBe(201)
    expect(problem(await refund(params, partialRefund(1, { transaction })))).toEqual(invalid)
  })

  test('create_refund_400.06_invalid_sink, 400.07_invalid_sinkCredential, 400.08', async () => {
    const params = await paid()
    for (const [path, value, code] of [
      ['sink', 'http://shop.example/', 'INVALID_SINK'],
      ['sinkCredential.credentialType', 'PLAIN', 'INVALID_CREDENTIAL'],
      ['sinkCredential.accessTokenType', 'mac', 'INVALID_TOKEN'],
    ] as const) {
      const body = withValue({ ...totalRefund(), ...sinks }, path, value)
      expect(problem(await refund(params, body))).toEqual([400, 400, code])
    }
  })

  test('create_refund_403.02_refund_denied', async () => {
    const params = await paid(numbers.refundDenied)
    expect(problem(await refund(params, totalRefund()))).toEqual([
      403,
      403,
      'CARRIER_BILLING_REFUND.REFUND_DENIED',
    ])
  })

  test('create_refund_403.03_payment_not_eligible_for_refund', async () => {
    const params = await paid(numbers.notRefundable)
    const denied = [403, 403, 'CARRIER_BILLING_REFUND.PAYMENT_NOT_ELIGIBLE_FOR_REFUND']
    expect(problem(await refund(params, totalRefund()))).toEqual(denied)
  })

  test('create_refund_404.01_payment_not_found', async () => {
    const notFound = [404, 404, 'NOT_FOUND']
    const body = totalRefund()
    expect(problem(await refund({ paymentId: 'nothing' }, body))).toEqual(notFound)
    const other = await box.twoLegged('test-other')
    const foreign = await box.call('createRefund', { token: other, params: await paid(), body })
    expect(problem(foreign)).toEqual(notFound)
  })

  test('create_refund_409.01_refund_duplicated', async () => {
    const params = await paid()
    const body = partialRefund(1)
    expect((await refund(params, body)).status).toBe(201)
    expect(problem(await refund(params, body))).toEqual([409, 409, 'ALREADY_EXISTS'])
  })

  test('create_refund_422.01_unauthorized_amount', async () => {
    const params = await paid()
    const tooMuch = [422, 422, 'CARRIER_BILLING_REFUND.UNAUTHORIZED_AMOUNT']
    for (const amount of [10.01, 1_000, 1.005])
      expect(problem(await refund(params, partialRefund(amount)))).toEqual(tooMuch)
    await refund(params, totalRefund())
    expect(problem(await refund(params, totalRefund()))).toEqual(tooMuch)
  })

  test('create_refund_422.03_payment_invalid_status', async () => {
    const made = await box.call('preparePayment', { token, body: paymentRequest(numbers.sync) })
    const params = { paymentId: made.body.paymentId as string }
    for (const body of [totalRefund(), partialRefund(1)])
      expect(problem(await refund(params, body))).toEqual([
        422,
        422,
        'CARRIER_BILLING_REFUND.INVALID_PAYMENT_STATUS',
      ])
  })

  test('create_refund_422.04_inconsistent_tax_management', async () => {
    const params = await paid()
    const body = partialRefund(1, { charging: { isTaxIncluded: true } })
    expect(problem(await refund(params, body))).toEqual([
      422,
      422,
      'CARRIER_BILLING_REFUND.TAXES_MANAGEMENT_MISMATCH',
    ])
  })

  test('create_refund_422.05_inconsistent_refund_details', async () => {
    const params = await paid(numbers.sync, { amount: { paymentDetails: [{ id: 'a', ...item }] } })
    for (const refundDetails of [
      [{ paymentItemId: 'b', ...item }],
      [{ paymentItemId: 'a', ...item, amount: 4.01 }],
      [{ paymentItemId: 'a', ...item, isTaxIncluded: true }],
    ])
      expect(
        problem(await refund(params, partialRefund(4, { amount: { refundDetails } }))),
      ).toEqual([422, 422, 'CARRIER_BILLING_REFUND.REFUND_DETAILS_MISMATCH'])
  })

  test('the same Idempotency-Key and body refund once', async () => {
    const params = await paid()
    const headers = { 'idempotency-key': 'refund-key-1' }
    const body = partialRefund(1)
    const first = await refund(params, body, headers)
    const again = await refund(params, body, headers)
    expect(again.body.refundId).toBe(first.body.refundId)
    expect(problem(await refund(params, partialRefund(1), headers))[2]).toBe('ALREADY_EXISTS')
    expect((await left(params)).amount).toBe(9)
  })
})

describe('retrievePaymentRemainingAmount', () => {
  test('retrieve_payment_remaining_amount_01_generic_success_scenario', async () => {
    expect(await left(await paid())).toMatchObject({ amount: 10, currency: 'CNY' })
  })

  test.each([
    ['retrieve_payment_remaining_amount_02_total_refund_in_progress', numbers.refundAsync, 0],
    ['retrieve_payment_remaining_amount_03_total_refund_succeeded', numbers.sync, 0],
    ['retrieve_payment_remaining_amount_04_total_refund_denied', numbers.refundDenied, 10],
  ])('%s', async (_, number, amount) => {
    const params = await paid(number)
    await refund(params, totalRefund())
    expect((await left(params)).amount).toBe(amount)
  })

  test.each([
    ['retrieve_payment_remaining_amount_05_partial_refund_in_progress', numbers.refundAsync, 6.7],
    ['retrieve_payment_remaining_amount_06_partial_refund_succeeded', numbers.sync, 6.7],
    ['retrieve_payment_remaining_amount_07_partial_refund_denied', numbers.refundDenied, 10],
  ])('%s', async (_, number, amount) => {
    const params = await paid(number)
    await refund(params, partialRefund(3.3))
    expect((await left(params)).amount).toBe(amount)
  })

  test('retrieve_payment_remaining_amount_404.01_payment_not_found', async () => {
    const params = { paymentId: 'nothing' }
    const answer = await box.call('retrievePaymentRemainingAmount', { token, params })
    expect(problem(answer)).toEqual([404, 404, 'NOT_FOUND'])
  })
})

describe('retrieveRefund and retrieveRefunds', () => {
  interface Shown {
    readonly refundId: string
    readonly refundStatus: string
    readonly refundCreationDate: string
  }
  const day = 86_400_000
  let params: { paymentId: string }
  let now: number
  beforeAll(async () => {
    params = await paid(numbers.refundAsyncDenied)
    await refund(params, partialRefund(0.5))
    await later(10 * day)
    await refund(
      params,
      partialRefund(0.5, { amount: { chargingMetaData: { merchantIdentifier: 'm' } } }),
    )
    await later(5 * day)
    for (let count = 0; count < 5; count += 1) await refund(params, partialRefund(0.5))
    now = box.clock.now()
  })
  async function later(ms: number) {
    box.advance(ms)
    box.forgetTokens()
    token = await box.twoLegged()
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const at = (daysAgo: number) => new Date(now - daysAgo * day).toISOString()
  const created = (one: Shown) => Date.parse(one.refundCreationDate)
  const list = async (query = '', bearer = token): Promise<readonly Shown[]> => {
    const answer = await box.call('retrieveRefunds', { token: bearer, params, query })
    expect([query, answer.status]).toEqual([query, 200])
    return answer.body
  }

  test('retrieve_refund_01_generic_success_scenario', async () => {
    const [first] = await list()
    const answer = await box.call('retrieveRefund', {
      token,
      params: { ...params, refundId: first?.refundId ?? '' },
    })
    expect([answer.status, answer.body]).toEqual([200, first])
  })

  test('retrieve_refund_404.01_payment_not_found, 404.02_refund_not_found', async () => {
    const [first] = await list()
    const refundId = first?.refundId ?? ''
    for (const given of [
      { paymentId: 'nothing', refundId },
      { ...params, refundId: 'nothing' },
      { ...(await paid()), refundId },
    ])
      expect(problem(await box.call('retrieveRefund', { token, params: given }))).toEqual([
        404,
        404,
        'NOT_FOUND',
      ])
  })

  test('retrieve_refunds_01_generic_success_scenario, retrieve_refunds_04_for_application', async () => {
    const answer = await box.call('retrieveRefunds', { token, params })
    expect(answer.body).toHaveLength(7)
    expect(answer.headers).toMatchObject({ 'x-total-count': '7', 'content-last-key': '7' })
  })

  test('retrieve_refunds_02_no_refunds', async () => {
    const answer = await box.call('retrieveRefunds', { token, params: await paid() })
    expect([answer.status, answer.body]).toEqual([200, []])
  })

  test('retrieve_refunds_03_for_phoneNumber', async () => {
    expect(await list('', await box.threeLegged(numbers.refundAsyncDenied))).toHaveLength(7)
    const stranger = await box.threeLegged(numbers.sync)
    expect(problem(await box.call('retrieveRefunds', { token: stranger, params }))).toEqual([
      404,
      404,
      'NOT_FOUND',
    ])
  })

  test('retrieve_refunds_05_start_creationDate, 06_end_creationDate, 07_date_range', async () => {
    const all = await list('?perPage=100')
    for (const days of [1, 3, 7, 30]) {
      expect(await list(`?refundCreationDate.gte=${at(days)}`)).toEqual(
        all.filter((one) => created(one) >= now - days * day),
      )
      expect(await list(`?refundCreationDate.lte=${at(days)}`)).toEqual(
        all.filter((one) => created(one) <= now - days * day),
      )
    }
    const range = `?refundCreationDate.gte=${at(30)}&refundCreationDate.lte=${at(7)}`
    expect(await list(range)).toHaveLength(1)
  })

  test('retrieve_refunds_08_ordering', async () => {
    const down = await list('?order=desc')
    expect(down.map(created)).toEqual(down.map(created).sort((a, b) => b - a))
    expect(await list('?order=asc')).toEqual([...down].reverse())
  })

  test('retrieve_refunds_09_refund_status', async () => {
    expect(await list('?refundStatus=processing')).toHaveLength(5)
    expect(await list('?refundStatus=denied')).toHaveLength(2)
    expect(await list('?refundStatus=succeeded')).toHaveLength(0)
  })

  test('retrieve_refunds_10_merchantIdentifier', async () => {
    expect(await list('?merchantIdentifier=m')).toHaveLength(1)
  })

  test('retrieve_refunds_11_pagination', async () => {
    const all = await list()
    expect(await list('?page=1&perPage=5')).toEqual(all.slice(0, 5))
    expect(await list('?page=2&perPage=5')).toEqual(all.slice(5))
  })

  test('retrieve_refunds_400.01_invalid_date_range', async () => {
    const query = `?refundCreationDate.gte=${at(0)}&refundCreationDate.lte=${at(7)}`
    expect(problem(await box.call('retrieveRefunds', { token, params, query }))).toEqual([
      400,
      400,
      'CARRIER_BILLING_REFUND.INVALID_DATE_RANGE',
    ])
  })

  test('retrieve_refunds 400 OUT_OF_RANGE', async () => {
    const query = '?page=1000&perPage=1000'
    expect(problem(await box.call('retrieveRefunds', { token, params, query }))).toEqual([
      400,
      400,
      'OUT_OF_RANGE',
    ])
  })

  test('retrieve_refunds_400.03_too_many_matching_records', async () => {
    const many = await paid(numbers.refundAsync)
    await Promise.all(Array.from({ length: 101 }, () => refund(many, partialRefund(0.01))))
    const query = '?page=1&perPage=1000'
    const answer = await box.call('retrieveRefunds', { token, params: many, query })
    expect(problem(answer)).toEqual([400, 400, 'CARRIER_BILLING_REFUND.TOO_MANY_MATCHING_RECORDS'])
  })
})
