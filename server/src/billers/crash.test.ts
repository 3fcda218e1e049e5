/**
 * The process dies at every transaction and every call to the biller, just before and just after it. Whoever asked
 * asks again under the same key, another process goes on: one payment, or the money back, every time.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScriptedBiller, type Order } from '../../../test/billers/scripted-biller.ts'
import { createStage, type Stage } from '../../../test/billers/stage.ts'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { createBusinessTime, manualClock } from '../kernel/index.ts'
import { isUndecided } from './bill.ts'
import type { Connected } from './biller.ts'

const quiet = { info: () => {}, warn: () => {}, error: () => {} }
const clock = manualClock(tenOClock)
const people = createPeople()
const power = createScriptedBiller(clock, createBusinessTime().dateOf)
let made: TestDatabase
let survivor: Stage
beforeAll(async () => {
  made = await testDatabase()
  survivor = await createStage({ db: made.db, clock, people, power })
})
afterAll(async () => {
  await survivor?.close()
  await made?.close()
})

let numbers = 0
const number = () => {
  numbers += 1
  return `+86134${String(numbers).padStart(8, '0')}`
}

/** What the biller does to the payment, where the process lives that long. */
const ways: Readonly<Record<string, readonly Order[]>> = {
  'written off': [],
  refused: ['batch_window'],
  'lost, then found': ['lost'],
  'lost, then taken back': ['silent'],
}

type Call = ReturnType<typeof mortal>['call']
const guarded = (biller: Connected, call: Call): Connected => ({
  ...biller,
  pay: call(biller.pay),
  query: call(biller.query),
  reverse: call(biller.reverse),
})

/** Errors are welcome only when they come of the death. */
const expectDeath = (life: { isDead(): boolean }) => (error: unknown) => {
  if (!life.isDead()) throw error
}

/** Asked about, taken back, asked again by the next process. */
const waitsMax = 4
const hasEnded = async (id: string) => {
  const bill = await survivor.billers.bill(id)
  return bill !== undefined && !isUndecided(bill)
}

/** False when it was over before the death. */
async function play(orders: readonly Order[], death: Death): Promise<boolean> {
  const { msisdn } = await survivor.customer(number(), 100_00n)
  const bill = await survivor.inquired(msisdn)
  const life = mortal(death)
  const stage = await createStage({
    ...{ db: life.database(made.db), clock, people, power, log: quiet },
    billers: [guarded(power.biller, life.call)],
  })
  const order = { msisdn, billId: bill.id, key: 'asked', channel: 'web' } as const
  life.begin()
  await stage.billers.pay(order).catch(expectDeath(life))
  if (life.isDead()) await survivor.billers.pay(order)
  power.order(...orders)
  const wait = async () => {
    // Longer than a lease of the dead, and than the first wait.
    clock.advance(121_000)
    if (!life.isDead()) await stage.settle().catch(expectDeath(life))
    if (life.isDead()) await survivor.settle()
  }
  for (let waits = 0; waits < waitsMax && !(await hasEnded(bill.id)); waits += 1) await wait()
  power.forgetOrders()
  const done = await survivor.billers.bill(bill.id)
  const isPaid = power.paid.has(bill.id)
  expect([death, done?.state]).toEqual([death, isPaid ? 'written_off' : 'refunded'])
  expect(await survivor.available(msisdn)).toBe(isPaid ? 13_60n : 100_00n)
  expect((await survivor.lines(bill.id)).length).toBe(isPaid ? 1 : 2)
  const ends = (await survivor.told(msisdn)).filter(({ id }) => id !== 'bill_unknown')
  expect(ends.map(({ id }) => id)).toEqual([isPaid ? 'bill_written_off' : 'bill_returned'])
  await stage.close().catch(expectDeath(life))
  return life.isDead()
}

test.each(Object.keys(ways))(
  '%s: one end, wherever the process dies',
  async (name) => {
    const orders = ways[name] ?? []
    let deaths = 0
    for (let call = 1; ; call += 1) {
      if (!(await play(orders, { call, when: 'before' }))) break
      await play(orders, { call, when: 'after' })
      deaths += 2
    }
    expect(deaths).toBeGreaterThanOrEqual(4)
    expect(await offencesIn(made.db)).toEqual([])
  },
  60_000,
)
