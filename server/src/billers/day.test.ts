/** Days of billers: what their file decides, what it says differently, and what is paid over. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createStage, type Stage } from '../../../test/billers/stage.ts'
import { offencesIn } from '../../../test/books.ts'
import { createBillers } from './create-billers.ts'
import { armDays } from './day-store.ts'
import { searchBillerDifferences } from './difference-store.ts'
import { nextReminder } from './reminder.ts'

const hour = 3_600_000
const day = 24 * hour

let stage: Stage
beforeAll(async () => {
  stage = await createStage()
  await armDays(stage.db, stage.time, ['power'], stage.clock.now())
})
afterAll(() => stage?.close())
beforeEach(async () => {
  stage.power.files(null)
  await until(day)
})

const until = async (ms: number) => {
  stage.clock.advance(ms)
  await stage.settle()
}
let numbers = 0
const customer = (amount = 200_00n) => {
  numbers += 1
  return stage.customer(`+86133${String(numbers).padStart(8, '0')}`, amount)
}
const days = () =>
  stage.db.query<{ day: string; count: number; paid_over: bigint }>(
    'select day::text as day, count, paid_over from biller_day order by day desc limit 1',
  )
const differences = (limit: number) =>
  searchBillerDifferences(stage.db, {
    ...{ biller: null, day: null, kind: null, isResolved: null, before: null, limit },
  })
/** Never paid over, for the biller does not have it. */
let disputed = 0n
const today = () => stage.time.dateOf(stage.clock.now())
const owed = async () => {
  const [row] = await stage.db.query<{ owed: bigint }>(
    `select coalesce(sum(credits_posted - debits_posted), 0)::int8 as owed
      from account where name = 'biller-payable:power'`,
  )
  return row?.owed
}
test('what both agree on is paid over with its day, once, from the bucket of each who paid', async () => {
  const people = await Promise.all([customer(), customer(), customer()])
  for (const { msisdn } of people) await stage.paid(msisdn, stage.key())
  await stage.settle()
  const date = today()
  expect(await owed()).toBe(3n * 86_40n)
  await until(day + 2 * hour)
  expect(await days()).toEqual([{ day: date, count: 3, paid_over: 3n * 86_40n }])
  expect(await owed()).toBe(0n)
  const lines = await stage.db.query<{ credit: string; amount: bigint }>(
    `select credit_account as credit, amount from transfer where subject = $1`,
    [`power:${date}`],
  )
  expect(new Set(lines.map(({ credit }) => credit))).toEqual(new Set(['bank-clearing:ABC']))
  expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(3n * 86_40n)
  await until(day)
  expect(await days()).toMatchObject([{ count: 0, paid_over: 0n }])
})

test('what was paid over to the biller does not go back to the customer besides', async () => {
  const { msisdn } = await customer()
  const { id: billId } = await stage.paid(msisdn, stage.key())
  await stage.settle()
  await until(day + 2 * hour)
  expect(await stage.billers.bill(billId)).toMatchObject({ paidOverOn: expect.any(String) })
  const finding = { kind: 'returned', reason: 'not_in_file' } as const
  const now = stage.clock.now()
  expect(
    await stage.db.transact((tx) => stage.billers.findOut(tx, { billId, finding, now })),
  ).toEqual({ ok: false, refusal: 'bill_paid_over' })
  expect(await stage.available(msisdn)).toBe(113_60n)
})

test('what people found out is decided in their transaction, with nothing read beside it', async () => {
  const { msisdn } = await customer()
  const { id: billId } = await stage.paid(msisdn, stage.key())
  const finding = { kind: 'returned', reason: 'not_in_file' } as const
  const refresh = () => Promise.reject(new Error('the policy was read inside a transaction'))
  const { findOut } = createBillers({ ...stage.options, refresh })
  const now = stage.clock.now()
  expect(await stage.db.transact((tx) => findOut(tx, { billId, finding, now }))).toMatchObject({
    ...{ ok: true, value: { state: 'refunded' } },
  })
  expect(await stage.available(msisdn)).toBe(200_00n)
})

