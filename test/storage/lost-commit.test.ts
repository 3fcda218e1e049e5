/**
 * The connection is lost in COMMIT, on a real server: before the server heard of it, or after it did it.
 * Nobody knows which, so the batch is run once more, and either way the caller is told what it would
 * have been told, and the thing is done once.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../server/src/db/index.ts'
import type { Order } from '../../server/src/payments/index.ts'
import { offencesIn } from '../books.ts'
import { engines, type TestDatabase, testDatabase } from '../database.ts'
import { type FaultyProxy, startFaultyProxy } from '../faulty-proxy.ts'
import { introduceLine } from '../lane.ts'
import { createWorld, type World } from '../world.ts'

/** The statement as it travels. */
const COMMIT = 'commit\0'

let made: TestDatabase
let proxy: FaultyProxy
let db: Database
let world: World
let numbers = 0

beforeAll(async () => {
  if (!engines.includes('postgres')) return
  made = await testDatabase({ engine: 'postgres' })
  const url = new URL(made.url ?? '')
  proxy = await startFaultyProxy({ host: url.hostname, port: Number(url.port) })
  url.port = String(proxy.port)
  db = await openDatabase({ url: url.href, poolMax: 4 })
  world = await createWorld({ db })
})
afterAll(async () => {
  await world?.close()
  await db?.close()
  await proxy?.close()
  await made?.close()
})

async function newNumber(): Promise<string> {
  numbers += 1
  const msisdn = `+8613477${String(numbers).padStart(6, '0')}`
  await introduceLine(db, msisdn, world.clock.now())
  return msisdn
}

async function order(msisdn: string, more: Partial<Order> = {}): Promise<string> {
  const placed = await world.payments.order({
    msisdn,
    merchantId: '6021',
    what: { product: '100' },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
    ...more,
  })
  if (!placed.ok) throw new Error(placed.refusal)
  return placed.value.payment.id
}

async function codeOf(msisdn: string): Promise<string> {
  const notices = (await world.texts(msisdn)).map((text) => text.notice as { code?: string })
  return notices.find(({ code }) => code !== undefined)?.code ?? ''
}

const wrong = (code: string) => (code === '000000' ? '000001' : '000000')

/** How it begins, and the call in whose COMMIT the connection is lost. */
const steps: Record<string, (msisdn: string) => Promise<() => Promise<unknown>>> = {
  order: async (msisdn) => () =>
    order(msisdn, { keys: [{ scope: 'lost', key: msisdn, contentHash: 'a' }] }),
  'a yes by text': async (msisdn) => {
    await order(msisdn, { consent: 'reply', channel: 'web' })
    const from = (await world.texts(msisdn)).at(-1)?.from ?? ''
    return () => world.text(msisdn, from, 'Y', { id: `y${msisdn}` })
  },
  'a code': async (msisdn) => {
    const paymentId = await order(msisdn, { consent: 'code' })
    const code = await codeOf(msisdn)
    return () => world.payments.validate({ paymentId, msisdn, code })
  },
  'a third wrong code': async (msisdn) => {
    const paymentId = await order(msisdn, { consent: 'code' })
    const code = wrong(await codeOf(msisdn))
    for (let tries = 0; tries < 2; tries += 1)
      await world.payments.validate({ paymentId, msisdn, code })
    return () => world.payments.validate({ paymentId, msisdn, code })
  },
  confirmation: async (msisdn) => {
    const paymentId = await order(msisdn, { flow: 'reserve' })
    await world.settle()
    return () => world.payments.confirm({ paymentId, msisdn })
  },
  cancellation: async (msisdn) => {
    const paymentId = await order(msisdn, { consent: 'code' })
    return () => world.payments.cancel({ paymentId, msisdn })
  },
  'the end of a reservation': async (msisdn) => {
    const paymentId = await order(msisdn, { flow: 'reserve' })
    await world.settle()
    return () => world.payments.cancel({ paymentId, msisdn })
  },
  delivery: async (msisdn) => {
    const paymentId = await order(msisdn)
    await world.settle()
    return () => world.payments.delivery({ paymentId, msisdn, result: 'delivered' })
  },
  'a delivery that failed': async (msisdn) => {
    const paymentId = await order(msisdn)
    await world.settle()
    return () => world.payments.delivery({ paymentId, msisdn, result: 'failed' })
  },
  refund: async (msisdn) => {
    const paymentId = await order(msisdn)
    await world.settle()
    const keys = [{ scope: 'lost', key: `r${msisdn}`, contentHash: 'a' }]
    return () => world.payments.refund({ paymentId, msisdn, amount: 3_00n, reason: 'lost', keys })
  },
}

/** What was said and what became of it, without what differs from purchase to purchase. */
async function outcomeOf(step: string, lose: 'before' | 'after' | null) {
  const msisdn = await newNumber()
  const call = await steps[step]?.(msisdn)
  if (lose !== null) proxy.cutAt(COMMIT, lose)
  const answer = await call?.()
  const { ok, refusal, value } = Object(answer) as Record<string, unknown>
  const { state } = Object(value) as { state?: string }
  await world.settle()
  const { items } = await world.payments.list({ msisdn, order: 'asc', offset: 0, limit: 10 })
  const texts = (await world.texts(msisdn)).map(({ id }) => id)
  return {
    said: { kind: typeof answer, ok, refusal, state },
    became: items.map((one) => ({
      state: one.state,
      refunded: one.refunded,
      tries: one.codeTries,
    })),
    texts,
  }
}

describe.runIf(engines.includes('postgres'))('a connection lost in COMMIT', () => {
  test.each(Object.keys(steps))('of %s: the caller cannot tell', async (step) => {
    const undisturbed = await outcomeOf(step, null)
    expect(await outcomeOf(step, 'before')).toEqual(undisturbed)
    expect(await outcomeOf(step, 'after')).toEqual(undisturbed)
    expect(await offencesIn(db)).toEqual([])
  })

  test('a step that was not ours is not claimed: what somebody else ended stays refused', async () => {
    const msisdn = await newNumber()
    const paymentId = await order(msisdn, { consent: 'code' })
    await world.payments.cancel({ paymentId, msisdn })
    proxy.cutAt(COMMIT, 'after')
    const code = await codeOf(msisdn)
    const answer = await world.payments.validate({ paymentId, msisdn, code })
    expect(answer).toEqual({ ok: false, refusal: 'not_allowed_now' })
  })
})
