/** The two faces over HTTP: what people see, and what malformed requests are told. */
import Fastify from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Boss, createBoss } from './boss.ts'
import { bossRoutes } from './routes.ts'

let boss: Boss
let app: ReturnType<typeof Fastify>
let url = ''
beforeEach(async () => {
  boss = createBoss({
    now: () => Date.UTC(2026, 8, 12, 4),
    token: 'boss-token',
    lines: [
      { msisdn: '13800138000', billing: 'prepaid', balance: 100_00n },
      { msisdn: '13900139000', billing: 'postpaid', balance: 200_00n },
    ],
  })
  url = (await boss.listen()).url
  app = Fastify()
  await app.register(bossRoutes(boss))
})
afterEach(async () => {
  await app.close()
  await boss.close()
})

const chargeId = 'CH202609120000000001'
const content = {
  msisdn: '+8613800138000',
  amount: '1000',
  currency: 'CNY',
  merchantId: '6021',
  merchantName: '星际游戏',
  goods: '100',
  description: '100 gems',
}
const listed = { chargeId, ...content }
async function send(method: string, path: string, body?: unknown, token = 'boss-token') {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return [response.status, await response.json()] as const
}

test('a line, its charges and its bill are shown in fen and in yuan', async () => {
  expect(await send('POST', `/charges/${chargeId}/reserve`, content)).toEqual([
    200,
    {
      chargeId,
      status: 'reserved',
      carrierRef: 'BOSS88010001',
      msisdn: '+8613800138000',
      amount: '1000',
      refunded: '0',
    },
  ])
  expect(await send('POST', `/charges/${chargeId}/commit`)).toMatchObject([200, {}])
  await send('POST', `/charges/${chargeId}/refunds/R1`, { amount: '250' })
  const view = await app.inject('/simulator/lines/13800138000')
  expect(view.json()).toEqual({
    msisdn: '+8613800138000',
    billing: 'prepaid',
    status: 'active',
    carrier: 'CMCC',
    brand: '神州行',
    language: 'zh',
    region: '110000',
    balance: '9250',
    reserved: '0',
    available: '9250',
    monthSpent: '750',
    yuan: { balance: '92.50', reserved: '0.00', available: '92.50', monthSpent: '7.50' },
    charges: [
      {
        at: '2026-09-12T04:00:00.000Z',
        kind: 'refund',
        text: '退费 星际游戏 6021 100 2.50',
        amount: '250',
        yuan: '2.50',
        chargeId,
      },
      {
        at: '2026-09-12T04:00:00.000Z',
        kind: 'information',
        text: '代收费 星际游戏 6021 100 10.00',
        amount: '1000',
        yuan: '10.00',
        chargeId,
      },
    ],
  })
  const bill = await app.inject('/bill-lines?msisdn=+8613800138000')
  expect(bill.json().lines.map(({ text }: { text: string }) => text)).toEqual([
    '代收费 星际游戏 6021 100 10.00',
    '退费 星际游戏 6021 100 2.50',
  ])
  expect((await app.inject('/simulator/lines')).json().lines).toHaveLength(2)
})

test('a line can be suspended and topped up', async () => {
  const changed = await app.inject({
    method: 'PATCH',
    url: '/simulator/lines/13800138000',
    payload: { status: 'suspended', balance: '5' },
  })
  expect(changed.json()).toMatchObject({ status: 'suspended', balance: '5' })
})

