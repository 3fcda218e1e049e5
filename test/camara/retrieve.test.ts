/** retrievePayment and retrievePayments. Titles begin with the ids of CAMARA's scenarios. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sandboxNumbers as numbers } from '../../server/src/channels/camara/index.ts'
import { type Answer, openSandbox, paymentRequest, type Sandbox } from './sandbox.ts'

interface Shown {
  readonly paymentId: string
  readonly paymentStatus: string
  readonly paymentCreationDate: string
  readonly amountTransaction: {
    readonly phoneNumber: string
    readonly paymentAmount: { readonly chargingMetaData?: { readonly merchantIdentifier?: string } }
  }
}

const day = 86_400_000
let box: Sandbox
let token: string
let now: number
beforeAll(async () => {
  box = await openSandbox()
  const shop = () => box.twoLegged()
  const pay = async (number: string, identifier: string) => {
    const amount = { chargingMetaData: { merchantIdentifier: identifier } }
    const body = paymentRequest(number, { amount })
    return (await box.call('createPayment', { token: await shop(), body })).body.paymentId as string
  }
  // Forty days of payments in every status; the token of the beginning would not last that long.
  await pay(numbers.sync, 'old')
  await jump(35 * day)
  await pay(numbers.refundAsync, 'old')
  await jump(4 * day)
  const body = paymentRequest(numbers.sync)
  const asked = await box.call('preparePayment', { token: await renew(), body })
  const params = { paymentId: asked.body.paymentId as string }
  await box.call('cancelPayment', {
    token: await renew(),
    params,
    body: { phoneNumber: numbers.sync },
  })
  await jump(day / 2)
  for (let count = 0; count < 4; count += 1) await pay(numbers.sync, 'new')
  await box.call('createPayment', {
    token: await box.threeLegged(numbers.denied),
    body: paymentRequest(undefined),
  })
  await box.call('preparePayment', {
    token: await box.threeLegged(numbers.sync),
    body: paymentRequest(undefined),
  })
  await box.call('preparePayment', { token: await renew(), body: paymentRequest(numbers.sync) })
  await pay(numbers.silent, 'new')
  token = await renew()
  now = box.clock.now()

  async function jump(ms: number) {
    box.advance(ms)
    box.forgetTokens()
  }
  function renew() {
    return box.twoLegged()
  }
})
afterAll(() => box.close())

const list = async (query: string, bearer = token): Promise<readonly Shown[]> => {
  const answer = await box.call('retrievePayments', { token: bearer, query })
  expect([query, answer.status]).toEqual([query, 200])
  return answer.body
}
const problem = (answer: Answer) => [answer.status, answer.body?.status, answer.body?.code]
const at = (daysAgo: number) => new Date(now - daysAgo * day).toISOString()
const created = (payment: Shown) => Date.parse(payment.paymentCreationDate)

test('retrieve_payment_01_generic_success_scenario', async () => {
  const [first] = await list('')
  const params = { paymentId: first?.paymentId ?? '' }
  const answer = await box.call('retrievePayment', { token, params })
  expect([answer.status, answer.body]).toEqual([200, first])
})

test('retrieve_payment_404.01_payment_not_found', async () => {
  const [first] = await list('?paymentStatus=succeeded')
  for (const [bearer, paymentId] of [
    [token, '01900000-0000-7000-8000-000000000001'],
    [token, 'nothing'],
    [await box.twoLegged('test-other'), first?.paymentId ?? ''],
    [await box.threeLegged(numbers.async), first?.paymentId ?? ''],
  ] as const)
    expect(
      problem(await box.call('retrievePayment', { token: bearer, params: { paymentId } })),
    ).toEqual([404, 404, 'NOT_FOUND'])
})

test('retrieve_payments_01_generic_success_scenario, retrieve_payments_04_for_application', async () => {
  const answer = await box.call('retrievePayments', { token })
  expect(answer.headers).toMatchObject({ 'x-total-count': '11', 'content-last-key': '10' })
  expect(answer.body).toHaveLength(10)
})

test('retrieve_payments_02_no_payments', async () => {
  expect(await list('', await box.twoLegged('test-other'))).toEqual([])
})

test('retrieve_payments_03_for_phoneNumber', async () => {
  const mine = await list('', await box.threeLegged(numbers.silent))
  expect(mine.map((one) => one.amountTransaction.phoneNumber)).toEqual([numbers.silent])
})

test.each([1, 7, 30])('retrieve_payments_05_start_creationDate: %i days', async (days) => {
  const found = await list(`?perPage=100&paymentCreationDate.gte=${at(days)}`)
  const all = await list('?perPage=100')
  expect(found).toEqual(all.filter((one) => created(one) >= now - days * day))
})

test.each([1, 3, 7])('retrieve_payments_06_end_creationDate: %i days', async (days) => {
  const found = await list(`?perPage=100&paymentCreationDate.lte=${at(days)}`)
  const all = await list('?perPage=100')
  expect(found).toEqual(all.filter((one) => created(one) <= now - days * day))
})

test.each([
  [7, 0],
  [30, 0],
  [30, 4],
])('retrieve_payments_07_date_range: %i to %i days', async (from, to) => {
  const range = `paymentCreationDate.gte=${at(from)}&paymentCreationDate.lte=${at(to)}`
  const found = await list(`?perPage=100&${range}`)
  const all = await list('?perPage=100')
  const inside = (one: Shown) => created(one) >= now - from * day && created(one) <= now - to * day
  expect(found).toEqual(all.filter(inside))
})

test('retrieve_payments_08_ordering', async () => {
  const down = await list('?perPage=100&order=desc')
  expect(down.map(created)).toEqual(down.map(created).sort((a, b) => b - a))
  expect(await list('?perPage=100&order=asc')).toEqual([...down].reverse())
})

test.each([
  ['processing', 1],
  ['pending_validation', 1],
  ['denied', 1],
  ['reserved', 1],
  ['succeeded', 6],
  ['cancelled', 1],
])('retrieve_payments_09_payment_status: %s', async (status, count) => {
  const found = await list(`?perPage=100&paymentStatus=${status}`)
  expect(found.map((one) => one.paymentStatus)).toEqual(Array(count).fill(status))
})

test('several statuses are asked for by repeating the parameter', async () => {
  const found = await list('?paymentStatus=processing&paymentStatus=pending_validation')
  expect(found.map((one) => one.paymentStatus).sort()).toEqual(['pending_validation', 'processing'])
})

test('retrieve_payments_10_merchantIdentifier', async () => {
  const found = await list('?merchantIdentifier=old')
  const identifiers = found.map(
    (one) => one.amountTransaction.paymentAmount.chargingMetaData?.merchantIdentifier,
  )
  expect(identifiers).toEqual(['old', 'old'])
})

test('retrieve_payments_11_pagination', async () => {
  const all = await list('?perPage=100')
  expect(await list('?page=1&perPage=5')).toEqual(all.slice(0, 5))
  expect(await list('?page=2&perPage=5')).toEqual(all.slice(5, 10))
  expect(await list('?page=9&perPage=5')).toEqual([])
})

test('retrieve_payments_400.01_invalid_date_range', async () => {
  for (const range of [
    `paymentCreationDate.gte=${at(0)}&paymentCreationDate.lte=${at(7)}`,
    `paymentCreationDate.gte=${at(7)}&paymentCreationDate.lte=${at(30)}`,
    `paymentCreationDate.gte=${at(-1)}`,
  ])
    expect(problem(await box.call('retrievePayments', { token, query: `?${range}` }))).toEqual([
      400,
      400,
      'CARRIER_BILLING.INVALID_DATE_RANGE',
    ])
})

test('retrieve_payments 400 OUT_OF_RANGE', async () => {
  for (const query of [
    '?page=1000&perPage=1000',
    '?page=0',
    '?perPage=0',
    '?perPage=1001',
    '?page=-1',
  ])
    expect(problem(await box.call('retrievePayments', { token, query }))).toEqual([
      400,
      400,
      'OUT_OF_RANGE',
    ])
})

test('retrieve_payments INVALID_ARGUMENT', async () => {
  for (const query of [
    '?page=x',
    '?page=1.5',
    '?order=up',
    '?paymentStatus=paid',
    '?paymentCreationDate.gte=2026-01-01',
    '?paymentCreationDate.lte=2026-01-01T00:00:00',
    '?paymentCreationDate.lte=2026-13-01T00:00:00Z',
  ])
    expect([query, ...problem(await box.call('retrievePayments', { token, query }))]).toEqual([
      query,
      400,
      400,
      'INVALID_ARGUMENT',
    ])
})

test('retrieve_payments_400.03_too_many_matching_records', async () => {
  const bearer = await box.twoLegged('test-other')
  await Promise.all(
    Array.from({ length: 101 }, () =>
      box.call('preparePayment', {
        token: bearer,
        body: paymentRequest(numbers.sync, { charging: { amount: 0.1 } }),
      }),
    ),
  )
  const query = '?page=1&perPage=1000'
  const answer = await box.call('retrievePayments', { token: bearer, query })
  expect(problem(answer)).toEqual([400, 400, 'CARRIER_BILLING.TOO_MANY_MATCHING_RECORDS'])
})