test('an unknown payment that stands in the file is written off by it', async () => {
  const { msisdn } = await customer()
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.order('lost')
  await stage.settle()
  expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
  const date = today()
  const row = { paymentNo: bill.id, amount: 86_40n, receiptNo: 'F1' }
  stage.power.files((wanted) => (wanted === date ? [row] : []))
  stage.power.asleep(true)
  await until(day + 2 * hour)
  stage.power.asleep(false)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    ...{ state: 'written_off', receiptNo: 'F1', billerDate: date, paidOverOn: date },
  })
  expect(await stage.available(msisdn)).toBe(113_60n)
  expect(await differences(10)).toEqual([])
})

test('one that stands neither in the file of its day nor of the next is refunded, and not before', async () => {
  const { msisdn } = await customer()
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.asleep(true)
  await stage.settle()
  const date = today()
  stage.power.files(() => [])
  await until(day + 2 * hour)
  expect(await days()).toMatchObject([{ day: date }])
  expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
  await until(day)
  stage.power.asleep(false)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    ...{ state: 'refunded', reason: 'not_in_file' },
  })
  expect(await stage.available(msisdn)).toBe(200_00n)
})

test('one that stands in the file of its day with another amount waits for people, and is not refunded', async () => {
  const { msisdn } = await customer()
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.asleep(true)
  await stage.settle()
  const date = today()
  const row = { paymentNo: bill.id, amount: 86_41n, receiptNo: 'F1' }
  stage.power.files((wanted) => (wanted === date ? [row] : []))
  await until(2 * day + 2 * hour)
  expect(await days()).toMatchObject([{ day: stage.time.nextDate(date) }])
  expect(await differences(1)).toMatchObject([{ kind: 'amount', billId: bill.id }])
  expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
  expect(await stage.available(msisdn)).toBe(113_60n)
  stage.power.paid.set(bill.id, { receiptNo: 'F1', date, amount: 86_40n })
  stage.power.asleep(false)
  await until(day)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    state: 'written_off',
    paidOverOn: null,
  })
  disputed += 86_40n
})

test('a file that was never seen proves nothing, nor a day that the biller names afterwards', async () => {
  const { msisdn } = await customer()
  const bill = await stage.paid(msisdn, stage.key())
  stage.power.asleep(true)
  await stage.settle()
  const date = today()
  stage.power.files(() => [])
  // The day of the payment is left out, as if the files of some days had been lost.
  await stage.db.transact((tx) =>
    tx.query(
      `update job set payload = jsonb_build_object('day', $1::text)
      where topic = 'biller.day'`,
      [stage.time.nextDate(date)],
    ),
  )
  await until(2 * day + 2 * hour)
  expect(await days()).toMatchObject([{ day: stage.time.nextDate(date) }])
  expect(await stage.stateOf(bill.id)).toBe('write_off_unknown')
  stage.power.asleep(false)
  stage.power.paid.set(bill.id, { receiptNo: 'R9', date, amount: 86_40n })
  await until(day)
  expect(await stage.billers.bill(bill.id)).toMatchObject({
    state: 'written_off',
    billerDate: date,
  })
  await until(day)
  const [found] = await differences(1)
  expect(found).toMatchObject({ kind: 'missing_there', billId: bill.id })
  disputed += 86_40n
  expect(await owed()).toBe(disputed)
})

test('a file that is late or not to be had keeps the day open, and everything waits for it', async () => {
  const { msisdn } = await customer()
  await stage.paid(msisdn, stage.key())
  await stage.settle()
  const date = today()
  stage.power.files(() => null)
  await until(day + 2 * hour)
  expect(await days()).not.toMatchObject([{ day: date }])
  expect(await owed()).toBe(disputed + 86_40n)
  stage.power.files(null)
  await until(11 * 60_000)
  expect(await days()).toMatchObject([{ day: date, paid_over: 86_40n }])
})

