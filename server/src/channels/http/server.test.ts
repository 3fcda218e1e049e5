/** Every error over HTTP is a problem document, and none tells of our inside. */
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { z } from 'zod'
import { DatabaseBusy, DeadlinePassed, OutcomeUnknown, Overloaded } from '../../db/index.ts'
import { createHttpServer, ProblemError } from './index.ts'

let app: FastifyInstance
let logged: unknown[]
let thrown: Error = new Error('the inside of the house')

beforeEach(async () => {
  logged = []
  const note = (...all: unknown[]) => void logged.push(all)
  const numbers = Array.from({ length: 100 }, (_, i) => `request-${i}`)
  app = await createHttpServer({
    log: { info: note, warn: note, error: note },
    behindProxy: false,
    version: '0',
    requestId: () => numbers.shift() ?? '',
    securitySchemes: {},
  })
  const body = z.strictObject({ name: z.string().min(1), list: z.array(z.object({ at: z.int() })) })
  app.post('/things', { schema: { body } }, async () => ({ ok: true }))
  app.post('/nothing', async (request) => ({ body: request.body ?? null }))
  app.get('/things/:id', { schema: { params: z.object({ id: z.uuid() }) } }, async () => ({}))
  app.get('/thrown', async () => {
    throw thrown
  })
  app.get('/wrong', { schema: { response: { 200: z.object({ a: z.string() }) } } }, async () => ({
    a: 1,
  }))
})
afterEach(() => app.close())

const post = (url: string, payload: string, type = 'application/json') =>
  app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload })

test.each([
  ['bad JSON', () => post('/things', '{"name":'), 400, 'malformed_json'],
  ['a prototype in JSON', () => post('/things', '{"__proto__":{}}'), 400, 'malformed_json'],
  ['another type', () => post('/things', '<a/>', 'text/xml'), 415, 'unsupported_media_type'],
  ['too much', () => post('/things', `"${'x'.repeat(70_000)}"`), 413, 'too_large'],
  ['no such route', () => app.inject('/nowhere?secret=1'), 404, 'not_found'],
  ['no such method', () => app.inject({ method: 'DELETE', url: '/things' }), 404, 'not_found'],
  ['no address', () => app.inject('/things/%zz'), 400, 'malformed_url'],
  ['an address too long', () => app.inject(`/things/${'x'.repeat(200)}`), 414, 'malformed_url'],
  ['no uuid', () => app.inject('/things/1'), 422, 'invalid_request'],
] as const)('%s is a problem document', async (_what, ask, status, type) => {
  const answer = await ask()
  expect(answer.statusCode).toBe(status)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  const problem = answer.json<Record<string, unknown>>()
  expect(problem).toMatchObject({ type: `/problems/${type}`, status })
  expect(problem.title).toMatch(/\w/)
  expect(answer.body).not.toMatch(/secret|stack|FST_|node_modules/)
})

test('what is wrong with a body is told field by field', async () => {
  const answer = await post('/things', '{"name":"","list":[{"at":1},{"at":"x"}],"more":1}')
  expect(answer.statusCode).toBe(422)
  const { errors } = answer.json<{ errors: { field: string; message: string }[] }>()
  expect(errors.map(({ field }) => field)).toEqual(['name', 'list.1.at', ''])
  expect(errors.every(({ message }) => message.length > 3)).toBe(true)
})

test('a type named where no body is sent is no malformed JSON', async () => {
  const empty = await post('/nothing', '')
  expect([empty.statusCode, empty.json()]).toEqual([200, { body: null }])
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  const status = await new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json' }
    const asking = httpRequest({ port, method: 'POST', path: '/nothing', headers }, (answer) =>
      resolve(answer.statusCode),
    )
    asking.on('error', reject).end()
  })
  expect(status).toBe(200)
})

test.each([
  [new OutcomeUnknown('lost in COMMIT'), 'outcome_unknown'],
  [new Overloaded('10000 commands wait'), 'overloaded'],
  [new DatabaseBusy('no connection'), 'overloaded'],
  [new DeadlinePassed('waited'), 'too_late'],
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'database_away'],
  [Object.assign(new Error('stopping'), { code: '57P01', severity: 'FATAL' }), 'database_away'],
])('%s asks for the same request again', async (error, type) => {
  thrown = error
  const answer = await app.inject('/thrown')
  expect(answer.statusCode).toBe(503)
  expect(answer.headers['retry-after']).toBe('1')
  expect(answer.json()).toMatchObject({ type: `/problems/${type}`, status: 503 })
  expect(answer.body).not.toContain(error.message)
})

test('a problem that was thrown is told as it is, and a 401 says what to bring', async () => {
  thrown = new ProblemError({ status: 401, type: 'unauthenticated', title: 'Who are you?' })
  const answer = await app.inject('/thrown')
  expect(answer.json()).toEqual({
    type: '/problems/unauthenticated',
    status: 401,
    title: 'Who are you?',
  })
  expect(answer.headers['www-authenticate']).toBe('Bearer')
})

test('our own fault is logged whole and told without its inside', async () => {
  thrown = new Error('the inside of the house')
  for (const url of ['/thrown', '/wrong']) {
    const answer = await app.inject(url)
    expect(answer.statusCode).toBe(500)
    expect(answer.json()).toMatchObject({ type: '/problems/internal_error', status: 500 })
    expect(answer.body).toMatch(/Quote request-\d/)
    expect(answer.body).not.toMatch(/inside|stack|invalid/i)
  }
  expect(logged).toHaveLength(2)
})

test('bytes that are no HTTP do not bring the server down', async () => {
  await app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = app.server.address() as { port: number }
  for (const bytes of ['\0\0\0\0', 'GET', 'POST /things HTTP/1.1\r\nContent-Length: -1\r\n\r\n'])
    await new Promise<void>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => socket.end(bytes))
      socket.on('error', () => {})
      socket.on('close', () => resolve())
      socket.resume()
    })
  expect((await fetch(`http://127.0.0.1:${port}/nowhere`)).status).toBe(404)
})
