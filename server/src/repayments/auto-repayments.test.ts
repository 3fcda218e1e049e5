/** Bills repaid by themselves: told before, tried twice, never more than is due, and never silently. */
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ConsumerStage, openConsumerStage } from '../../test/consumer-stage.ts'
import { saveBill } from '../bank-cards/bill-store.ts'
import { readBinding } from '../bank-cards/binding-store.ts'
import { type CardBill, createBillReminders, createCardBills } from '../bank-cards/index.ts'
import type { Worker } from '../db/index.ts'
import { createBusinessTime } from '../kernel/index.ts'
import { readRepaid } from '../wallet/index.ts'
import { type AutoRepayment, stepOf } from './auto-repayment.ts'
import { type AutoNotice, createAutoRepayments } from './auto-repayments.ts'

const time = createBusinessTime()
const at = (text: string) => Date.parse(`${text}:00+08:00`)
const day = 86_400_000

let stage: ConsumerStage
let auto: Worker
let reminders: Worker
const told: string[] = []
/** What comes between the question to the bank and the decision. */
let whenAsked: (bindingId: string) => Promise<void>

const told1 = (notice: AutoNotice) =>
  notice.kind === 'ahead'
    ? `ahead ${notice.amount} ${notice.owed}`
    : `failed ${notice.why === 'missed' ? 'missed' : notice.why.refusal}${notice.isLast ? ', last' : ''}`
const note = (what: string) =>
  void told.push(`${time.localOf(stage.clock.now()).slice(5, 16)} ${what}`)

beforeAll(async () => {
  stage = await openConsumerStage({ engine: 'postgres' })
  const { db, clock, desk } = stage
  const onError = (error: unknown) => {
    throw error
  }
  const bills = createCardBills({ clock, time })
  whenAsked = async () => {}
  auto = createAutoRepayments({
    ...{ db, clock, time, bills, onError, find: readBinding },
    ...{ repayments: desk.cardBills, wallet: stage.wallet },
    asking: {
      async ask(id) {
        await whenAsked(id)
        return { outcome: 'silent' }
      },
    },
    tell: async (_, notice) => note(told1(notice)),
  })
  reminders = createBillReminders({
    ...{ db, clock, time, onError },
    repaid: async (reader, bill) => (await readRepaid(reader, [bill]))(bill),
    tell: (_, { reminder, bill }) => note(`reminder ${reminder} ${bill.left}`),
  })
  await Promise.all([auto.stop(), reminders.stop()])
})
afterAll(() => stage?.close())

let month = 0
/** Each in a month of its own, so that nobody else has anything due. */
async function owner(balance: bigint, amount: 'full' | 'minimum' | null) {
  month += 1
  const billed = `2027-${String(month).padStart(2, '0')}`
  stage.clock.set(at(`${billed}-06T08:00`))
  const { msisdn } = await stage.newCustomer(balance)
  const credit = await stage.bindCredit(msisdn)
  const bill: CardBill = {
    ...{ bindingId: credit, billedOn: `${billed}-05`, dueOn: `${billed}-25`, amount: 500_00n },
    ...{ minimum: 50_00n, paid: 0n, source: 'bank', askedAt: stage.clock.now(), told: 0 },
  }
  await stage.db.transact((tx) => saveBill(tx, bill, stage.clock.now()))
  const order = async (wanted: 'full' | 'minimum' | null) =>
    stage.desk.cardBills.setAuto({ id: credit, msisdn }, wanted)
  if (amount !== null) expect(await order(amount)).toMatchObject({ ok: true })
  return { msisdn, credit, order, on: (date: number) => `${billed}-${date}` }
}

