/**
 * A stage for webhook tests: a database, simulated merchants with endpoints, workers, a clock that is
 * moved by hand. It registers its own hooks, so call it inside a `describe`.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { type Engine, type TestDatabase, testDatabase } from '../../test/database.ts'
import { createHttpClient, type HttpClient } from '../src/channels/http-client/index.ts'
import { createEndpoint } from '../src/channels/webhooks/endpoints.ts'
import {
  createEventRecorder,
  createWebhookWorker,
  type EventRecorder,
  type EventType,
  type WebhookWorkerOptions,
} from '../src/channels/webhooks/index.ts'
import { type Delivery, listDeliveries } from '../src/channels/webhooks/store.ts'
import type { Database, Worker } from '../src/db/index.ts'
import { createFieldCipher, createIds, manualClock, Secret } from '../src/kernel/index.ts'
import { type SimulatedMerchant, simulatedMerchant } from './simulated-merchant.ts'

export const ids = createIds()
export const cipher = createFieldCipher(new Secret('a-field-key-of-at-least-32-characters'), ids)
/** As soon as it is so; a busy machine may take its time. */
export const soon = { timeout: 25_000, interval: 20 }

export function webhookStage(engine: Engine) {
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
  function work(changes: Partial<WebhookWorkerOptions> = {}, totalMs = 15_000) {
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

  return {
    clock,
    /** Payments whose charge a merchant took, and what went wrong in the workers. */
    accepted,
    errors,
    get db() {
      return db
    },
    get recorder() {
      return recorder
    },
    /** A new one for each test. */
    get merchant() {
      return merchant
    },
    anotherMerchant,
    work,
    endpoint,
    newPayment,
    record,
    log,
    logged,
    toldCount,
  }
}
