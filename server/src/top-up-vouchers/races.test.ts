/** Top-up vouchers on PostgreSQL, of two processes: one voucher and many hands, and blocked while it is used. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/top-up-vouchers/stage.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'
import { endVouchers } from './index.ts'

const clock = manualClock(tenOClock)
const people = createPeople()
let made: TestDatabase
let second: Database
let stages: readonly [Stage, Stage]
let owners: readonly string[]

beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const one = await createStage({ db: made.db, clock, people })
  stages = [one, await createStage({ db: second, clock, people })]
  const numbers = Array.from({ length: 8 }, (_, n) => `+861370000000${n}`)
  await Promise.all(numbers.map((msisdn) => one.customer(msisdn)))
  owners = numbers
})
afterAll(async () => {
  for (const stage of stages ?? []) await stage.close()
  await second?.close()
  await made?.close()
})

const of = (n: number) => stages[n % 2] as Stage
const owner = (n: number) => owners[n % owners.length] as string
const total = async () => {
  const all = await Promise.all(owners.map((msisdn) => of(0).balance(msisdn)))
  return all.reduce<bigint>((sum, one) => sum + (one ?? 0n), 0n)
}

test('one voucher and sixty-four who use it: one has its value, the others hear that it is used', async () => {
  const { codes } = await of(0).batch({ count: 1n })
  const before = await total()
  const results = await Promise.all(
    Array.from({ length: 64 }, (_, n) => of(n).use(owner(n), codes[0], `k${n}`)),
  )
  expect(results.filter(({ ok }) => ok)).toHaveLength(1)
  const refused = results.flatMap((one) => (one.ok ? [] : [one.refusal]))
  expect(refused).toEqual(Array(63).fill('top_up_voucher_used'))
  expect((await total()) - before).toBe(50_00n)
})

test('one request, eight times at once: one effect, and eight equal answers', async () => {
  const { codes } = await of(0).batch({ count: 1n })
  const results = await Promise.all(
    Array.from({ length: 8 }, (_, n) => of(n).use(owner(0), codes[0], 'tapped')),
  )
  expect(new Set(results.map((one) => one.ok && one.value.use.id)).size).toBe(1)
  expect(results.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
})

test('vouchers that are blocked while they are used, and sold twice at once: each goes one way', async () => {
  for (let round = 0; round < 3; round += 1) {
    const { id, codes } = await of(0).batch({ count: 8n, sold: 4n })
    const before = await total()
    const ending = {
      step: 'block',
      id,
      first: 1n,
      last: 8n,
      askedBy: 'lin',
      agreedBy: 'zhao',
    } as const
    const [used, blocked] = await Promise.all([
      Promise.all(codes.map((code, n) => of(n).use(owner(n), code, `${id}${n}`))),
      of(1).db.transact((tx) => endVouchers(tx, of(1).tools, ending, clock.now())),
      of(0)
        .activate(id, 5n, 8n)
        .catch(() => 0n),
    ])
    const count = BigInt(used.filter(({ ok }) => ok).length)
    expect(blocked).toMatchObject({ ok: true, value: { changed: 8n - count } })
    expect((await total()) - before).toBe(count * 50_00n)
    expect(await of(0).held('top-up-voucher-float', id)).toBe(0n)
  }
})

test('guesses that come at once are all counted', async () => {
  const msisdn = '+8613711111111'
  await of(0).customer(msisdn)
  const wrong = ['4242424242424242', '5555555555554444', '4111111111111111', '4012888888881881']
  const results = await Promise.all(
    [...wrong, ...wrong].map((code, n) => of(n).use(msisdn, code, `g${n}`)),
  )
  const refused = results.flatMap((one) => (one.ok ? [] : [one.refusal]))
  expect(refused.filter((one) => one === 'top_up_voucher_unknown')).toHaveLength(5)
  expect(refused.filter((one) => one === 'top_up_vouchers_locked')).toHaveLength(3)
})

test('afterwards the books are sound', async () => {
  expect(await offencesIn(made.db)).toEqual([])
})
