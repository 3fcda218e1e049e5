/** The door of the server over real connections: who is let in, who is refused, and what that says. */
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Admission, createAdmission, defaultLimits } from './admission.ts'
import { createEdge } from './edge.ts'
import { createHttpServer } from './index.ts'

let app: FastifyInstance
let admission: Admission
let url: string
let asked: string[]
let answer: () => void
const sockets: Socket[] = []

beforeEach(async () => {
  asked = []
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  answer = () => open()
  const places = (max: number) => ({ max, greed: 4 })
  admission = createAdmission({
    requestsMax: 100,
    classes: {
      ...defaultLimits.classes,
      order: places(5),
      read: places(5),
      stream: places(1),
    },
  })
  const log = { info: () => {}, warn: () => {}, error: () => {} }
  app = await createHttpServer({
    log,
    admission,
    behindProxy: false,
    version: '0',
    requestId: () => 'r',
    securitySchemes: {},
  })
  const wait = async (request: { url: string }) => {
    asked.push(request.url)
    await opened
    return { ok: true }
  }
  app.post('/orders', { config: { admission: 'order' } }, wait)
  app.post('/orders/:id/confirm', wait)
  app.get('/orders', wait)
  app.get('/health', { config: { admission: 'always' } }, async () => ({ ok: true }))
  app.get('/stream/:id', { config: { admission: 'stream' } }, wait)
  app.get('/big', async () => 'x'.repeat(20_000_000))
  await app.listen({ port: 0, host: '127.0.0.1' })
  url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`
})
afterEach(async () => {
  answer()
  for (const socket of sockets.splice(0)) socket.destroy()
  await app.close()
})

const ask = (path: string, method = 'GET', bearer = 'a') =>
  fetch(url + path, { method, headers: { authorization: `Bearer ${bearer}` } })
const order = (bearer: string) => ask('/orders', 'POST', bearer)
const until = async (isSo: () => boolean) => {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5))
}
const isEmpty = () =>
  admission.requests === 0 && Object.values(admission.counts()).every(({ inside }) => inside === 0)

async function refusalOf(response: Response) {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/)
  const { type, status, title } = (await response.json()) as Record<string, unknown>
  expect(title).toMatch(/\w/)
  expect(status).toBe(response.status)
  return [response.status, type, response.headers.get('retry-after')]
}

test('over its share a caller gets 429, over the whole everybody gets 503, and nothing is begun', async () => {
  const taken = [order('a'), order('a'), order('a'), order('a')]
  await until(() => asked.length === 4)
  expect(await refusalOf(await order('a'))).toEqual([429, '/problems/too_many_at_once', '1'])
  taken.push(order('b'))
  await until(() => asked.length === 5)
  expect(await refusalOf(await order('c'))).toEqual([503, '/problems/overloaded', '1'])
  expect(asked).toHaveLength(5)
  answer()
  expect((await Promise.all(taken)).map(({ status }) => status)).toEqual(Array(5).fill(200))
  await until(isEmpty)
  expect(admission.counts().order).toEqual({ inside: 0, share: 1, full: 1 })
  expect((await order('c')).status).toBe(200)
})

test('a refusal has what a CAMARA client looks for too', async () => {
  for (const bearer of ['a', 'a', 'a', 'a']) void order(bearer)
  await until(() => asked.length === 4)
  expect(await (await order('a')).json()).toMatchObject({
    status: 429,
    code: 'TOO_MANY_REQUESTS',
    message: expect.any(String),
  })
})

test('a flood of orders keeps neither steps nor reading nor the watcher out', async () => {
  const others = [order('a'), order('a'), order('a'), order('a'), order('b')]
  await until(() => asked.length === 5)
  const steps = [ask('/orders/1/confirm', 'POST'), ask('/orders')]
  await until(() => asked.length === 7)
  expect((await ask('/health')).status).toBe(200)
  answer()
  const answers = await Promise.all([...others, ...steps])
  expect(answers.every(({ status }) => status === 200)).toBe(true)
})

test('streams have places of their own', async () => {
  void ask('/stream/1').catch(() => undefined)
  await until(() => asked.length === 1)
  expect(admission.requests).toBe(0)
  expect((await ask('/stream/2?x=1')).status).toBe(503)
  const read = ask('/orders')
  await until(() => asked.length === 2)
  answer()
  expect((await read).status).toBe(200)
})

test('a refused request may have a body, and its connection serves the next one', async () => {
  for (const bearer of ['a', 'a', 'a', 'a']) void order(bearer)
  await until(() => asked.length === 4)
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  sockets.push(socket)
  let said = ''
  socket.setEncoding('utf8').on('data', (text) => {
    said += text
  })
  const body = 'x'.repeat(50_000)
  const head = `POST /orders HTTP/1.1\r\nhost: x\r\nauthorization: Bearer a\r\ncontent-length: ${body.length}\r\n\r\n`
  socket.write(head + body + head + body)
  socket.write('GET /health HTTP/1.1\r\nhost: x\r\n\r\n')
  await until(() => said.includes('"ok":true'))
  expect(said.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 429', 'HTTP/1.1 429', 'HTTP/1.1 200'])
})

test('callers who hang up give their places back', async () => {
  const hangUp = new AbortController()
  const gone = Array.from({ length: 4 }, () =>
    fetch(`${url}/orders`, { method: 'POST', signal: hangUp.signal }).catch(() => 'gone'),
  )
  await until(() => asked.length === 4)
  hangUp.abort()
  expect(await Promise.all(gone)).toEqual(Array(4).fill('gone'))
  await until(isEmpty)
})

test('readers who do not take their answer hold nobody else up, and are ended at last', async () => {
  const edge = createEdge(admission)
  const slow = edge.serverFor((_request, reply) => void reply.end('x'.repeat(20_000_000)))
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve))
  const ended = Array.from({ length: 4 }, () => {
    const socket = connect((slow.address() as AddressInfo).port, '127.0.0.1')
    sockets.push(socket)
    socket.write('GET /big HTTP/1.1\r\nhost: x\r\n\r\n')
    socket.pause()
    return new Promise((resolve) => socket.once('error', resolve).once('close', resolve))
  })
  await until(() => admission.counts().read.inside === 4)
  expect((await (await ask('/big', 'GET', 'b')).text()).length).toBe(20_000_000)
  await until(() => admission.counts().read.inside === 4)
  edge.endSlow(performance.now())
  expect(admission.counts().read.inside).toBe(4)
  edge.endSlow(performance.now() + 600_000)
  await until(isEmpty)
  for (const socket of sockets) socket.resume()
  await Promise.all(ended)
  edge.close()
  await new Promise((resolve) => slow.close(resolve))
})
