/** Many at once from two processes, on PostgreSQL: no bill is paid twice, and nobody spends what is not there. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createScriptedBiller } from '../../../test/billers/scripted-biller.ts'
import { accountNo, createStage, type Stage } from '../../../test/billers/stage.ts'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { createBusinessTime, manualClock } from '../kernel/index.ts'
import { armDays } from './day-store.ts'

const clock = manualClock(tenOClock)
const power = createScriptedBiller(clock, createBusinessTime().dateOf)
let made: TestDatabase
let second: Database
let left: Stage
let right: Stage
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 6 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 6 })
  const people = createPeople()
  left = await createStage({ db: made.db, clock, people, power })
  right = await createStage({ db: second, clock, people, power })
})
afterAll(async () => {
  await left?.close()
  await right?.close()
  await second?.close()
  await made?.close()
})

let numbers = 0
const customer = (amount: bigint) => {
  numbers += 1
  return left.customer(`+86135${String(numbers).padStart(8, '0')}`, amount)
}
const sideOf = (n: number) => (n % 2 === 0 ? left : right)
const times = (count: number) => Array.from({ length: count }, (_, n) => n)
const refusalsOf = (results: readonly ({ ok: true } | { ok: false; refusal: string })[]) =>
  results.flatMap((result) => (result.ok ? [] : [result.refusal])).toSorted()

test('one bill under one key from both at once is one payment; under many keys one wins', async () => {
  const { msisdn } = await customer(500_00n)
  const bill = await left.inquired(msisdn)
  const order = { msisdn, billId: bill.id, channel: 'web' } as const
  const same = await Promise.all(
    times(12).map((n) => sideOf(n).billers.pay({ ...order, key: 'one' })),
  )
  expect(refusalsOf(same)).toEqual([])
  expect(same.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
  const other = await left.inquired(msisdn, '0000000002')
  const many = await Promise.all(
    times(12).map((n) => sideOf(n).billers.pay({ ...order, billId: other.id, key: `many:${n}` })),
  )
  expect(refusalsOf(many)).toEqual(times(11).map(() => 'in_progress'))
  expect(await left.available(msisdn)).toBe(500_00n - 2n * 86_40n)
})

test('two inquiries of one account, paid at once: one is paid, the other is told to wait', async () => {
  const { msisdn } = await customer(500_00n)
  const bills = await Promise.all(times(6).map((n) => sideOf(n).inquired(msisdn)))
  const paid = await Promise.all(
    bills.map(({ id: billId }, n) =>
      sideOf(n).billers.pay({ msisdn, billId, channel: 'web', key: `two:${n}` }),
    ),
  )
  expect(refusalsOf(paid)).toEqual(times(5).map(() => 'in_progress'))
})

test('the last fen pays one bill of many', async () => {
  const { msisdn } = await customer(200_00n)
  const bills = await Promise.all(
    times(10).map((n) => sideOf(n).inquired(msisdn, `00000001${String(n).padStart(2, '0')}`)),
  )
  const paid = await Promise.all(
    bills.map(({ id: billId }, n) =>
      sideOf(n).billers.pay({ msisdn, billId, channel: 'web', key: `last:${n}` }),
    ),
  )
  expect(refusalsOf(paid)).toEqual(times(8).map(() => 'low_balance'))
  expect(await left.available(msisdn)).toBe(200_00n - 2n * 86_40n)
})

test('two answers that contradict each other at once: one counts, and the money moves one way', async () => {
  for (const n of times(8)) {
    const { msisdn, walletId } = await customer(100_00n)
    const bill = await left.paid(msisdn, `answer:${n}`)
    const named = { msisdn, walletId, billId: bill.id, attempt: 1 }
    const [yes, no] = await Promise.all([
      left.answer({
        ...named,
        outcome: { kind: 'written_off', receiptNo: 'R', date: '2026-09-12' },
      }),
      right.answer({ ...named, outcome: { kind: 'not_written_off', reason: 'refused' } }),
    ])
    expect([yes?.isContradiction, no?.isContradiction].toSorted()).toEqual([false, true])
    const isPaid = no?.isContradiction
    expect(await left.available(msisdn)).toBe(isPaid ? 13_60n : 100_00n)
  }
})

test('paid and lapsing at once, with both at the biller: each bill ends once', async () => {
  const people = await Promise.all(times(8).map(() => customer(100_00n)))
  const bills = await Promise.all(people.map(({ msisdn }) => left.inquired(msisdn, accountNo)))
  clock.advance(10 * 60_000 - 1)
  const pays = bills.map(({ msisdn, id: billId }, n) =>
    sideOf(n).billers.pay({ msisdn, billId, channel: 'web', key: 'late' }),
  )
  await new Promise((resolve) => setImmediate(resolve))
  clock.advance(1)
  const [paid] = await Promise.all([Promise.all(pays), left.settle(), right.settle()])
  await left.settle()
  await right.settle()
  for (const [n, bill] of bills.entries()) {
    const state = await left.stateOf(bill.id)
    expect(state).toBe(paid[n]?.ok ? 'written_off' : 'lapsed')
  }
})

test('a day that two processes compare at once is paid over once', async () => {
  await left.settle()
  await right.settle()
  await armDays(made.db, left.time, ['power'], clock.now())
  clock.advance(26 * 3_600_000)
  const [job] = await made.db.query<{ payload: unknown }>(
    `select payload from job where topic = 'biller.day'`,
  )
  const one = { bucket: 0, topic: 'biller.day', subject: 'power', attempts: 1 }
  const same = { ...one, dueAt: clock.now(), payload: job?.payload }
  await Promise.all([left.compare(same), right.compare(same), left.compare(same)])
  const [days] = await made.db.query<{ n: bigint }>('select count(*) as n from biller_day')
  expect(days?.n).toBe(1n)
})

test('the books agree', async () => {
  expect(await offencesIn(made.db)).toEqual([])
})
