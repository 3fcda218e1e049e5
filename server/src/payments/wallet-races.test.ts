/** Many payments from wallets at once, of two processes on PostgreSQL: each fen goes one way. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { createWorld, tenOClock, type World } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'
import { accountBalances } from '../ledger/index.ts'
import type { Order, OrderResult } from './index.ts'

const clock = manualClock(tenOClock)
let made: TestDatabase
let second: Database
let worlds: readonly [World, World]
let stage: Stage
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  worlds = [await createWorld({ db: made.db, clock }), await createWorld({ db: second, clock })]
  stage = await createStage({ db: made.db, clock })
})
afterAll(async () => {
  await stage?.close()
  for (const world of worlds ?? []) await world.close()
  await second?.close()
  await made?.close()
})

let numbers = 0
function number(): string {
  numbers += 1
  return `+86137${String(numbers).padStart(8, '0')}`
}
const pay = (n: number, msisdn: string, amount: bigint, more: Partial<Order> = {}) =>
  (worlds[n % 2] as World).payments.order({
    ...{ msisdn, merchantId: '6021', what: { amount, goods: { zh: '茶', en: 'Tea' } } },
    ...{ channel: 'api', consent: 'device', flow: 'charge', source: 'wallet' },
    ...more,
  })
const refusalsOf = (results: readonly OrderResult[]) =>
  results.flatMap((result) => (result.ok ? [] : [result.refusal]))
const soldBy = async (merchantId: string) => {
  const rows = await accountBalances(made.db, { names: [`merchant-pending:${merchantId}`] })
  return rows.reduce((sum, row) => sum + row.creditsPosted, 0n)
}

test('64 payers of one merchant: each pays once, and it gets all of it', async () => {
  const payers = await Promise.all(
    Array.from({ length: 64 }, () => stage.customer(number(), 10_00n)),
  )
  const before = await soldBy('6021')
  const results = await Promise.all(payers.map(({ msisdn }, n) => pay(n, msisdn, 7_00n)))
  expect(refusalsOf(results)).toEqual([])
  expect((await soldBy('6021')) - before).toBe(64n * 7_00n)
  for (const { msisdn } of payers) expect(await stage.available(msisdn)).toBe(3_00n)
})

test('two payments of the last fen: one', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { msisdn } = await stage.customer(number(), 10n)
    const results = await Promise.all([pay(0, msisdn, 10n), pay(1, msisdn, 10n)])
    expect(refusalsOf(results)).toEqual(['wallet_low_balance'])
    expect(await stage.available(msisdn)).toBe(0n)
  }
})

test('16 payments by printed codes at once: as many as the day allows, and each other hears what is left', async () => {
  const { msisdn } = await stage.customer(number(), 1_000_00n)
  const byCode = (n: number, amount: bigint) => pay(n, msisdn, amount, { codeProof: 'static_code' })
  const results = await Promise.all(Array.from({ length: 16 }, (_, n) => byCode(n, 40_00n)))
  expect(results.filter(({ ok }) => ok)).toHaveLength(12)
  for (const result of results)
    if (!result.ok) expect(result).toMatchObject({ refusal: 'over_code_limit', left: 20_00n })
  const rest = await Promise.all([byCode(0, 20_01n), byCode(1, 20_00n), byCode(0, 20_00n)])
  expect(refusalsOf(rest)).toEqual(['over_code_limit', 'over_code_limit'])
  expect(await stage.available(msisdn)).toBe(500_00n)
})

test('a payment and a withdrawal of the same money: one', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { msisdn, card: cardId } = await stage.customer(number(), 10_00n)
    const [paid, out] = await Promise.all([
      pay(round, msisdn, 10_00n),
      stage.wallet.withdraw({
        ...{ msisdn, cardId, amount: 10_00n, speed: 'next_day', channel: 'api', key: stage.key() },
      }),
    ])
    expect([paid.ok, out.ok].filter(Boolean)).toHaveLength(1)
    expect(await stage.available(msisdn)).toBe(0n)
  }
})

test('a wallet that is closed while it pays: paid and empty, or paid out and refused', async () => {
  for (let round = 0; round < 8; round += 1) {
    const { msisdn, walletId, card: cardId } = await stage.customer(number(), 10_00n)
    const closing = { msisdn, walletId, channel: 'counter', key: stage.key() } as const
    const [paid, closed] = await Promise.all([
      pay(round, msisdn, 10_00n),
      stage.wallet.close({ ...closing, payTo: { cardId } }),
    ])
    expect(closed.ok).toBe(true)
    const [{ paid: taken } = { paid: 0n }] = await made.db.query<{ paid: bigint }>(
      `select coalesce(sum(amount), 0)::int8 as paid from wallet_movement
        where wallet_id = $1 and kind = 'withdrawal'`,
      [walletId],
    )
    expect(taken).toBe(paid.ok ? 0n : 10_00n)
    if (!paid.ok) expect(paid.refusal).toBe('wallet_unavailable')
  }
})

test('afterwards the books are sound', async () => {
  await stage.settle()
  for (const world of worlds) await world.settle()
  expect(await offencesIn(made.db)).toEqual([])
})
