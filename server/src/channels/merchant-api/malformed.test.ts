/** Whatever is sent to the merchant API: a clear refusal, never our own failure, and nothing changed. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Answer, openShop, type Shop } from '../../../../test/shop.ts'

let shop: Shop
let paymentId = ''
let sound = ''
beforeAll(async () => {
  shop = await openShop()
  const body = { msisdn: '13900010001', product: '100', orderId: 'first' }
  paymentId = (await shop.call('POST', '/v1/payments', { body })).body.id
  sound = await everything()
})
afterAll(() => shop.close())

/** All that a request could have changed. */
async function everything(): Promise<string> {
  const tables = [
    'payment',
    'refund',
    'checkout',
    'business_key',
    'job',
    'limit_counter',
    'transfer',
  ]
  const rows = await Promise.all(
    tables.map((table) => shop.db.query(`select t::text as row from ${table} t order by 1`)),
  )
  return JSON.stringify(rows)
}

const control = [
  'a\u0000b',
  '\u0000',
  'a\nb',
  'a\u202eb',
  '\ud800',
  '\udfff x',
  'a\u2028b',
  '\u007f',
]
const strings = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.constantFrom(...control, '', ' ', 'x'.repeat(10_000), '💳', "'; drop table payment; --", '%s'),
)
const anything = fc.oneof(
  strings,
  fc.anything({ maxDepth: 2 }),
  fc.constantFrom<unknown>(null, true, 0, -1, 1e308, [], {}, [[]], { toString: 'x' }),
)
const bad = {
  msisdn: fc.constantFrom<unknown>(
    '12345',
    '+1 555 123 4567',
    '139000100',
    '',
    13900010001,
    null,
    {},
  ),
  product: fc.constantFrom<unknown>(
    '10',
    '1000',
    'abc',
    '',
    100,
    null,
    ['100'],
    '１００',
    '10\u0000',
  ),
  amount: fc.constantFrom<unknown>(
    '0',
    '-1',
    '1.5',
    '1e3',
    '01',
    '',
    1000,
    '99999999999',
    ' 10',
    'x',
  ),
  orderId: fc.constantFrom<unknown>('', ' ', 'a b', '订单', 'x'.repeat(65), 1, null, 'a\u0000'),
  text: fc.constantFrom<unknown>('', '   ', 'x'.repeat(300), 7, null, ...control),
  consent: fc.constantFrom<unknown>('', 'yes', 'NONE', 1, null),
  minutes: fc.constantFrom<unknown>(0, -1, 121, 1.5, '10', Number.MAX_SAFE_INTEGER, null),
  url: fc.constantFrom<unknown>(
    'javascript:alert(1)',
    'ftp://x.example',
    '/x',
    'http://',
    'x',
    1,
    '',
  ),
  unknown: anything.filter((value) => JSON.stringify(value) !== undefined),
}
const good = { msisdn: '13900010009', product: '100', orderId: 'never' }

const refusedClearly = ({ status, body }: Answer) => {
  expect([400, 404, 413, 415, 422]).toContain(status)
  expect(body.type).toMatch(/^\/problems\/[a-z_]+$/)
  expect(JSON.stringify(body)).not.toMatch(/stack|node_modules|syntax error at/)
}
const everyMalformed = async (url: string, bodies: fc.Arbitrary<unknown>, runs = 150) => {
  await fc.assert(
    fc.asyncProperty(bodies, async (body) => {
      refusedClearly(await shop.call('POST', url, { raw: JSON.stringify(body) ?? '' }))
    }),
    { numRuns: runs },
  )
  expect(await everything()).toBe(sound)
}

const spoilt = (base: object, fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) =>
  fc.oneof(
    ...Object.entries(fields).map(([field, value]) =>
      value.map((given) => ({ ...base, [field]: given })),
    ),
  )

test('payments', () =>
  everyMalformed(
    '/v1/payments',
    spoilt(good, {
      msisdn: bad.msisdn,
      product: bad.product,
      amount: bad.amount,
      orderId: bad.orderId,
      account: bad.text,
      goods: bad.text,
      consent: bad.consent,
      replyMinutes: bad.minutes,
      more: fc.constant(1),
    }),
  ))

test('payments of an amount', () =>
  everyMalformed(
    '/v1/payments',
    spoilt(
      { msisdn: '13900010009', amount: '1000', goods: 'x', orderId: 'never' },
      {
        goods: bad.text,
        amount: bad.amount,
        account: fc.constant('a'),
        product: fc.constant('100'),
      },
    ),
  ))

