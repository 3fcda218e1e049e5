import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../../test/database.ts'
import {
  answering,
  closing,
  dripping,
  flooding,
  hanging,
  type SimulatedMerchant,
  simulatedMerchant,
} from '../../../test/simulated-merchant.ts'
import type { Database, Worker } from '../../db/index.ts'
import {
  bucketOfId,
  createFieldCipher,
  createIds,
  manualClock,
  Secret,
} from '../../kernel/index.ts'
import { createHttpClient, type HttpClient } from '../http-client/index.ts'
import { changeEndpoint, createEndpoint, rotateSecret } from './endpoints.ts'
import type { EventType } from './event.ts'
import { createEventRecorder, createWebhookWorker, type EventRecorder } from './index.ts'
import { resend } from './resend.ts'
import { retryWaitsMs } from './schedule.ts'
import { type Delivery, listDeliveries } from './store.ts'

const ids = createIds()
/** As soon as it is so; a busy machine may take its time. */
const soon = { timeout: 25_000, interval: 20 }
const cipher = createFieldCipher(new Secret('a-field-key-of-at-least-32-characters'), ids)

describe.each(engines)('webhooks on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  let merchant: SimulatedMerchant
  let client: HttpClient
  let recorder: EventRecorder
  const clock = manualClock(Date.now())
  const accepted: string[] = []
  const errors: unknown[] = []
  const workers: Worker[] = []
  const merchants: SimulatedMerchant[] = []

  beforeAll(async () => {
    made = await testDatabase({ engine })
    db = made.db
    recorder = await createEventRecorder(db, clock)
  })
  beforeEach(async () => {
    clock.set(Date.now())
    merchant = await anotherMerchant()
  })
  afterEach(async () => {
    await Promise.all(merchants.splice(0).map((each) => each.close()))
    await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    await client?.close()
    accepted.length = 0
    expect(errors.splice(0)).toEqual([])
  })
  afterAll(() => made?.close())

  async function anotherMerchant() {
    const another = await simulatedMerchant()
    merchants.push(another)
    return another
  }
  function work(
    changes: Partial<Parameters<typeof createWebhookWorker>[0]> = {},
    totalMs = 15_000,
  ) {
    client = createHttpClient({ allowPrivate: merchants.map((each) => each.place), totalMs })
    const worker = createWebhookWorker({
      db,
      clock,
      client,
      cipher,
      onAccepted: async (paymentId) => void accepted.push(paymentId),
      onError: (error) => errors.push(error),
      pollMs: 10,
      ...changes,
    })
    workers.push(worker)
    return worker
  }
  /** An endpoint at the simulated merchant, under a merchant id of its own. */
  async function endpoint(at = merchant, eventTypes: readonly EventType[] = []) {
    endpoints += 1
    const merchantId = String(1000 + endpoints)
    const tools = { ids, cipher, client: { urlRefusal: () => null } }
    const content = { url: `${at.origin}/hook`, description: '', eventTypes }
    const result = await db.transact((tx) =>
      createEndpoint(tx, { merchantId, content }, tools, clock.now()),
    )
    if (!result.ok) throw new Error(result.refusal)
    await recorder.reload()
    return {
      merchantId,
      endpointId: result.value.endpoint.id,
      secret: result.value.secret.reveal(),
    }
  }
  let endpoints = 0
  const newPayment = () => ids.next(7, clock.now())
  const record = (merchantId: string, paymentId: string, ...types: readonly EventType[]) =>
    db.transact(async (tx) =>
      recorder.record(
        tx,
        types.map((type, i) => ({
          bucket: 7,
          merchantId,
          type,
          paymentId,
          seq: i + 1,
          at: clock.now(),
          data: { paymentId, amount: '1000' },
        })),
      ),
    )
  const log = async (merchantId: string): Promise<Delivery[]> => {
    const any = { state: null, endpointId: null, paymentId: null, type: null, before: null }
    const found = await listDeliveries(db, { ...any, merchantId, limit: 500 })
    return found.sort((one, other) => one.seq - other.seq)
  }
  const logged = (merchantId: string, ...expected: readonly Partial<Delivery>[]) =>
    expect.poll(async () => await log(merchantId), soon).toMatchObject(expected)
  const toldCount = (count: number, at = merchant) =>
    expect.poll(() => at.told.length, soon).toBe(count)

  test('an event arrives once, signed, with the words of the event, and is logged', async () => {
    work()
    const { merchantId, secret } = await endpoint()
    const paymentId = newPayment()
    await record(merchantId, paymentId, 'payment.charged')
    await record(merchantId, paymentId, 'payment.charged')
    await logged(merchantId, { state: 'delivered', attempts: 1, lastStatus: 200, lastError: null })
    await record(merchantId, paymentId, 'payment.charged')
    await expect
      .poll(async () => await db.query(`select 1 from job where topic = 'webhook.deliver'`), soon)
      .toEqual([])
    const [told] = merchant.told
    expect(merchant.told).toHaveLength(1)
    const body = new Webhook(secret).verify(
      told?.body ?? '',
      told?.headers as Record<string, string>,
    )
    expect(body).toMatchObject({ type: 'payment.charged', data: { paymentId, amount: '1000' } })
    expect(told?.headers['webhook-id']).toBe((body as { id: string }).id)
    expect(accepted).toEqual([paymentId])
  })

  test('only the types that were asked for are sent, and only a charge is reported back', async () => {
    work()
    const { merchantId } = await endpoint(merchant, ['payment.delivered'])
    await record(merchantId, newPayment(), 'payment.charged', 'payment.delivered')
    await logged(merchantId, { type: 'payment.delivered', state: 'delivered' })
    expect(merchant.told).toHaveLength(1)
    expect(accepted).toEqual([])
  })

  test.each([
    ['answers 500', answering(500), 'answered 500'],
    ['redirects', answering(302), 'answered 302'],
    ['hangs', hanging, 'timed_out'],
    ['closes', closing, 'connection_lost'],
    ['drips', dripping, 'timed_out'],
    ['floods', flooding, 'reply_too_large'],
  ])(
    'a merchant that %s is told again, with the same id and body',
    async (_what, answer, error) => {
      work()
      const { merchantId } = await endpoint()
      merchant.script.push(answer)
      await record(merchantId, newPayment(), 'payment.charged')
      await logged(merchantId, { state: 'pending', attempts: 1, lastError: error })
      expect(accepted).toEqual([])
      clock.advance(15_000)
      await logged(merchantId, { state: 'delivered', attempts: 2, lastError: null })
      const [first, second] = merchant.told
      expect(merchant.told).toHaveLength(2)
      expect(second?.body).toBe(first?.body)
      expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
      expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp'])
    },
  )

  test('what nobody takes for a day is dead and seen, and comes to life when sent again', async () => {
    work()
    merchant.otherwise = answering(503)
    const { merchantId } = await endpoint()
    await record(merchantId, newPayment(), 'refund.succeeded')
    for (const [i, wait] of retryWaitsMs.entries()) {
      await logged(merchantId, { state: 'pending', attempts: i + 1 })
      clock.advance(wait)
    }
    await logged(merchantId, { state: 'dead', attempts: 16, lastError: 'answered 503' })
    merchant.otherwise = answering(200)
    const [dead] = await log(merchantId)
    if (!dead) throw new Error('the delivery is in the log')
    const again = (of: string) =>
      db.transact((tx) => resend(tx, { ...dead, merchantId: of }, clock.now()))
    expect(await again('9999')).toMatchObject({ refusal: 'delivery_not_found' })
    expect(await again(merchantId)).toMatchObject({ ok: true, value: { state: 'pending' } })
    await logged(merchantId, { state: 'delivered', attempts: 1 })
    expect(new Set(merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(1)
    await again(merchantId)
    await toldCount(18)
  })

  test('410 closes the endpoint and what still waited for it; switching it on opens it again', async () => {
    work()
    const own = await endpoint()
    const { merchantId, endpointId } = own
    merchant.script.push(answering(410))
    await record(merchantId, newPayment(), 'payment.charged', 'payment.delivered')
    await logged(
      merchantId,
      { state: 'dead', lastError: 'answered 410', attempts: 1 },
      { state: 'dead', lastError: 'endpoint_gone', attempts: 0 },
    )
    expect(merchant.told).toHaveLength(1)
    const [dead] = await log(merchantId)
    if (!dead) throw new Error('the delivery is in the log')
    const again = () => db.transact((tx) => resend(tx, { ...dead, merchantId }, clock.now()))
    expect(await again()).toMatchObject({ refusal: 'endpoint_not_on' })
    const tools = { client: { urlRefusal: () => null } }
    const command = { merchantId, endpointId, changes: { status: 'on' as const } }
    await db.transact((tx) => changeEndpoint(tx, command, tools, clock.now()))
    expect(await again()).toMatchObject({ ok: true })
    await logged(merchantId, { state: 'delivered' }, { state: 'dead' })
  })

  test('events of a payment arrive in their order, the later waiting for the earlier', async () => {
    work()
    const { merchantId } = await endpoint()
    merchant.script.push(answering(500))
    const [first, second] = [newPayment(), newPayment()]
    await record(merchantId, first, 'payment.asked', 'payment.charged', 'payment.delivered')
    await logged(merchantId, { attempts: 1 }, { attempts: 0 }, { attempts: 0 })
    // Another payment of the same merchant does not wait.
    await record(merchantId, second, 'payment.asked')
    await toldCount(2)
    clock.advance(15_000)
    await toldCount(5)
    const types = merchant.told.map(
      ({ body }) => JSON.parse(body) as { type: string; data: object },
    )
    expect(
      types.filter(({ data }) => Object.values(data).includes(first)).map(({ type }) => type),
    ).toEqual(['payment.asked', 'payment.asked', 'payment.charged', 'payment.delivered'])
  })

  test('a dead merchant with many events holds up nobody else', async () => {
    const dead = merchant
    const living = await anotherMerchant()
    work()
    dead.otherwise = hanging
    const one = await endpoint(dead)
    const other = await endpoint(living)
    for (let i = 0; i < 50; i += 1) await record(one.merchantId, newPayment(), 'payment.charged')
    await toldCount(4, dead)
    for (let i = 0; i < 50; i += 1) await record(other.merchantId, newPayment(), 'payment.charged')
    await toldCount(50, living)
    // The dead one was asked by four at once all the while, and none of them is back yet.
    expect(dead.told).toHaveLength(4)
    await dead.close()
    await expect.poll(() => errors.length, soon).toBe(0)
  })

  test('a worker that dies between sending and writing sends again, same id, no second effect lost', async () => {
    const { merchantId } = await endpoint()
    let calls = 0
    work({
      onAccepted: async (paymentId) => {
        calls += 1
        if (calls === 1) throw new Error('killed')
        accepted.push(paymentId)
      },
    })
    const paymentId = newPayment()
    await record(merchantId, paymentId, 'payment.charged')
    await expect.poll(() => errors.splice(0).map(String), soon).toEqual(['Error: killed'])
    await logged(merchantId, { state: 'pending', attempts: 0 })
    clock.advance(60_001)
    await logged(merchantId, { state: 'delivered', attempts: 1 })
    expect(new Set(merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(1)
    expect(accepted).toEqual([paymentId])
  })

  test('two workers share the work: each event arrives once', async () => {
    work()
    work()
    const { merchantId } = await endpoint()
    await Promise.all(
      Array.from({ length: 60 }, () => record(merchantId, newPayment(), 'payment.charged')),
    )
    await toldCount(60)
    await expect
      .poll(async () => (await log(merchantId)).every(({ state }) => state === 'delivered'), soon)
      .toBe(true)
    expect(new Set(merchant.told.map((told) => told.headers['webhook-id'])).size).toBe(60)
  })

  test('while a secret is changed both sign, afterwards only the new one', async () => {
    work()
    const { merchantId, endpointId, secret } = await endpoint()
    const rotated = await db.transact((tx) =>
      rotateSecret(tx, { merchantId, endpointId, overlapMs: 60_000 }, { ids, cipher }, clock.now()),
    )
    if (!rotated.ok) throw new Error(rotated.refusal)
    const believed = (by: string, { body, headers }: (typeof merchant.told)[number]) => {
      try {
        new Webhook(by).verify(body, headers as Record<string, string>)
        return true
      } catch {
        return false
      }
    }
    await record(merchantId, newPayment(), 'payment.charged')
    await toldCount(1)
    clock.advance(60_000)
    await record(merchantId, newPayment(), 'payment.charged')
    await toldCount(2)
    const next = rotated.value.secret.reveal()
    expect(merchant.told.map((told) => [believed(secret, told), believed(next, told)])).toEqual([
      [true, true],
      [false, true],
    ])
  })

  test('an event that was rolled back is not told, and ids lead to their bucket', async () => {
    work()
    const { merchantId } = await endpoint()
    const event = {
      bucket: 7,
      merchantId,
      type: 'payment.charged',
      paymentId: newPayment(),
      seq: 1,
      at: clock.now(),
      data: {},
    } as const
    await expect(
      db.transact(async (tx) => {
        recorder.record(tx, [event])
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await log(merchantId)).toEqual([])
    await record(merchantId, event.paymentId, 'payment.charged')
    await logged(merchantId, { state: 'delivered' })
    expect((await log(merchantId)).map(({ eventId }) => bucketOfId(eventId))).toEqual([7])
  })
})
