/** The API's own description (OpenAPI 3.1): complete, consistent, and true of real answers. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openShop, type Shop } from '../../../../test/shop.ts'

interface Media {
  readonly content?: Readonly<Record<string, { readonly schema: object }>>
}
interface Operation {
  readonly summary?: string
  readonly tags?: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; schema: object }[]
  readonly requestBody?: Media
  readonly responses: Readonly<Record<string, Media & { readonly description: string }>>
}
interface Description {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: Readonly<Record<string, Readonly<Record<string, object>>>>
}

let shop: Shop
let description: Description
let operations: (readonly [name: string, path: string, operation: Operation])[]
beforeAll(async () => {
  shop = await openShop()
  description = (await shop.call('GET', '/docs/json', { key: undefined })).body
  operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(
      ([method, operation]) => [`${method.toUpperCase()} ${path}`, path, operation] as const,
    ),
  )
})
afterAll(() => shop.close())

const plain = formats as unknown as (ajv: Ajv2020) => void

test('every operation says what it does, where it belongs, who may call it and what comes back', () => {
  expect(description.openapi).toMatch(/^3\.1\.\d$/)
  const tags = description.tags.map(({ name }) => name)
  for (const [name, path, operation] of operations) {
    expect([name, operation.summary]).toEqual([name, expect.stringMatching(/\w{3}/)])
    expect(tags).toEqual(expect.arrayContaining([...(operation.tags ?? [])]))
    expect([name, operation.security]).toEqual([name, [{ apiKey: [] }]])
    expect(Object.keys(operation.responses).some((status) => /^2\d\d$/.test(status))).toBe(true)
    const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, one]) => one)
    const declared = (operation.parameters ?? []).filter((one) => one.in === 'path')
    expect([name, declared.map((one) => one.name)]).toEqual([name, named])
  }
  expect(operations.map(([name]) => name).toSorted()).toEqual([
    'GET /v1/checkouts/{id}',
    'GET /v1/payments',
    'GET /v1/payments/{id}',
    'GET /v1/payments/{id}/refunds',
    'GET /v1/payments/{id}/refunds/{refundId}',
    'GET /v1/qr-code',
    'GET /v1/scans/{orderId}',
    'GET /v1/statements',
    'GET /v1/statements/{date}',
    'POST /v1/checkouts',
    'POST /v1/payments',
    'POST /v1/payments/{id}/cancel',
    'POST /v1/payments/{id}/delivery',
    'POST /v1/payments/{id}/refunds',
    'POST /v1/payments/{id}/validate',
    'POST /v1/qr-codes',
    'POST /v1/scans',
    'POST /v1/scans/{orderId}/cancel',
  ])
})

test('every schema is one, and no reference leads nowhere', () => {
  const text = JSON.stringify(description)
  for (const [, section, name] of text.matchAll(/"\$ref":"#\/components\/(\w+)\/([\w.-]+)"/g))
    expect(description.components[section ?? '']).toHaveProperty(name ?? '')
  const ajv = new Ajv2020({ strict: false })
  plain(ajv)
  for (const [name, , { parameters = [], requestBody, responses }] of operations)
    for (const schema of [
      ...parameters.map((one) => one.schema),
      ...[requestBody, ...Object.values(responses)].flatMap((media) =>
        Object.values(media?.content ?? {}).map((one) => one.schema),
      ),
    ])
      expect([name, typeof ajv.compile({ ...schema, components: description.components })]).toEqual(
        [name, 'function'],
      )
})

test('real answers are as described', async () => {
  const ajv = new Ajv2020({ strict: false })
  plain(ajv)
  const check = (path: string, method: string, status: number, body: unknown) => {
    const { content } = description.paths[path]?.[method]?.responses[status] ?? {}
    const schema = content?.['application/json']?.schema
    expect([path, method, status, typeof schema]).toEqual([path, method, status, 'object'])
    const isRight = ajv.compile({ ...schema, components: description.components })
    expect([path, isRight(body), isRight.errors]).toEqual([path, true, null])
  }
  const order = { msisdn: '13900010001', product: '100', orderId: 'd1', consent: 'none' }
  const paid = await shop.call('POST', '/v1/payments', { body: order })
  check('/v1/payments', 'post', paid.status, paid.body)
  const url = `/v1/payments/${paid.body.id}`
  check('/v1/payments/{id}', 'get', 200, (await shop.call('GET', url)).body)
  check('/v1/payments', 'get', 200, (await shop.call('GET', '/v1/payments')).body)
  const back = await shop.call('POST', `${url}/refunds`, { body: { refundId: 'r', amount: '5' } })
  check('/v1/payments/{id}/refunds', 'post', back.status, back.body)
  check('/v1/payments/{id}/refunds', 'get', 200, (await shop.call('GET', `${url}/refunds`)).body)
  const page = await shop.call('POST', '/v1/checkouts', { body: { product: '100', orderId: 'd2' } })
  check('/v1/checkouts', 'post', page.status, page.body)
  check('/v1/statements', 'get', 200, (await shop.call('GET', '/v1/statements?days=3')).body)
})

test('a statement is a file with its name and its hash, and says when it is not ready', async () => {
  for (const [format, charset] of [
    ['native', 'utf-8'],
    ['v3', 'gb18030'],
  ] as const) {
    const answer = await shop.call('GET', `/v1/statements/2026-09-12?format=${format}`)
    expect(answer.status).toBe(200)
    expect(answer.headers['content-type']).toBe(`text/plain; charset=${charset}`)
    expect(answer.headers['content-disposition']).toMatch(/filename="6021\.20260912[.\w]*\.txt"/)
    expect(answer.headers['x-content-sha256']).toMatch(/^[0-9a-f]{64}$/)
    expect(new TextDecoder(charset).decode(answer.bytes)).toMatch(
      /^TRADEDETAIL-START,6021,20260912,(3\.0|4\.1),0001,.*\r\nTRADEDETAIL-END,6021,20260912,-1,-1\r\n$/,
    )
  }
})

test('the page that shows it opens, and names nobody else', async () => {
  const answer = await shop.call('GET', '/docs/', { key: undefined })
  expect([answer.status, answer.headers['content-type']]).toEqual([
    200,
    expect.stringContaining('text/html'),
  ])
  expect(answer.body).toContain('id="swagger-ui"')
})