/** Lets time pass an hour at a time; what was told on the way, without month. */
async function until(text: string): Promise<string[]> {
  for (;;) {
    await auto.step()
    await reminders.step()
    await stage.wallets.settle()
    const left = at(text) - stage.clock.now()
    if (left <= 0) return told.splice(0).map((one) => one.slice(3))
    stage.clock.advance(Math.min(3_600_000, left))
  }
}
const repaid = async (bindingId: string) =>
  (await readRepaid(stage.db, [{ bindingId, askedAt: 0 }]))({ bindingId }).paid

test('told a day before, repaid in full on the due day at nine, and then nothing more', async () => {
  const { credit, on } = await owner(600_00n, 'full')
  stage.clock.set(at(`${on(24)}T06:00`))
  expect(await until(`${on(25)}T08:00`)).toEqual(['24T10:00 ahead full 50000'])
  expect(await repaid(credit)).toBe(0n)
  expect(await until(`${on(28)}T08:00`)).toEqual([])
  expect(await repaid(credit)).toBe(500_00n)
})

test('the minimum alone, less what was paid by hand', async () => {
  const { msisdn, credit, on } = await owner(600_00n, 'minimum')
  const order = { msisdn, cardId: credit, amount: 20_00n, channel: 'sms' } as const
  expect(await stage.wallet.repay({ ...order, key: 'by hand' })).toMatchObject({ ok: true })
  await stage.wallets.settle()
  stage.clock.set(at(`${on(24)}T06:00`))
  expect(await until(`${on(26)}T08:00`)).toEqual(['24T10:00 ahead minimum 3000'])
  expect(await repaid(credit)).toBe(50_00n)
})

test('without the money it is tried twice and told twice, and no more', async () => {
  const { credit, on } = await owner(100_00n, 'full')
  stage.clock.set(at(`${on(24)}T06:00`))
  expect(await until(`${on(28)}T08:00`)).toEqual([
    '24T10:00 ahead full 50000',
    '25T09:00 failed low_balance',
    '25T15:00 failed low_balance, last',
  ])
  expect(await repaid(credit)).toBe(0n)
})

test('the second time it may be there; and a machine that slept says what it missed', async () => {
  const { msisdn, credit, on } = await owner(100_00n, 'full')
  stage.clock.set(at(`${on(24)}T06:00`))
  await until(`${on(25)}T10:00`)
  const cash = { msisdn, till: 't1', channel: 'counter' } as const
  await stage.wallet.cashIn({ ...cash, amount: 900_00n, key: 'more' })
  expect(await until(`${on(26)}T10:00`)).toEqual([])
  expect(await repaid(credit)).toBe(500_00n)
  const late = await owner(900_00n, 'full')
  stage.clock.set(at(`${late.on(26)}T06:00`))
  expect(await until(`${late.on(26)}T07:00`)).toEqual(['26T06:00 failed missed, last'])
  expect(await repaid(late.credit)).toBe(0n)
})

test('what was paid elsewhere since is not paid again: the bank is asked first', async () => {
  const { credit, on } = await owner(900_00n, 'full')
  stage.clock.set(at(`${on(25)}T08:00`))
  await until(`${on(25)}T08:30`)
  whenAsked = async (bindingId) => {
    const [row] = await stage.db.query<{ minimum: bigint }>(
      'select minimum from bank_card_bill where binding_id = $1',
      [bindingId],
    )
    const bill: Omit<CardBill, 'askedAt'> = {
      ...{ bindingId, billedOn: on(25).replace('-25', '-05'), dueOn: on(25), amount: 500_00n },
      ...{ minimum: row?.minimum ?? 0n, paid: 480_00n, source: 'bank', told: 4 },
    }
    const now = stage.clock.now()
    await stage.db.transact((tx) => saveBill(tx, { ...bill, askedAt: now }, now))
  }
  await until(`${on(26)}T08:00`)
  whenAsked = async () => {}
  expect(await repaid(credit)).toBe(20_00n)
})

