/** Many at once from two processes, on PostgreSQL: what is in a wallet is spent once. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createPeople, createStage, type Stage } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'

const clock = manualClock(tenOClock)
let made: TestDatabase
let second: Database
let left: Stage
let right: Stage
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const people = createPeople()
  left = await createStage({ db: made.db, clock, people })
  right = await createStage({ db: second, clock, people, operations: left.bank })
})
afterAll(async () => {
  await left?.close()
  await right?.close()
  await second?.close()
  await made?.close()
})

const settle = async () => {
  await Promise.all([left.settle(), right.settle()])
  await left.settle()
}

test('64 withdrawals at once never take more than there is', async () => {
  // Each costs 10.10 with its fee: 19 fit, and what is left is less than one.
  const one = await left.customer('+8613500000001', 200_00n)
  const order = { msisdn: one.msisdn, cardId: one.card, amount: 10_00n, speed: 'same_day' } as const
  const asked = await Promise.all(
    Array.from({ length: 64 }, (_, n) =>
      (n % 2 === 0 ? left : right).wallet.withdraw({ ...order, channel: 'api', key: `n${n}` }),
    ),
  )
  const refusals = asked.flatMap((result) => (result.ok ? [] : [result.refusal]))
  expect(refusals).toEqual(Array.from({ length: 64 - 19 }, () => 'low_balance'))
  expect(await left.available(one.msisdn)).toBe(200_00n - 19n * 10_10n)
  await settle()
  expect(left.bank.paid()).toBe(190_00n)
  expect(left.bank.messages).toHaveLength(19)
  expect(await offencesIn(made.db)).toEqual([])
})

test('64 repayments at once, from the balance and a debit card, never pay more than the bill', async () => {
  const one = await left.customer('+8613500000004', 1_000_00n)
  const cardId = left.people.bind(one.msisdn, { kind: 'credit', bank: 'CCB' })
  await left.owe(cardId, 50_00n, { paid: 8_00n })
  const order = { msisdn: one.msisdn, cardId, amount: 5_00n, channel: 'api' } as const
  const before = left.bank.paid()
  const asked = await Promise.all(
    Array.from({ length: 64 }, (_, n) =>
      (n % 2 === 0 ? left : right).wallet.repay({
        ...{ ...order, key: `r${n}` },
        ...(n % 4 < 2 && { fromCardId: one.card }),
      }),
    ),
  )
  // 42.00 are left of the bill: eight of 5.00 fit.
  expect(asked.filter(({ ok }) => ok)).toHaveLength(8)
  for (const result of asked)
    if (!result.ok) expect(result).toMatchObject({ refusal: 'over_bill', left: 2_00n })
  await settle()
  expect(left.bank.paid() - before).toBe(40_00n)
  expect(await offencesIn(made.db)).toEqual([])
})

test('one request said by both at once is one movement', async () => {
  const one = await left.customer('+8613500000002', 200_00n)
  const order = { msisdn: one.msisdn, cardId: one.card, amount: 10_00n, speed: 'same_day' } as const
  const asked = await Promise.all(
    Array.from({ length: 16 }, (_, n) =>
      (n % 2 === 0 ? left : right).wallet.withdraw({ ...order, channel: 'api', key: 'same' }),
    ),
  )
  const ids = asked.map((result) => (result.ok ? result.value.movement.id : result.refusal))
  expect(new Set(ids).size).toBe(1)
  expect(await left.available(one.msisdn)).toBe(189_90n)
  await settle()
  expect(left.bank.messages.filter(({ id }) => id === ids[0])).toHaveLength(1)
})

test('in and out over many numbers at once: nobody waits in a circle, and the books agree', async () => {
  const customers = await Promise.all(
    Array.from({ length: 8 }, (_, n) => left.customer(`+861350001000${n}`, 20_00n)),
  )
  const moves = customers.flatMap((one, n) =>
    Array.from({ length: 6 }, (_, turn) => {
      const { wallet } = (n + turn) % 2 === 0 ? left : right
      const order = {
        msisdn: one.msisdn,
        cardId: one.card,
        channel: 'api',
        key: `m${turn}`,
      } as const
      return turn % 2 === 0
        ? wallet.topUp({ ...order, amount: 3_00n })
        : wallet.withdraw({ ...order, amount: 5_00n, speed: 'same_day' })
    }),
  )
  const results = await Promise.all(moves)
  expect(results.every(({ ok }) => ok)).toBe(true)
  await settle()
  for (const { msisdn } of customers)
    expect(await left.available(msisdn)).toBe(20_00n + 9_00n - 3n * 5_10n)
  expect(await offencesIn(made.db)).toEqual([])
})

test('opened twice at the same moment, a number has one wallet', async () => {
  const one = await left.customer('+8613500000003')
  const { msisdn, walletId } = one
  await left.wallet.close({ msisdn, walletId, channel: 'counter', key: 'over' })
  const open = (stage: Stage) =>
    stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: 'III' }))
  const opened = await Promise.all([open(left), open(right), open(left), open(right)])
  expect(opened.filter(({ ok }) => ok)).toHaveLength(1)
})
