/** A bill is reminded of on its days, each time once, until it is paid. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { type BindingStage, bindingStage, panOf } from '../../test/bank/binding-stage.ts'
import type { Worker } from '../db/index.ts'
import { createBusinessTime, Secret } from '../kernel/index.ts'
import { billDates, minimumOf } from './bill.ts'
import { type CardBills, createBillReminders, createCardBills } from './bills.ts'

const time = createBusinessTime('Asia/Shanghai')
const at = (text: string) => Date.parse(`${text}:00+08:00`)

describe('bills of credit cards', () => {
  let stage: BindingStage
  let bills: CardBills
  let reminders: Worker
  const told: string[] = []
  let serial = 0

  beforeAll(async () => {
    stage = await bindingStage({ engine: engines[0] ?? 'postgres' })
    bills = createCardBills(stage)
    reminders = createBillReminders({
      ...{ ...stage, time },
      tell: (_, { reminder, bill }) =>
        void told.push(
          `${time.localOf(stage.clock.now()).slice(5, 16)} ${reminder} ${bill.amount}`,
        ),
      onError: (error) => {
        throw error
      },
    })
    await reminders.stop()
  })
  afterAll(() => stage?.close())

  const enter = (bindingId: string, rest: Partial<Parameters<CardBills['enter']>[1]> = {}) =>
    stage.db.transact((tx) =>
      bills.enter(tx, {
        ...{ bindingId, billedOn: '2026-12-05', dueOn: '2026-12-25', amount: 1_234_56n },
        ...{ source: 'customer', ...rest },
      }),
    )
  const repaid = (bindingId: string, amount: bigint) =>
    stage.db.transact((tx) => bills.repaid(tx, { bindingId, amount }))
  async function card() {
    serial += 1
    const msisdn = await stage.number(`+86135${String(serial).padStart(8, '0')}`, 'zhang')
    return stage.bound(msisdn, panOf('999002', serial, 16), { expiry: new Secret('3012') })
  }
  /** Lets time pass an hour at a time; the worker looks every hour. */
  async function until(text: string): Promise<string[]> {
    while (stage.clock.now() < at(text)) {
      await reminders.step()
      stage.clock.advance(Math.min(3_600_000, at(text) - stage.clock.now()))
    }
    await reminders.step()
    return told.splice(0)
  }

  test('a bill is told when it is known, three days and one day before, and on the day at ten', async () => {
    const { clock, db } = stage
    clock.set(at('2026-12-06T08:00'))
    const { id } = await card()
    expect(await enter(id)).toMatchObject({ value: { minimum: 123_46n, paid: 0n } })
    // Entered once more, it is not told once more.
    expect(await until('2026-12-07T08:00')).toEqual(['12-06T08:00 ready 123456'])
    await enter(id)
    expect(await until('2026-12-28T08:00')).toEqual([
      '12-22T10:00 in_three_days 123456',
      '12-24T10:00 tomorrow 123456',
      '12-25T10:00 today 123456',
    ])
    expect(await db.query('select due_at from job where subject = $1', [id])).toEqual([])
    expect(await bills.billsOf(db, id)).toMatchObject([{ billedOn: '2026-12-05', told: 4 }])
  })

  test('paid in part it goes on, paid in full it stops, and the next bill begins anew', async () => {
    stage.clock.set(at('2026-12-20T08:00'))
    const { id } = await card()
    await enter(id)
    expect(await repaid(id, 1_000_00n)).toMatchObject({ value: { paid: 1_000_00n } })
    expect(await until('2026-12-23T08:00')).toEqual([
      ...['12-20T08:00 ready 123456', '12-22T10:00 in_three_days 123456'],
    ])
    expect(await repaid(id, 234_56n)).toMatchObject({ value: { paid: 1_234_56n } })
    expect(await until('2026-12-28T08:00')).toEqual([])
    stage.clock.set(at('2027-01-06T08:00'))
    await enter(id, { billedOn: '2027-01-05', dueOn: '2027-01-25', amount: 9_00n })
    expect(await until('2027-01-22T11:00')).toEqual([
      ...['01-06T08:00 ready 900', '01-22T10:00 in_three_days 900'],
    ])
    expect(await stage.db.transact((tx) => stage.bindings.unbind(tx, id))).toMatchObject({
      ok: true,
    })
    expect(await until('2027-01-26T11:00')).toEqual([])
  })

  test('what is late is not said as if it were not', async () => {
    stage.clock.set(at('2026-12-24T12:00'))
    const { id } = await card()
    await enter(id)
    expect(await until('2026-12-26T08:00')).toEqual([
      ...['12-24T12:00 ready 123456', '12-25T10:00 today 123456'],
    ])
    // The machine was off for days.
    stage.clock.set(at('2027-02-06T08:00'))
    await enter(id, { billedOn: '2027-02-05', dueOn: '2027-02-25' })
    await reminders.step()
    stage.clock.set(at('2027-02-23T09:00'))
    expect(await until('2027-02-26T08:00')).toEqual([
      ...['02-06T08:00 ready 123456', '02-24T10:00 tomorrow 123456', '02-25T10:00 today 123456'],
    ])
    // Over before it was known.
    await enter(id, { billedOn: '2027-02-06', dueOn: '2027-02-20' })
    expect(await until('2027-02-28T08:00')).toEqual([])
  })

  test.each([
    ['nothing owed', { amount: 0n }, 'amount_invalid'],
    ['less than nothing as a minimum', { minimum: -1n }, 'amount_invalid'],
    ['a minimum above the amount', { minimum: 1_234_57n }, 'amount_invalid'],
    ['due on the day of the bill', { dueOn: '2026-12-05' }, 'dates_invalid'],
    ['a day that never was', { dueOn: '2027-02-30' }, 'dates_invalid'],
  ])('%s is refused', async (_, rest, refusal) => {
    const { id } = await card()
    expect(await enter(id, rest)).toEqual({ ok: false, refusal })
    expect(await repaid(id, 1n)).toEqual({ ok: false, refusal: 'no_bill' })
  })

  test('a debit card, a draft and a card that is not there have no bills', async () => {
    serial += 1
    const msisdn = await stage.number(`+86135${String(serial).padStart(8, '0')}`, 'zhang')
    const debit = await stage.bound(msisdn, panOf('999001', serial))
    const expiry = new Secret('3012')
    const draft = await stage.draft(msisdn, panOf('999002', 900, 16), { expiry })
    expect(await enter(debit.id)).toMatchObject({ refusal: 'not_a_credit_card' })
    expect(await enter(draft.id)).toMatchObject({ refusal: 'state_differs' })
    expect(await enter(stage.ids.next(3, 0))).toMatchObject({ refusal: 'unknown_binding' })
  })
})

