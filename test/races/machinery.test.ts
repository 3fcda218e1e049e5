/** Broken machinery and broken callers: neither is ever told, or kept, as a declined purchase. */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { type Database, sqlStateOf } from '../../server/src/db/index.ts'
import { engines, type TestDatabase, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { openShop, type Shop } from '../shop.ts'
import { broken } from './broken.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }

describe.runIf(engines.includes('postgres'))('a purchase', () => {
  let made: TestDatabase
  let shop: Shop
  let isFailing = false
  let gate: Promise<void> | undefined
  /** Told that somebody waits at the gate. */
  let onReached = () => {}
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres' })
    await made.db.transact(async (tx) => {
      await tx.query('create table fault (code text)')
      await tx.query(`create function fail(buckets int2[], numbers text[]) returns text as $$
        begin raise exception using errcode = (select code from fault); end $$ language plpgsql`)
    })
    const { db } = broken(made.db, {
      name: 'failing',
      lacks: 'a database that answers',
      spoil: ({ name, text }) =>
        isFailing && name === 'subscriber.lock'
          ? 'select fail($1::int2[], $2::text[]) as rows'
          : text,
    })
    const transact: Database['transact'] = async (work) => {
      if (gate) onReached()
      await gate
      return db.transact(work)
    }
    shop = await openShop({ db: { ...db, transact }, log: quiet })
  })
  afterAll(async () => {
    await shop?.close()
    await made?.close()
  })

  const rowsOf = async (msisdn: string) =>
    shop.db.query<{ state: string }>('select state from payment where msisdn = $1', [msisdn])

  test.each([
    ['40001', 'a serialization failure'],
    ['40P01', 'a deadlock'],
    ['55P03', 'a lock that is not given'],
    ['57014', 'a statement that took too long'],
  ])(
    '%s is an error and never a declined purchase',
    async (code) => {
      const local = `1390020${code.replace(/\D/g, '').padStart(4, '0').slice(0, 4)}`
      const msisdn = `+86${local}`
      const body = { msisdn: local, product: '100', orderId: `order-${code}` }
      await made.db.transact(async (tx) => {
        await tx.query('delete from fault')
        await tx.query('insert into fault values ($1)', [code])
      })
      // The server logs its own fault whole.
      const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
      isFailing = true
      try {
        const answer = await shop.call('POST', '/v1/payments', { body })
        expect([answer.status, answer.headers['retry-after']]).toEqual([503, '1'])
        expect(answer.body.payment).toBeUndefined()
        const texted = shop.text(msisdn, '1065800886021', '100')
        expect(await texted.then(() => undefined, sqlStateOf)).toBe(code)
      } finally {
        isFailing = false
        logged.mockRestore()
      }
      expect(await rowsOf(msisdn)).toEqual([])
      expect(await shop.texts(msisdn)).toEqual([])
      const again = await shop.call('POST', '/v1/payments', { body })
      expect(again.status).toBe(201)
      expect(await rowsOf(msisdn)).toEqual([{ state: 'awaiting_confirm' }])
    },
    60_000,
  )

  test('a client that hangs up finds its payment by its key', async () => {
    // Known, or the carrier would be asked first, and the second could overtake the first meanwhile.
    await introduceLine(made.db, '+8613900300001', shop.clock.now())
    await shop.app.listen({ port: 0, host: '127.0.0.1' })
    const { port } = shop.app.server.address() as AddressInfo
    const body = { msisdn: '13900300001', product: '100', orderId: 'hung-up' }
    let open = () => {}
    gate = new Promise((resolve) => {
      open = () => {
        gate = undefined
        resolve()
      }
    })
    const atGate = new Promise<void>((resolve) => {
      onReached = resolve
    })
    const client = new AbortController()
    const arrived = once(shop.app.server, 'request')
    const asked = fetch(`http://127.0.0.1:${port}/v1/payments`, {
      method: 'POST',
      headers: { authorization: `Bearer ${shop.keys.games}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: client.signal,
    })
    const [request] = await arrived
    const gone = once(request.socket, 'close')
    await atGate
    client.abort()
    await expect(asked).rejects.toThrow('abort')
    await gone
    open()
    const again = await shop.call('POST', '/v1/payments', { body })
    expect(again.status).toBe(200)
    expect(await rowsOf('+8613900300001')).toEqual([{ state: 'awaiting_confirm' }])
    expect(await shop.texts('+8613900300001')).toHaveLength(1)
  })
})