test('what differs is listed, and what is disputed is not paid over', async () => {
  const [a, b, c] = await Promise.all([customer(), customer(), customer()])
  const [missing, dearer, back] = [
    await stage.paid(a.msisdn, stage.key()),
    await stage.paid(b.msisdn, stage.key()),
    await stage.paid(c.msisdn, stage.key()),
  ]
  stage.power.refuseAll(back.id)
  await stage.settle()
  expect(await stage.stateOf(back.id)).toBe('refunded')
  const date = today()
  stage.power.files((wanted) =>
    wanted !== date
      ? []
      : [
          { paymentNo: dearer.id, amount: 86_41n, receiptNo: 'F1' },
          { paymentNo: back.id, amount: 86_40n, receiptNo: 'F2' },
          { paymentNo: 'nobodys', amount: 15_00n, receiptNo: 'F3' },
        ],
  )
  await until(day + 2 * hour)
  const found = await differences(10)
  expect(found.map(({ kind, billId, ours, theirs }) => ({ kind, billId, ours, theirs }))).toEqual(
    expect.arrayContaining([
      { kind: 'missing_there', billId: missing.id, ours: '8640', theirs: null },
      { kind: 'amount', billId: dearer.id, ours: '8640', theirs: '8641' },
      { kind: 'state', billId: back.id, ours: 'refunded', theirs: '8640' },
      { kind: 'missing_here', billId: 'nobodys', ours: null, theirs: '1500' },
    ]),
  )
  expect(found.filter(({ day: of }) => of === date)).toHaveLength(4)
  expect(await days()).toEqual([{ day: date, count: 3, paid_over: 0n }])
  expect(await owed()).toBe(disputed + 2n * 86_40n)
})

test('a reminder asks what is due on its day, tells it once a month, and nothing when nothing is due', async () => {
  const { msisdn } = await customer()
  const keep = { msisdn, biller: 'power', accountNo: '0012345678', label: '家里', remindDay: 20 }
  expect(await stage.billers.keep(keep)).toMatchObject({ ok: true })
  const due = nextReminder(stage.time, stage.clock.now(), 20)
  expect(stage.time.localOf(due)).toMatch(/-20T09:00:00$/)
  stage.clock.advance(due - stage.clock.now() - 1)
  await stage.settle()
  expect(await stage.told(msisdn)).toEqual([])
  await until(1)
  const name = { zh: '江城供电', en: 'Jiangcheng Power' }
  const told = { id: 'bill_due', amount: '8640', name, account: '****5678' }
  expect(await stage.told(msisdn)).toEqual([told])
  const next = nextReminder(stage.time, stage.clock.now(), 20)
  expect(next - due).toBeGreaterThan(27 * day)
  stage.power.nothingDue(true)
  stage.clock.advance(next - stage.clock.now())
  await stage.settle()
  stage.power.nothingDue(false)
  expect(await stage.told(msisdn)).toEqual([told])
  const [account] = await stage.billers.accounts(
    (await stage.wallet.balance(msisdn))?.account.id ?? '',
  )
  await stage.billers.forget({ msisdn, accountId: account?.id ?? '' })
  await until(40 * day)
  expect(await stage.told(msisdn)).toEqual([told])
})

test('a number that is given up keeps nothing, and its bill still ends', async () => {
  const { msisdn } = await customer()
  const keep = { msisdn, biller: 'power', accountNo: '0012345678', label: '家里', remindDay: 3 }
  await stage.billers.keep(keep)
  const bill = await stage.paid(msisdn, stage.key())
  await stage.db.transact(async (tx) => {
    await stage.billers.release(tx, msisdn)
    await stage.wallet.release(tx, msisdn)
  })
  stage.power.refuseAll(bill.id)
  await stage.settle()
  expect(await stage.stateOf(bill.id)).toBe('refunded')
  expect(await stage.told(msisdn)).toEqual([])
  expect(await stage.billers.accounts(bill.walletId)).toEqual([])
})

test('no rule is broken by any of it', async () => {
  expect(await offencesIn(stage.db)).toEqual([])
})
