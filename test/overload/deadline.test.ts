/**
 * A database that does not answer in time, on real PostgreSQL: another session holds a row that the
 * batch needs, and the clock moves on meanwhile. Who was told that the time is over has left no trace.
 */
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  type Database,
  DeadlinePassed,
  Overloaded,
  openDatabase,
} from '../../server/src/db/index.ts'
import type { Order } from '../../server/src/payments/index.ts'
import { type TestDatabase, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { alice, bob, createWorld, type World } from '../world.ts'

let made: TestDatabase
let other: Database
let world: World

beforeEach(async () => {
  made = await testDatabase({ engine: 'postgres' })
  other = await openDatabase({ url: made.url ?? '', poolMax: 2 })
  world = await createWorld({ db: made.db })
  for (const msisdn of [alice, bob]) await introduceLine(made.db, msisdn, world.clock.now())
})
afterEach(async () => {
  await world.close()
  await other.close()
  await made.close()
})

const orderOf = (msisdn: string, key: string): Order => ({
  msisdn: msisdn as Order['msisdn'],
  merchantId: '6021',
  what: { product: '100' },
  channel: 'api',
  consent: 'reply',
  flow: 'charge',
  keys: [{ scope: 'test', key, contentHash: 'same' }],
})

/** Holds the number's row, begins, and keeps it until the batch has met it and `meanwhile` is done. */
async function whileHeld(
  msisdn: string,
  begin: () => void,
  meanwhile: () => Promise<void> | void,
): Promise<void> {
  await other.transact(async (tx) => {
    await tx.query('select 1 from subscriber where msisdn = $1 for update', [msisdn])
    begin()
    for (;;) {
      const [waiting] = await other.query(
        `select 1 from pg_stat_activity where datname = current_database()
          and wait_event_type = 'Lock'`,
      )
      if (waiting) break
    }
    await meanwhile()
  })
}

const countOf = async (table: string, where: string, values: readonly string[]) => {
  const [row] = await made.db.query<{ count: bigint }>(
    `select count(*) as count from ${table} where ${where}`,
    values,
  )
  return Number(row?.count)
}

/** What became of each: its result, or the name of its error. */
const settled = async (answers: readonly Promise<unknown>[]) =>
  (await Promise.allSettled(answers)).map((one) =>
    one.status === 'fulfilled' ? 'done' : (one.reason as Error).name,
  )

test('an order that is late before its commit is not done, its neighbour is', async () => {
  const { payments, clock } = world
  let late: Promise<unknown> = Promise.resolve()
  let patient: Promise<unknown> = Promise.resolve()
  await whileHeld(
    alice,
    () => {
      late = payments.order(orderOf(alice, 'k1'), clock.now() + 1_000)
      late.catch(() => undefined)
      patient = payments.order(orderOf(bob, 'k2'), clock.now() + 60_000)
    },
    () => clock.advance(2_000),
  )
  expect(await settled([late, patient])).toEqual(['DeadlinePassed', 'done'])
  await expect(late).rejects.toBeInstanceOf(DeadlinePassed)
  expect(await countOf('payment', 'msisdn = $1', [alice])).toBe(0)
  expect(await countOf('payment', 'msisdn = $1', [bob])).toBe(1)
  expect(await countOf('business_key', 'key = $1', ['k1'])).toBe(0)
  expect(await world.texts(alice)).toEqual([])
  const again = await payments.order(orderOf(alice, 'k1'))
  expect(again).toMatchObject({ ok: true, value: { replayed: false } })
})

test('a text that is late is taken when the gateway sends it again', async () => {
  const { clock } = world
  let late: Promise<unknown> = Promise.resolve()
  await whileHeld(
    alice,
    () => {
      late = world.text(alice, '1065800886021', '100', { id: 'm1' })
      late.catch(() => undefined)
    },
    () => clock.advance(11_000),
  )
  await expect(late).rejects.toBeInstanceOf(DeadlinePassed)
  expect(await world.texts(alice)).toEqual([])
  await world.text(alice, '1065800886021', '100', { id: 'm1' })
  expect((await world.texts(alice)).map(({ id }) => id)).toEqual(['T1'])
})

test('while a batch is stuck orders are shed, and what answers a customer is not', async () => {
  const { payments, clock } = world
  const asked = await payments.order(orderOf(bob, 'b'))
  if (!asked.ok) throw new Error(asked.refusal)
  const { id: paymentId } = asked.value.payment
  let stuck: ReturnType<typeof payments.order> | undefined
  let orders: Promise<unknown>[] = []
  let cancelled: ReturnType<typeof payments.cancel> | undefined
  const begin = () => {
    stuck = payments.order(orderOf(alice, 'stuck'), clock.now() + 60_000)
  }
  await whileHeld(alice, begin, async () => {
    orders = Array.from({ length: 8_100 }, (_, i) => payments.order(orderOf(alice, `k${i}`)))
    for (const order of orders) order.catch(() => undefined)
    await Promise.allSettled(orders.slice(-100))
    expect(payments.waiting).toBe(8_000)
    clock.advance(11_000)
    cancelled = payments.cancel({ paymentId, msisdn: bob as Order['msisdn'] })
  })
  const names = await settled(orders)
  expect(names.slice(0, 8_000).every((name) => name === 'DeadlinePassed')).toBe(true)
  expect(names.slice(8_000).every((name) => name === 'Overloaded')).toBe(true)
  await expect(orders.at(-1)).rejects.toBeInstanceOf(Overloaded)
  expect(await cancelled).toMatchObject({ ok: true, value: { state: 'cancelled' } })
  expect((await stuck)?.ok).toBe(true)
  expect(await countOf('payment', 'msisdn = $1', [alice])).toBe(1)
  expect(payments.waiting).toBe(0)
})