test('checkouts', () =>
  everyMalformed(
    '/v1/checkouts',
    spoilt(
      { product: '100', orderId: 'never' },
      {
        product: bad.product,
        amount: bad.amount,
        goods: bad.text,
        orderId: bad.orderId,
        returnUrl: bad.url,
        validMinutes: bad.minutes,
        more: fc.constant(1),
      },
    ),
  ))

test('refunds, codes and deliveries', async () => {
  const refund = { refundId: 'never', amount: '100' }
  const fields = { refundId: bad.orderId, amount: bad.amount, reason: bad.text, more: bad.unknown }
  await everyMalformed(`/v1/payments/${paymentId}/refunds`, spoilt(refund, fields))
  const words = fc.constantFrom<unknown>('', 'unknown', 'DELIVERED', 1, null, [], {})
  await everyMalformed(`/v1/payments/${paymentId}/delivery`, spoilt({}, { result: words }), 20)
  const codes = fc.constantFrom<unknown>('12345', '1234567', 123456, 'abcdef', '１２３４５６', null)
  await everyMalformed(`/v1/payments/${paymentId}/validate`, spoilt({}, { code: codes }), 20)
})

test('bodies that are nothing of the kind', async () => {
  for (const url of ['/v1/payments', '/v1/checkouts', `/v1/payments/${paymentId}/refunds`]) {
    await everyMalformed(url, anything, 60)
    for (const raw of [
      '{',
      '[',
      '"',
      '{"a":}',
      '\u0000',
      '[]',
      'null',
      '',
      `"${'x'.repeat(70_000)}"`,
    ])
      refusedClearly(await shop.call('POST', url, { raw }))
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    refusedClearly(await shop.call('POST', url, { raw: 'msisdn=1', headers }))
  }
  expect(await everything()).toBe(sound)
})

test('addresses, pages, dates and headers', async () => {
  for (const id of ['1', '%00', 'x'.repeat(90), "'", paymentId.toUpperCase(), `${paymentId}x`]) {
    for (const rest of ['', '/refunds', `/refunds/${paymentId}`]) {
      const answer = await shop.call('GET', `/v1/payments/${id}${rest}`)
      expect([400, 404, 422]).toContain(answer.status)
    }
    refusedClearly(await shop.call('GET', `/v1/checkouts/${id}`))
  }
  for (const query of [
    ...['page=0', 'page=x', 'page=1e9', 'page=', 'perPage=0', 'perPage=201', 'perPage=1.5'],
    ...['state=paid', 'state=', 'from=yesterday', 'from=2026-13-01T00:00:00Z', 'to=0', 'from=%00'],
  ])
    refusedClearly(await shop.call('GET', `/v1/payments?${query}`))
  for (const query of ['from=0000-01-01T00:00:00Z', 'to=9999-12-31T23:59:59Z', 'page=10000', 'x=1'])
    expect((await shop.call('GET', `/v1/payments?${query}`)).status).toBe(200)
  for (const date of [
    'today',
    '2026-02-30',
    '0000-01-01',
    '1999-12-31',
    '2026-9-1',
    '%00',
    '20260912',
  ])
    refusedClearly(await shop.call('GET', `/v1/statements/${date}`))
  for (const query of ['days=0', 'days=61', 'days=x', 'days=1.5'])
    refusedClearly(await shop.call('GET', `/v1/statements?${query}`))
  refusedClearly(await shop.call('GET', '/v1/statements/2026-09-12?format=pdf'))
  for (const key of ['', 'x'.repeat(129)])
    refusedClearly(
      await shop.call('POST', '/v1/payments', { body: good, headers: { 'idempotency-key': key } }),
    )
  expect(await everything()).toBe(sound)
})

test('the limits of the operator are refusals, and are recorded', async () => {
  const tries = [
    [{ product: '999' }, 'goods_unknown'],
    [{ product: undefined, amount: '9' }, 'amount_too_small'],
    [{ product: undefined, amount: '3001' }, 'over_single_limit'],
    [{ product: undefined, amount: '9999999999' }, 'over_single_limit'],
  ] as const
  for (const [i, [more, type]] of tries.entries()) {
    const answer = await shop.call('POST', '/v1/payments', {
      body: { ...good, orderId: `l${i}`, ...more },
    })
    expect([answer.status, answer.body.type]).toEqual([422, `/problems/${type}`])
    const { msisdn: _, ...page } = { ...good, orderId: `p${i}`, ...more }
    const refused = await shop.call('POST', '/v1/checkouts', { body: page })
    expect([refused.status, refused.body.type]).toEqual([422, `/problems/${type}`])
  }
  expect((await shop.call('GET', '/v1/payments?state=refused')).body.total).toBe(tries.length)
})