test('taken back, nothing is repaid; for an unbound card the order ends', async () => {
  const { credit, order, on } = await owner(900_00n, 'full')
  await order(null)
  stage.clock.set(at(`${on(24)}T06:00`))
  expect(await until(`${on(26)}T08:00`)).toEqual([])
  expect(await repaid(credit)).toBe(0n)
  await order('full')
  await stage.db.transact(async (tx) => {
    await tx.query(`update bank_card set state = 'unbound', ended_at = 1 where id = $1`, [credit])
  })
  await until(`${on(26)}T09:00`)
  expect(await stage.desk.cardBills.autoOf(stage.db, credit)).toBeNull()
})

test('a repayment by hand, the one by itself and a reminder in the same moment pay the bill once', async () => {
  const { msisdn, credit, on } = await owner(2_000_00n, 'full')
  stage.clock.set(at(`${on(24)}T10:00`))
  await until(`${on(25)}T08:59`)
  stage.clock.set(at(`${on(25)}T10:00`))
  await stage.db.transact(async (tx) => {
    await tx.query(
      `insert into job (bucket, topic, subject, due_at, first_due_at, payload)
       select bucket, 'bank_card.bill', binding_id::text, 0, 0, '{}' from bank_card_bill
       where binding_id = $1`,
      [credit],
    )
  })
  const hand = (key: string) =>
    stage.wallet.repay({ msisdn, cardId: credit, amount: 300_00n, channel: 'web', key })
  await Promise.all([hand('one'), hand('two'), auto.step(), reminders.step()])
  await until(`${on(26)}T08:00`)
  // Whoever comes first: what the others leave, the second try pays.
  expect(await repaid(credit)).toBe(500_00n)
})

test('what is owed only after the hour of telling is told first, and paid at the last hour', () => {
  const bill = { billedOn: '2026-12-05', dueOn: '2026-12-25', leastLeft: 0n }
  const kept = { bindingId: '', amount: 'full', setAt: 0, billedOn: null, step: 0 } as const
  const step = (left: bigint, when: string, before: number) =>
    stepOf({ ...kept, billedOn: '2026-12-05', step: before }, { ...bill, left } as never, {
      ...{ now: at(when), time },
    })
  expect(step(0n, '2026-12-24T10:00', 0)).toMatchObject({ act: null, step: 0 })
  expect(step(5n, '2026-12-25T09:00', 0)).toMatchObject({ act: 'tell', step: 2 })
  expect(step(5n, '2026-12-25T15:00', 2)).toMatchObject({ act: 'pay', step: 3 })
})

test('however often it wakes and whatever it meets: told before paid, two tries a bill, within the bill', () => {
  const sum = fc.bigInt(0n, 300n)
  const wake = fc.record({ hours: fc.nat(30), left: sum, minimum: sum })
  fc.assert(
    fc.property(
      fc.constantFrom('full' as const, 'minimum' as const),
      fc.array(wake, { maxLength: 40 }),
      (amount, wakes) => {
        let kept: AutoRepayment = { bindingId: '', amount, setAt: 0, billedOn: null, step: 0 }
        let now = at('2026-12-20T08:00')
        const acts: string[] = []
        for (const { hours, left, minimum } of wakes) {
          now += (hours * day) / 24
          const bill = { billedOn: '2026-12-05', dueOn: '2026-12-25', left, leastLeft: minimum }
          const { act, owed, step } = stepOf(kept, bill as never, { now, time })
          expect(owed).toBe(amount === 'full' ? left : minimum)
          expect(step).toBeGreaterThanOrEqual(kept.step)
          if (act !== null) {
            acts.push(act)
            expect(owed).toBeGreaterThan(0n)
          }
          if (act === 'pay') expect(time.dateOf(now)).toBe('2026-12-25')
          kept = { ...kept, billedOn: '2026-12-05', step }
        }
        expect(acts.join(' ')).toMatch(/^(tell)?( ?pay){0,2}( ?missed)?$/)
        if (acts.includes('pay')) expect(acts[0]).toBe('tell')
      },
    ),
  )
})
