import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { call, problemOf } from './api.ts'

describe('a refused call', () => {
  test('speaks with the words of its problem document', () => {
    const body = {
      type: '/problems/over_day_limit',
      title: 'Over the day limit',
      detail: 'Left 0.',
    }
    expect(problemOf(422, body)).toEqual({ kind: 'refused', status: 422, ...body })
  })

  test('needs only a title', () => {
    expect(problemOf(409, { title: 'Already paid' })).toEqual({
      kind: 'refused',
      status: 409,
      type: 'about:blank',
      title: 'Already paid',
      detail: '',
    })
  })

  test.each([[null], ['<html>'], [{}], [{ title: '' }], [{ title: 7 }]])(
    'that says %j stays unclear',
    (body) => {
      expect(problemOf(502, body)).toEqual({ kind: 'unclear', status: 502 })
    },
  )
})

describe('a call over HTTP', () => {
  let server: Server
  let base = ''

  beforeAll(async () => {
    server = createServer((request, response) => {
      if (request.url === '/page') return void response.writeHead(502).end('<html>')
      if (request.url === '/empty') return void response.writeHead(204).end()
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ key: request.headers['idempotency-key'] ?? null }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })

  afterAll(() => new Promise<void>((resolve) => void server.close(() => resolve())))

  test('gives back what was answered, and sends the headers it was given', async () => {
    const headers = { 'idempotency-key': 'k1' }
    const answer = await call(`${base}/`, { method: 'POST', body: {}, headers })
    expect(answer).toEqual({ ok: true, value: { key: 'k1' } })
  })

  test('accepts an answer without a body', async () => {
    expect(await call(`${base}/empty`, { method: 'POST' })).toEqual({ ok: true, value: null })
  })

  test('does not take a proxy page for a reason', async () => {
    const answer = await call(`${base}/page`, { method: 'GET' })
    expect(answer).toEqual({ ok: false, problem: { kind: 'unclear', status: 502 } })
  })

  test('calls a missing server offline, not failed', async () => {
    const answer = await call('http://127.0.0.1:9/', { method: 'GET' })
    expect(answer).toEqual({ ok: false, problem: { kind: 'offline' } })
  })
})
