import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../../kernel/index.ts'
import type { ApiClient } from '../../merchants/index.ts'
import { createHttpServer, ProblemError } from '../http/index.ts'
import { createHttpClient } from '../http-client/index.ts'
import { createEventRecorder, type EventRecorder, merchantWebhookRoutes } from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const ids = createIds()
const cipher = createFieldCipher(new Secret('a-field-key-of-at-least-32-characters'), ids)
const clientOf = (merchantId: string): ApiClient => ({
  id: `client-${merchantId}`,
  merchantId,
  name: 'shop',
  secretHash: '',
  scopes: [],
  grantTypes: [],
  redirectUris: [],
  tokenSeconds: 60,
  test: false,
  revokedAt: null,
})

describe.each(engines)('the webhook API on %s', (engine) => {
  let made: TestDatabase
  let app: FastifyInstance
  let recorder: EventRecorder
  const clock = manualClock(now)
  const failures: object[] = []

  beforeAll(async () => {
    made = await testDatabase({ engine })
    const { db } = made
    const keep = (fields: object) => void failures.push(fields)
    recorder = await createEventRecorder(db, clock)
    app = await createHttpServer({
      log: { info: () => undefined, warn: keep, error: keep },
      behindProxy: false,
      version: '0',
      requestId: () => 'request',
      securitySchemes: {},
    })
    await app.register(merchantWebhookRoutes, {
      ...{ db, clock, ids, cipher, recorder },
      client: createHttpClient(),
      // A key is its merchant's number here; how keys are checked is told elsewhere.
      async callerOf({ headers }) {
        if (headers.authorization) return clientOf(headers.authorization)
        throw new ProblemError({ status: 401, type: 'unauthenticated', title: 'Send a key' })
      },
    })
    await app.ready()
  })
  afterAll(async () => {
    await app?.close()
    await made?.close()
    expect(failures).toEqual([])
  })

  async function call(
    merchantId: string | null,
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    body?: object,
  ) {
    const response = await app.inject({
      method,
      url: `/v1/webhook-${url}`,
      headers: merchantId === null ? {} : { authorization: merchantId },
      ...(body && { payload: body }),
    })
    const text = response.body
    return { status: response.statusCode, body: text === '' ? {} : JSON.parse(text) }
  }
  const url = 'https://shop.example/hook'
  const create = async (merchantId: string) =>
    (await call(merchantId, 'POST', 'endpoints', { url })).body as { id: string; secret: string }

  test('an endpoint is made, read, changed, given a new secret and removed', async () => {
    const { id, secret } = await create('6021')
    expect(secret).toMatch(/^whsec_/)
    const seen = await call('6021', 'GET', 'endpoints')
    expect(seen.body).toMatchObject({ items: [{ id, url, status: 'on', eventTypes: [] }] })
    const changes = { eventTypes: ['payment.charged'], status: 'off' }
    expect(await call('6021', 'PATCH', `endpoints/${id}`, changes)).toMatchObject({
      status: 200,
      body: { id, url, ...changes },
    })
    const rotated = await call('6021', 'POST', `endpoints/${id}/rotate-secret`, {})
    expect(rotated.body.secret).not.toBe(secret)
    const rows = await made.db.query<{ row: string }>(
      'select row_to_json(e)::text as row from webhook_endpoint e',
    )
    for (const hidden of [secret, rotated.body.secret as string]) {
      expect(rows.map(({ row }) => row).join()).not.toContain(hidden.slice(6))
      expect(JSON.stringify(seen)).not.toContain(hidden)
    }
    expect(await call('6021', 'DELETE', `endpoints/${id}`)).toMatchObject({ status: 204 })
    expect(await call('6021', 'GET', `endpoints/${id}`)).toMatchObject({ status: 404 })
  })

  test('without a key there is nothing, and what is foreign is not there', async () => {
    const { id } = await create('6022')
    for (const [method, path, body] of [
      ['GET', 'endpoints', undefined],
      ['POST', 'endpoints', { url }],
      ['GET', 'deliveries', undefined],
    ] as const)
      expect(await call(null, method, path, body)).toMatchObject({ status: 401 })
    for (const [method, path, body] of [
      ['GET', `endpoints/${id}`, undefined],
      ['PATCH', `endpoints/${id}`, { status: 'off' }],
      ['POST', `endpoints/${id}/rotate-secret`, {}],
      ['DELETE', `endpoints/${id}`, undefined],
    ] as const)
      expect(await call('6099', method, path, body)).toMatchObject({
        status: 404,
        body: { type: '/problems/endpoint_not_found' },
      })
    expect((await call('6099', 'GET', 'endpoints')).body).toEqual({ items: [] })
    expect((await call('6022', 'GET', `endpoints/${id}`)).body).toMatchObject({ status: 'on' })
  })

  test.each([
    [{ url: 'http://shop.example/' }, 'scheme_refused'],
    [{ url: 'https://127.0.0.1/' }, 'address_refused'],
    [{ url: 'https://shop.example:22/' }, 'port_refused'],
    [{ url: 'https://a:b@shop.example/' }, 'credentials_in_url'],
    [{ url: 'nothing' }, 'url_malformed'],
    [{ url, eventTypes: ['payment.nothing'] }, 'invalid_request'],
    [{ url, other: 1 }, 'invalid_request'],
    [{ url, description: 'a\u0000b' }, 'invalid_request'],
    [{}, 'invalid_request'],
  ])('an endpoint with %o is refused: %s', async (body, type) => {
    expect(await call('6023', 'POST', 'endpoints', body)).toMatchObject({
      status: 422,
      body: { type: `/problems/${type}` },
    })
  })

  test('a merchant has at most ten endpoints, also when it asks for many at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => call('6024', 'POST', 'endpoints', { url })),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(10)
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(2)
  })

  test('the delivery log is paged, filtered, scoped, and sends again', async () => {
    const { id: endpointId } = await create('6025')
    const paymentId = ids.next(7, now)
    const event = (seq: number) => ({
      bucket: 7,
      merchantId: '6025',
      type: seq === 1 ? ('payment.asked' as const) : ('payment.charged' as const),
      paymentId,
      seq,
      at: now + seq,
      data: { amount: '1000' },
    })
    await made.db.transact(async (tx) => recorder.record(tx, [1, 2, 3, 4, 5].map(event)))
    const first = await call('6025', 'GET', 'deliveries?limit=3')
    expect(first.body.items).toHaveLength(3)
    const rest = await call('6025', 'GET', `deliveries?limit=3&before=${first.body.next}`)
    expect(rest.body).toMatchObject({
      items: [{ type: 'payment.charged' }, { type: 'payment.asked', state: 'pending' }],
      next: null,
    })
    for (const [query, count] of [
      [`payment=${paymentId}`, 5],
      [`endpoint=${endpointId}&state=pending`, 5],
      ['type=payment.asked', 1],
      ['state=dead', 0],
    ] as const)
      expect((await call('6025', 'GET', `deliveries?${query}`)).body.items).toHaveLength(count)
    expect((await call('6099', 'GET', 'deliveries')).body.items).toEqual([])

    const { id } = first.body.items[0] as { id: string }
    expect((await call('6025', 'GET', `deliveries/${id}`)).body).toMatchObject({
      id,
      body: expect.stringContaining('"amount":"1000"'),
    })
    expect(await call('6025', 'POST', `deliveries/${id}/resend`)).toMatchObject({ status: 202 })
    for (const foreign of [id, `${endpointId}.${endpointId}`])
      expect(await call('6099', 'POST', `deliveries/${foreign}/resend`)).toMatchObject({
        status: 404,
      })
    expect(await call('6025', 'GET', 'deliveries/nonsense')).toMatchObject({ status: 422 })
    expect(await call('6025', 'GET', 'deliveries?before=nonsense')).toMatchObject({ status: 422 })
  })
})
