/** Who may call the merchant API, and what of. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newClient, openShop, type Shop } from '../../../../test/shop.ts'
import { revokeClient } from '../../merchants/index.ts'

let shop: Shop
beforeAll(async () => {
  shop = await openShop()
})
afterAll(() => shop.close())

const noKeys = [
  ['no key', undefined],
  ['an empty key', ''],
  ['a key of another form', 'sk_live_0123456789'],
  ['a key nobody has', `tp_live_${'A'.repeat(43)}`],
  ['a key too long', `tp_live_${'A'.repeat(4_000)}`],
] as const

const routes = [
  ['POST', '/v1/payments'],
  ['GET', '/v1/payments'],
  ['GET', '/v1/payments/x'],
  ['POST', '/v1/payments/x/cancel'],
  ['POST', '/v1/payments/x/validate'],
  ['POST', '/v1/payments/x/delivery'],
  ['POST', '/v1/payments/x/refunds'],
  ['GET', '/v1/payments/x/refunds'],
  ['GET', '/v1/payments/x/refunds/y'],
  ['POST', '/v1/checkouts'],
  ['GET', '/v1/checkouts/x'],
  ['POST', '/v1/scans'],
  ['GET', '/v1/qr-code'],
  ['POST', '/v1/qr-codes'],
  ['GET', '/v1/scans/x'],
  ['POST', '/v1/scans/x/cancel'],
  ['GET', '/v1/statements'],
  ['GET', '/v1/statements/2026-09-12'],
] as const

test.each(routes)('%s %s asks for a key before it looks at anything', async (method, url) => {
  for (const [, key] of noKeys) {
    const answer = await shop.call(method, url, { key, raw: '{"not": json' })
    expect(answer.status).toBe(401)
    expect(answer.body.type).toBe('/problems/unauthenticated')
    expect(answer.headers['www-authenticate']).toBe('Bearer')
  }
})

test('a revoked key opens nothing from then on', async () => {
  const { id, key } = await newClient(shop, '6021')
  expect((await shop.call('GET', '/v1/payments', { key })).status).toBe(200)
  await shop.db.transact((tx) => revokeClient(tx, id, shop.clock.now()))
  await shop.catalogue.reload()
  expect((await shop.call('GET', '/v1/payments', { key })).status).toBe(401)
})

test('what is another merchant’s is not there', async () => {
  const order = { msisdn: '13900010001', product: '100', orderId: 'mine' }
  const { body: payment } = await shop.call('POST', '/v1/payments', { body: order })
  const key = shop.keys.books
  const other = `/v1/payments/${payment.id}`
  for (const [method, url, body] of [
    ['GET', other, undefined],
    ['POST', `${other}/cancel`, undefined],
    ['POST', `${other}/validate`, { code: '123456' }],
    ['POST', `${other}/delivery`, { result: 'delivered' }],
    ['POST', `${other}/refunds`, { refundId: 'r' }],
    ['GET', `${other}/refunds`, undefined],
    ['GET', `${other}/refunds/${payment.id}`, undefined],
  ] as const) {
    const answer = await shop.call(method, url, { key, body })
    expect([method, url, answer.status]).toEqual([method, url, 404])
    const absent = await shop.call(method, url.replace(/-7/, '-4'), { key, body })
    expect(absent.body).toEqual(answer.body)
  }
  expect((await shop.call('GET', other)).body.state).toBe('awaiting_confirm')
  expect((await shop.call('GET', '/v1/payments', { key })).body.total).toBe(0)
})
