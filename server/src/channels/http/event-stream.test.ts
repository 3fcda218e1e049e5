/** Pages that follow: what they are told, and that no reader keeps a connection or a server for ever. */
import { type ClientRequest, get } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyInstance } from 'fastify'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createHttpServer, type Following, follow } from './index.ts'

let app: FastifyInstance
let port = 0
let value: string
let reads: number
let broken: boolean
let beforeFollowing: () => Promise<void>
const listeners = new Set<() => void>()
const open = new Set<ClientRequest | Socket>()

beforeEach(async () => {
  value = '1'
  reads = 0
  broken = false
  beforeFollowing = async () => {}
  const log = { info: () => {}, warn: () => {}, error: console.error }
  app = await createHttpServer({
    log,
    behindProxy: false,
    version: '0',
    requestId: () => 'r',
    securitySchemes: {},
  })
  const following: Following = {
    lookEveryMs: 40,
    quietMs: 10,
    async read() {
      reads += 1
      if (broken) throw new Error('the database is away')
      return value === 'over' ? null : { state: value }
    },
    subscribe(changed) {
      listeners.add(changed)
      return () => listeners.delete(changed)
    },
  }
  app.get('/stream', async (request, reply) => {
    await beforeFollowing()
    follow(request, reply, following)
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  port = (app.server.address() as { port: number }).port
})
afterEach(async () => {
  for (const one of open) one.destroy()
  open.clear()
  await app.close()
  await until(() => listeners.size === 0)
})

function reader() {
  const received: string[] = []
  let ended = false
  let headers: Readonly<Record<string, unknown>> = {}
  const request = get({ port, path: '/stream' }, (answer) => {
    headers = answer.headers
    answer.setEncoding('utf8').on('data', (text: string) => received.push(text))
    answer.on('close', () => {
      ended = true
    })
  })
  request.on('error', () => {})
  open.add(request)
  return {
    request,
    text: () => received.join(''),
    ended: () => ended,
    headers: () => headers,
  }
}
const until = async (isTrue: () => boolean) => {
  for (let i = 0; i < 500 && !isTrue(); i += 1) await sleep(10)
  expect(isTrue()).toBe(true)
}

test('the first state comes at once, a change when it is called or seen, the same state never twice', async () => {
  const one = reader()
  await until(() => one.text().includes('data: 1'))
  expect(one.headers()).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
  })
  value = '2'
  for (const changed of listeners) changed()
  await until(() => one.text().includes('data: 2'))
  value = '3'
  await until(() => one.text().includes('data: 3'))
  const before = reads
  await until(() => reads > before + 3)
  expect(one.text().match(/event: state\n/g)).toHaveLength(3)
})

test('a stream ends when there is nothing more to follow', async () => {
  const one = reader()
  await until(() => one.text().includes('data: 1'))
  expect(listeners.size).toBe(1)
  value = 'over'
  await until(() => listeners.size === 0)
  expect(one.text()).not.toContain('over')
})

test('a stream opens also while nothing can be read, and tells when it can', async () => {
  broken = true
  const one = reader()
  await until(() => one.headers()['content-type'] !== undefined)
  expect(one.text()).toBe('')
  broken = false
  await until(() => one.text().includes('data: 1'))
})

test('a reader that leaves is forgotten', async () => {
  const one = reader()
  await until(() => listeners.size === 1)
  one.request.destroy()
  await until(() => listeners.size === 0)
  const before = reads
  await sleep(150)
  expect(reads).toBeLessThanOrEqual(before + 1)
})

test('a reader that left before the stream began is never followed', async () => {
  let arrived = false
  let letGo = () => {}
  const waiting = new Promise<void>((resolve) => {
    letGo = resolve
  })
  beforeFollowing = () => {
    arrived = true
    return waiting
  }
  const one = reader()
  await until(() => arrived)
  one.request.destroy()
  await sleep(50)
  letGo()
  await sleep(150)
  expect([reads, listeners.size]).toEqual([0, 0])
})

test('the server that closes ends its streams', async () => {
  const readers = [reader(), reader(), reader()]
  await until(() => listeners.size === 3)
  await app.close()
  await until(() => readers.every((one) => one.ended()))
})

test('a reader that takes nothing gets the newest state later, and does not keep the server', async () => {
  const socket = connect(port, '127.0.0.1')
  open.add(socket)
  socket.on('error', () => {})
  socket.pause()
  socket.write('GET /stream HTTP/1.1\r\nhost: x\r\n\r\n')
  await until(() => listeners.size === 1)
  const big = 'x'.repeat(1_000_000)
  for (let i = 0; i < 60; i += 1) {
    value = `${i}${big}`
    for (const changed of listeners) changed()
    await sleep(15)
  }
  value = 'last'
  let text = ''
  socket.setEncoding('utf8').on('data', (piece: string) => {
    text += piece.length < 100_000 ? piece : piece.slice(-100_000)
  })
  socket.resume()
  await until(() => text.includes('data: last'))
  // Far from all sixty megabytes were kept for it.
  expect(socket.bytesRead).toBeLessThan(30_000_000)
  socket.pause()
  for (let i = 0; i < 20; i += 1) {
    value = `${i}${big}`
    await sleep(50)
  }
  await app.close()
})

test('asking for the head alone follows nothing', async () => {
  const answer = await fetch(`http://127.0.0.1:${port}/stream`, { method: 'HEAD' })
  expect(answer.status).toBe(200)
  expect(listeners.size).toBe(0)
})
