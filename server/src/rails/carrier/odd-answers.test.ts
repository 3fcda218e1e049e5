/** The adapter against a peer that is hardly a carrier: resets, wrong bytes, answers without end. */
import { createServer, type Socket } from 'node:net'
import { afterEach, expect, test } from 'vitest'
import { Secret } from '../../kernel/index.ts'
import { createHttpCarrier, type HttpCarrier } from './http-carrier.ts'

const chargeId = 'CH202609120000000001'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

/** With a single connection, so that each request comes upon what the last one left. */
function open(baseUrl: string): HttpCarrier {
  const token = new Secret('boss-token')
  const carrier = createHttpCarrier({ baseUrl, token, now: () => 0, connections: 1 })
  closers.unshift(carrier.close)
  return carrier
}

/** A carrier that answers every request with these bytes, however odd they are. */
async function rawCarrier(onData: (socket: Socket, text: string) => void) {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (data) => onData(socket, data.toString()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closers.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('no port')
  return `http://127.0.0.1:${address.port}`
}

test('a kept connection that the carrier resets while idle gives no false outcome', async () => {
  const sockets = new Set<Socket>()
  const url = await rawCarrier((socket, text) => {
    sockets.add(socket)
    const requestId = /request-id: (\S+)/i.exec(text)?.[1] ?? ''
    const body = JSON.stringify({ chargeId, status: 'committed' })
    socket.write(
      `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nrequest-id: ${requestId}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
  })
  const carrier = open(url)
  const outcomes = new Set<string>()
  for (let i = 0; i < 30; i += 1) {
    const answer = await carrier.commit(chargeId)
    outcomes.add(answer.outcome)
    if (answer.outcome === 'done') expect(answer.value).toBe('committed')
    for (const socket of sockets) socket.resetAndDestroy()
    sockets.clear()
    // Every other time the reset is already known when the next request starts.
    if (i % 2) await new Promise((resolve) => setImmediate(resolve))
  }
  expect(outcomes).not.toContain('refused')
  expect(outcomes).not.toContain('unsent')
  expect(outcomes).toContain('done')
})

const head = (rest: string) => `HTTP/1.1 200 OK\r\nrequest-id: 1\r\n${rest}`
const body = JSON.stringify({ chargeId, status: 'committed' })
const json = `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`
test.each([
  ['a page instead of JSON', `${head('content-type: text/html\r\ncontent-length: 2')}\r\n\r\n{}`],
  ['no request id', `HTTP/1.1 200 OK\r\n${json}${body}`],
  ['another request id', `HTTP/1.1 200 OK\r\nrequest-id: 7\r\n${json}${body}`],
  [
    'a cut body',
    `HTTP/1.1 200 OK\r\nrequest-id: 1\r\nconnection: close\r\n${json}${body.slice(9)}`,
  ],
  ['a body without end', head(`content-type: application/json\r\n\r\n${' '.repeat(100_000)}`)],
  ['a redirection', 'HTTP/1.1 302 Found\r\nlocation: /\r\ncontent-length: 0\r\n\r\n'],
  ['no HTTP at all', 'SSH-2.0-carrier\r\n'],
])('%s is unknown', async (_name, text) => {
  const url = await rawCarrier((socket) => socket.end(text))
  expect(await open(url).commit(chargeId)).toMatchObject({ outcome: 'unknown' })
})