test('bill day and due day give dates, also in months that are too short for them', () => {
  expect(billDates({ billDay: 5, dueDay: 25 }, '2026-12-05')).toEqual({
    ...{ billedOn: '2026-12-05', dueOn: '2026-12-25' },
  })
  expect(billDates({ billDay: 20, dueDay: 8 }, '2026-12-19')).toEqual({
    ...{ billedOn: '2026-11-20', dueOn: '2026-12-08' },
  })
  expect(billDates({ billDay: 31, dueDay: 31 }, '2027-03-01')).toEqual({
    ...{ billedOn: '2027-02-28', dueOn: '2027-03-31' },
  })
  const day = fc.integer({ min: 1, max: 31 })
  const date = fc
    .date({ min: new Date('2024-01-01'), max: new Date('2029-12-31'), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10))
  fc.assert(
    fc.property(day, day, date, (billDay, dueDay, on) => {
      const { billedOn, dueOn } = billDates({ billDay, dueDay }, on)
      const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000
      expect(days(billedOn, on)).toBeGreaterThanOrEqual(0)
      expect(days(billedOn, on)).toBeLessThanOrEqual(31)
      expect(days(billedOn, dueOn)).toBeGreaterThan(0)
      expect(days(billedOn, dueOn)).toBeLessThanOrEqual(61)
    }),
  )
})

test('the minimum is ten per cent, rounded up and never more than the amount', () => {
  expect([1n, 10n, 11n, 1_234_56n].map(minimumOf)).toEqual([1n, 1n, 2n, 123_46n])
})
