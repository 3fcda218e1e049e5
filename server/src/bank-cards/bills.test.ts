/** A bill is reminded of on its days, each time once, until it is paid. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../../../test/database.ts'
import { type BindingStage, bindingStage, panOf } from '../../test/bank/binding-stage.ts'
import type { Worker } from '../db/index.ts'
import { createBusinessTime, Secret } from '../kernel/index.ts'
import { askAgainAt, type CardBill, minimumOf, nextBillDay, standingOf } from './bill.ts'
import { createBillReminders } from './bill-reminders.ts'
import { billTopics, type CardBills, createCardBills, type EnteredBill } from './bills.ts'

const time = createBusinessTime('Asia/Shanghai')
const at = (text: string) => Date.parse(`${text}:00+08:00`)

describe('bills of credit cards', () => {
  let stage: BindingStage
  let bills: CardBills
  let reminders: Worker
  const told: string[] = []
  /** What the wallet has repaid since. */
  const repaid = new Map<string, { paid: bigint; onTheWay: bigint }>()
  let serial = 0

  beforeAll(async () => {
    stage = await bindingStage({ engine: engines[0] ?? 'postgres' })
    bills = createCardBills({ ...stage, time })
    reminders = createBillReminders({
      ...{ ...stage, time },
      repaid: async (_, { bindingId }) => repaid.get(bindingId) ?? { paid: 0n, onTheWay: 0n },
      tell: (_, { reminder, bill }) =>
        void told.push(`${time.localOf(stage.clock.now()).slice(5, 16)} ${reminder} ${bill.left}`),
      onError: (error) => {
        throw error
      },
    })
    await reminders.stop()
  })
  afterAll(() => stage?.close())

  const enter = (bindingId: string, rest: Partial<EnteredBill> = {}) =>
    stage.db.transact((tx) =>
      bills.enter(tx, {
        ...{ bindingId, billedOn: '2026-12-05', dueOn: '2026-12-25', amount: 1_234_56n },
        ...rest,
      }),
    )
  const bankBill = {
    ...{ billedOn: '2026-12-05', dueOn: '2026-12-25', amount: 1_000_00n },
    ...{ minimum: 50_00n, paid: 0n },
  }
  const bankSays = (bindingId: string, paid: bigint, askedAt = stage.clock.now()) =>
    stage.db.transact((tx) => bills.told(tx, bindingId, { bill: { ...bankBill, paid }, askedAt }))
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
    expect(
      await db.query('select due_at from job where subject = $1 and topic = $2', [
        id,
        billTopics.remind,
      ]),
    ).toEqual([])
    expect(await bills.newest(db, id)).toMatchObject({ billedOn: '2026-12-05', told: 4 })
  })

  test('paid in part it goes on, paid in full it stops, and the next bill begins anew', async () => {
    stage.clock.set(at('2026-12-20T08:00'))
    const { id } = await card()
    await enter(id)
    repaid.set(id, { paid: 1_000_00n, onTheWay: 0n })
    expect(await until('2026-12-23T08:00')).toEqual([
      ...['12-20T08:00 ready 23456', '12-22T10:00 in_three_days 23456'],
    ])
    repaid.set(id, { paid: 1_234_56n, onTheWay: 0n })
    expect(await until('2026-12-28T08:00')).toEqual([])
    stage.clock.set(at('2027-01-06T08:00'))
    repaid.delete(id)
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
    ['a day that never was', { billedOn: '2026-02-30' }, 'dates_invalid'],
    ['made tomorrow', { billedOn: '2027-03-02', dueOn: '2027-03-25' }, 'dates_invalid'],
    ['due years later', { dueOn: '2028-12-25' }, 'dates_invalid'],
  ])('%s is refused', async (_, rest, refusal) => {
    stage.clock.set(at('2027-03-01T08:00'))
    const { id } = await card()
    expect(await enter(id, rest)).toEqual({ ok: false, refusal })
    expect(await bills.newest(stage.db, id)).toBeUndefined()
  })

  test('while all that is left is on its way nothing is said, and it is if it comes back', async () => {
    stage.clock.set(at('2026-12-06T08:00'))
    const { id } = await card()
    await enter(id)
    repaid.set(id, { paid: 0n, onTheWay: 1_234_56n })
    expect(await until('2026-12-23T08:00')).toEqual([])
    repaid.delete(id)
    expect(await until('2026-12-25T08:00')).toEqual(['12-24T10:00 tomorrow 123456'])
  })

  test('the bank’s word takes the place of the customer’s, and an older one of it changes nothing', async () => {
    stage.clock.set(at('2026-12-06T08:00'))
    const { id } = await card()
    await enter(id)
    const { clock, db } = stage
    clock.advance(1_000)
    await bankSays(id, 300_00n)
    expect(await bills.newest(db, id)).toMatchObject({
      ...{ amount: 1_000_00n, minimum: 50_00n, paid: 300_00n, source: 'bank' },
    })
    expect(await enter(id)).toEqual({ ok: false, refusal: 'bank_says_otherwise' })
    await bankSays(id, 200_00n, clock.now() - 1)
    expect(await bills.newest(db, id)).toMatchObject({ paid: 300_00n })
    await bankSays(id, 400_00n, clock.now() + 1)
    expect(await bills.newest(db, id)).toMatchObject({ paid: 400_00n })
  })

  test('entered again by the customer, what was repaid since the first time still counts', async () => {
    stage.clock.set(at('2026-12-06T08:00'))
    const { id } = await card()
    const first = await enter(id)
    stage.clock.advance(3_600_000)
    expect(await enter(id, { amount: 1_300_00n })).toMatchObject({
      value: { amount: 1_300_00n, askedAt: first.ok && first.value.askedAt },
    })
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

test('a bill as it stands: what may be counted twice is, and nothing is below nothing', () => {
  const sum = fc.bigInt(0n, 500n)
  fc.assert(
    fc.property(sum, sum, sum, sum, (amount, told, paid, onTheWay) => {
      const bill: CardBill = {
        ...{ bindingId: '', billedOn: '2026-12-05', dueOn: '2026-12-25', amount: amount + 1n },
        ...{
          minimum: minimumOf(amount + 1n),
          paid: told,
          source: 'bank' as const,
          askedAt: 0,
          told: 0,
        },
      }
      const { left, leastLeft, paid: shown } = standingOf(bill, { paid, onTheWay })
      const gone = told + paid + onTheWay
      expect(left).toBe(gone > bill.amount ? 0n : bill.amount - gone)
      expect(leastLeft).toBe(gone > bill.minimum ? 0n : bill.minimum - gone)
      expect(shown).toBeLessThanOrEqual(bill.amount)
    }),
  )
})

test('the bank is asked daily without a bill, before each reminder, and when the next one may be made', () => {
  const bindingId = '019a0000-0000-7000-8000-000000000001'
  const bill: CardBill = {
    ...{ bindingId, billedOn: '2026-12-05', dueOn: '2026-12-25', amount: 1n, minimum: 1n },
    ...{ paid: 0n, source: 'bank' as const, askedAt: 0, told: 0 },
  }
  const next = (now: string, one?: typeof bill) =>
    time.localOf(askAgainAt(one, { bindingId, now: at(now), time })).slice(0, 13)
  expect(next('2026-12-06T12:00')).toBe('2026-12-07T07')
  let now = '2026-12-06T12:00'
  const days = Array.from({ length: 6 }, () => {
    now = `${next(now, bill).slice(0, 10)}T12:00`
    return now.slice(0, 10)
  })
  expect(days).toEqual([
    ...['2026-12-22', '2026-12-24', '2026-12-25', '2027-01-06', '2027-01-07', '2027-01-08'],
  ])
})

test('the next bill is made on the same day, also in months that are too short for it', () => {
  expect(['2026-12-05', '2027-01-31', '2028-01-31', '2026-11-30'].map(nextBillDay)).toEqual([
    ...['2027-01-05', '2027-02-28', '2028-02-29', '2026-12-30'],
  ])
})

test('the minimum is ten per cent, rounded up and never more than the amount', () => {
  expect([1n, 10n, 11n, 1_234_56n].map(minimumOf)).toEqual([1n, 1n, 2n, 123_46n])
})