test.each([
  ['GET', '/simulator/lines/12345', undefined, 400],
  ['GET', '/simulator/lines/13600136000', undefined, 404],
  ['GET', '/bill-lines', undefined, 400],
  ['GET', '/bill-lines?msisdn=1&msisdn=2', undefined, 400],
  ['PATCH', '/simulator/lines/13800138000', { balance: 5 }, 400],
  ['PATCH', '/simulator/lines/13800138000', { balance: '-5' }, 400],
  ['PATCH', '/simulator/lines/13800138000', { status: 'gone' }, 400],
  ['PATCH', '/simulator/lines/13800138000', { owner: 'me' }, 400],
  ['PATCH', '/simulator/lines/13800138000', {}, 400],
  ['PATCH', '/simulator/lines/13800138000', [], 400],
  ['PATCH', '/simulator/lines/13800138000', '{"status":', 400],
  ['POST', '/simulator/carrier/faults', { kind: 'earthquake' }, 400],
  ['POST', '/simulator/carrier/faults', undefined, 400],
] as const)(
  '%s %s with %j is a problem and changes nothing',
  async (method, path, payload, status) => {
    const before = [boss.lineViews(), boss.faults()]
    const response = await app.inject({
      method,
      url: path,
      ...(payload !== undefined && {
        payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
        headers: { 'content-type': 'application/json' },
      }),
    })
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(response.json()).toMatchObject({ status, type: expect.stringMatching(/^\/problems\//) })
    expect(response.statusCode).toBe(status)
    expect([boss.lineViews(), boss.faults()]).toEqual(before)
  },
)

test('faults are ordered and cleared, and a carrier that is away refuses connections', async () => {
  const order = (payload: object) =>
    app.inject({ method: 'POST', url: '/simulator/carrier/faults', payload })
  expect((await order({ kind: 'refuse', verb: 'line', reason: 'not_eligible' })).json()).toEqual({
    faults: [{ kind: 'refuse', verb: 'line', reason: 'not_eligible' }],
  })
  expect(await send('GET', '/lines/13800138000')).toMatchObject([422, { code: 'not_eligible' }])
  await order({ kind: 'away' })
  await expect(send('GET', '/lines/13800138000')).rejects.toThrow()
  await app.inject({ method: 'DELETE', url: '/simulator/carrier/faults' })
  expect(await send('GET', '/lines/13800138000')).toMatchObject([200, { available: '10000' }])
})

test.each([
  ['GET', '/lines/1', undefined, 400, 'bad_request'],
  ['GET', '/lines/13600136000', undefined, 404, 'unknown_number'],
  ['GET', '/charges/CH1', undefined, 400, 'bad_request'],
  ['GET', `/charges/${chargeId}`, undefined, 404, 'charge_not_found'],
  ['GET', `/charges/${chargeId}/refunds/R1`, undefined, 404, 'refund_not_found'],
  ['GET', '/nowhere', undefined, 404, 'no_such_path'],
  ['POST', `/charges/${chargeId}/reserve`, { ...content, amount: 1000 }, 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, { ...content, amount: '0' }, 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, { ...content, amount: '-1' }, 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, { ...content, currency: 'USD' }, 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, { ...content, goods: 'a\nb' }, 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, '{"amount":', 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/reserve`, 'x'.repeat(20_000), 400, 'bad_request'],
  ['POST', `/charges/${chargeId}/commit`, '[]', 400, 'bad_request'],
  ['POST', `/charges/${chargeId}`, { ...content, amount: '0' }, 400, 'bad_request'],
  ['POST', '/charges', { charges: [] }, 400, 'bad_request'],
  ['POST', '/charges', { charges: {} }, 400, 'bad_request'],
  ['POST', '/charges', { charges: [listed, { ...content, chargeId: 'CH1' }] }, 400, 'bad_request'],
  ['POST', '/charges', { charges: [listed, null] }, 400, 'bad_request'],
  ['POST', '/charges', { charges: new Array(101).fill(listed) }, 400, 'bad_request'],
] as const)(
  'the carrier answers %s %s with %j by %i %s',
  async (method, path, body, status, code) => {
    expect(await send(method, path, body)).toMatchObject([status, { code }])
    expect(boss.charges()).toEqual([])
  },
)

test('without the token nothing is read or done', async () => {
  const path = `/charges/${chargeId}/reserve`
  expect(await send('POST', path, content, 'boss')).toMatchObject([401, { code: 'unauthorized' }])
  expect(boss.charges()).toEqual([])
})
