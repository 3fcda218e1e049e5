/** What codes may pay in a day: exact to the fen, by how each was agreed to, and given back with what was not paid. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createTestCarrier } from '../../../test/carrier.ts'
import { createStage, type Stage } from '../../../test/transfers/stage.ts'
import { createWorld, type World } from '../../../test/world.ts'
import type { CodeProof } from '../risk/index.ts'
import type { CardTerms, Order } from './index.ts'

const dayMs = 86_400_000
const bank = createTestCarrier()
let world: World
let people: Stage
let msisdn = ''
let numbers = 0
beforeAll(async () => {
  world = await createWorld({ policy: { amountMin: 1n }, bank })
  const { db, clock } = world
  people = await createStage({ db, clock })
})
afterAll(async () => {
  await world?.settle()
  expect(await offencesIn(world.db)).toEqual([])
  await world.db.transact((tx) =>
    tx.query(`update limit_counter set used = used - 1 where subject like 'static_code:card:%'`),
  )
  expect((await offencesIn(world.db)).join()).toContain('payment_limits_count_what_was_bought')
  await people?.close()
  await world?.close()
})
beforeEach(async () => {
  numbers += 1
  msisdn = `+861390003${String(numbers).padStart(4, '0')}`
  await people.customer(msisdn, 10_000_00n)
})

const orderOf = (amount: bigint, codeProof: CodeProof): Order => ({
  ...{ msisdn, merchantId: '6021', channel: 'web', consent: 'device', flow: 'charge' },
  what: { amount, goods: { zh: '茶', en: 'Tea' } },
  ...{ source: 'wallet', isPinChecked: true, codeProof },
})
async function pay(amount: bigint, codeProof: CodeProof, more: Partial<Order> = {}) {
  const result = await world.payments.order({ ...orderOf(amount, codeProof), ...more })
  if (result.ok) return 'paid'
  return { refusal: result.refusal, left: result.left }
}
const over = (left: bigint) => ({ refusal: 'over_code_limit', left })

test('example 27: printed codes take 300.00 and 200.00, and not 0.01 more; the next day they do', async () => {
  expect(await pay(300_00n, 'static_code')).toBe('paid')
  expect(await pay(200_01n, 'static_code')).toEqual(over(200_00n))
  expect(await pay(200_00n, 'static_code')).toBe('paid')
  expect(await pay(1n, 'static_code')).toEqual(over(0n))
  expect(await people.available(msisdn)).toBe(9_500_00n)
  world.clock.advance(dayMs)
  expect(await pay(1n, 'static_code')).toBe('paid')
})

test.each([
  ['one_factor', 1_000_00n],
  ['two_factors', 5_000_00n],
] as const)(
  'example 27: %s takes %s a day, whatever other codes have taken',
  async (proof, limit) => {
    expect(await pay(500_00n, 'static_code')).toBe('paid')
    expect(await pay(limit + 1n, proof)).toEqual(over(limit))
    expect(await pay(limit, proof)).toBe('paid')
    expect(await pay(1n, proof)).toEqual(over(0n))
  },
)

test('what began without a code is not counted', async () => {
  const { codeProof: _, ...plain } = orderOf(600_00n, 'static_code')
  expect((await world.payments.order(plain)).ok).toBe(true)
  expect(await pay(500_00n, 'static_code')).toBe('paid')
})

test('the day is the operator’s: it ends at midnight in Shanghai', async () => {
  const { clock, time } = world
  const tomorrow = time.startOf(time.nextDate(time.dateOf(clock.now())))
  clock.advance(tomorrow - 1 - clock.now())
  expect(await pay(500_00n, 'static_code')).toBe('paid')
  expect(await pay(1n, 'static_code')).toEqual(over(0n))
  clock.advance(1)
  expect(await pay(500_00n, 'static_code')).toBe('paid')
})

test('what comes back on its day gives its room back, and later none', async () => {
  const placed = await world.payments.order(orderOf(500_00n, 'static_code'))
  if (!placed.ok) throw new Error(placed.refusal)
  const refund = { paymentId: placed.value.payment.id, msisdn, reason: 'broken' }
  await world.payments.refund({ ...refund, amount: 100_00n })
  expect(await pay(100_01n, 'static_code')).toEqual(over(100_00n))
  expect(await pay(100_00n, 'static_code')).toBe('paid')
  world.clock.advance(dayMs)
  expect(await pay(450_00n, 'static_code')).toBe('paid')
  await world.payments.refund(refund)
  expect(await pay(50_01n, 'static_code')).toEqual(over(50_00n))
})

test('a question that was refused or ran out has taken nothing; one answered too late says what is left', async () => {
  const { isPinChecked: _, ...question } = orderOf(400_00n, 'static_code')
  const ask = async () => {
    const asked = await world.payments.order({ ...question, consent: 'app', replyMs: 60_000 })
    if (!asked.ok) throw new Error(asked.refusal)
    return { paymentId: asked.value.payment.id, msisdn }
  }
  await world.payments.cancel(await ask())
  await ask()
  world.clock.advance(120_000)
  await world.settle()
  const late = await ask()
  expect(await pay(450_00n, 'static_code')).toBe('paid')
  expect(await world.payments.approve(late)).toEqual({ ok: false, refusal: 'over_code_limit' })
  const told = (await world.texts(msisdn)).find(({ id }) => id === 'W3')
  expect(told?.text).toContain('超过今日扫码限额（剩余50.00元）')
})

describe('by card', () => {
  const card = (n: number): CardTerms => ({
    ...{ id: `019a0000-0000-7000-8000-00000000000${n}`, bank: 'b', last4: '6215' },
    ...{ bankName: { zh: '银行', en: 'Bank' }, single: 9_000_00n, day: 9_000_00n },
  })
  async function byCard(amount: bigint, terms: CardTerms) {
    const { source: _, ...order } = orderOf(amount, 'static_code')
    const result = await world.payments.order({ ...order, card: terms })
    await world.settle()
    return result.ok ? (await world.payments.get(result.value.payment.id))?.state : result.refusal
  }

  test('each has its own day, and what the bank refuses gives its room back', async () => {
    expect(await pay(500_00n, 'static_code')).toBe('paid')
    bank.script('charge', { kind: 'refuse', reason: 'low_credit' })
    expect(await byCard(500_00n, card(1))).toBe('charge_failed')
    expect(await byCard(500_00n, card(1))).toBe('delivering')
    expect(await byCard(1n, card(1))).toBe('over_code_limit')
    expect(await byCard(500_00n, card(2))).toBe('delivering')
  })
})
