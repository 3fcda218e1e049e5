/** Purchases by card: the same life as from the phone bill, with another payer, other limits, and a PIN for a yes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createTestCarrier, type TestCarrier } from '../../../test/carrier.ts'
import { alice, createWorld, tenOClock, type World } from '../../../test/world.ts'
import { accountBalances } from '../ledger/index.ts'
import { chargingCarriers } from '../settlement/charging-store.ts'
import type { CardTerms, Order } from './index.ts'

const card: CardTerms = {
  id: '019a0000-0000-7000-8000-000000000001',
  bank: 'jiangcheng',
  bankName: { zh: '江城银行', en: 'Jiangcheng Bank' },
  last4: '6215',
  single: 1_000_00n,
  day: 1_200_00n,
}
const ask: Order = {
  msisdn: alice,
  merchantId: '6021',
  what: { product: '100' },
  channel: 'sms',
  consent: 'pin',
  flow: 'charge',
  card,
}
const amountOf = (fen: bigint): Order => ({
  ...ask,
  channel: 'api',
  consent: 'token',
  what: { amount: fen, goods: { zh: '手机', en: 'Phone' } },
})

describe('by card', () => {
  let world: World
  let bank: TestCarrier
  beforeEach(async () => {
    bank = createTestCarrier()
    world = await createWorld({ bank })
  })
  afterEach(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await world.close()
  })

  async function placed(order: Order) {
    const result = await world.payments.order(order)
    if (!result.ok) throw new Error(result.refusal)
    return result.value.payment
  }
  const approve = ({ id: paymentId }: { id: string }, terms = card) =>
    world.payments.approve({ paymentId, msisdn: alice, card: terms })
  const balance = async (name: string) => {
    const rows = await accountBalances(world.db, { names: [name] })
    return rows.reduce((sum, row) => sum + row.debitsPosted - row.creditsPosted, 0n)
  }

  test('the question asks for the PIN from a number of its own; the yes takes the money from the bank', async () => {
    const payment = await placed(ask)
    const [question] = await world.texts(alice)
    expect(question?.from).toBe('1065800880003900')
    expect(question?.text).toBe(
      '星游：点卡10元，10.00元，江城银行卡尾号6215付。回6位支付密码确认，30分钟内有效，回N取消。客服400-000-0121',
    )
    expect(await approve(payment)).toMatchObject({ ok: true })
    await world.settle()
    expect(await world.payments.get(payment.id)).toMatchObject({
      state: 'delivering',
      source: 'card',
    })
    expect((await world.texts(alice)).at(-1)?.text).toBe(
      `已付10.00元：星游 点卡10元，江城银行卡尾号6215，单号${payment.orderNo}。疑问拨400-000-0121`,
    )
    expect(bank.total()).toBe(10_00n)
    expect(world.carrier.total()).toBe(0n)
    expect(await balance('bank-clearing:jiangcheng')).toBe(10_00n)
    expect(await balance('merchant-pending:6021')).toBe(-10_00n)
  })

  test('the same text again asks again, under whichever key; from the bill it is another purchase', async () => {
    const key = (name: string) => ({ scope: 'card-text', key: name, contentHash: 'a' })
    const first = await placed({ ...ask, keys: [key('m1')] })
    const again = await placed({ ...ask, keys: [key('m2')] })
    const third = await placed({ ...ask, keys: [key('m2')] })
    expect([again.id, third.id]).toEqual([first.id, first.id])
    expect((await world.texts(alice)).map((text) => text.id)).toEqual(['C1', 'C1'])
    await world.text(alice, '1065800886021', '100')
    expect((await world.texts(alice)).map((text) => text.id)).toEqual(['C1', 'C1', 'T1'])
  })

  test('neither a plain yes nor another card is the PIN', async () => {
    const payment = await placed(ask)
    await world.text(alice, '1065800880003900', 'Y')
    await world.text(alice, '1065800880003900', '123456')
    expect(await approve(payment, { ...card, id: card.id.replace(/1$/, '2') })).toMatchObject({
      refusal: 'not_allowed_now',
    })
    await world.settle()
    expect(await world.payments.get(payment.id)).toMatchObject({ state: 'awaiting_confirm' })
    expect(bank.total()).toBe(0n)
  })

  test('without a card that can pay it is refused, but after every graver reason, and recorded', async () => {
    const none = { ...ask, card: null }
    const refused = await world.payments.order(none)
    expect(refused).toMatchObject({ refusal: 'card_unavailable', payment: { state: 'refused' } })
    world.carrier.script('line', { kind: 'refuse', reason: 'line_suspended' })
    const unknown = '+8613900019999' as Order['msisdn']
    expect(await world.payments.order({ ...none, msisdn: unknown })).toMatchObject({
      refusal: 'number_unknown',
    })
  })

  test('a purchase from the bill cannot be approved with a PIN', async () => {
    const { card: _, ...fromBill } = ask
    const payment = await placed({ ...fromBill, consent: 'reply' })
    expect(await approve(payment)).toMatchObject({ refusal: 'not_allowed_now' })
  })

  test('the limits are those of the card, and leave the phone bill alone', async () => {
    expect(await world.payments.order(amountOf(1_000_01n))).toMatchObject({
      refusal: 'card_over_single_limit',
    })
    await placed(amountOf(1_000_00n))
    expect(await world.payments.order(amountOf(200_01n))).toMatchObject({
      refusal: 'card_over_day_limit',
    })
    await placed(amountOf(200_00n))
    const { card: _, ...fromBill } = ask
    await placed({ ...fromBill, consent: 'token', channel: 'api' })
    await world.settle()
    expect(bank.total()).toBe(1_200_00n)
    expect(world.carrier.total()).toBe(10_00n)
  })

  test('what a card may pay is judged again at the yes, by what is known then', async () => {
    const payment = await placed(ask)
    expect(await approve(payment, { ...card, single: 9_99n })).toMatchObject({
      refusal: 'card_over_single_limit',
    })
    expect(await world.payments.get(payment.id)).toMatchObject({ state: 'refused' })
  })

  test('an answer that never came: asked about, undone, the room given back, and never told as failed before', async () => {
    bank.script('charge', { kind: 'lose_request' })
    const payment = await placed(amountOf(1_000_00n))
    await world.settle()
    expect(await world.payments.get(payment.id)).toMatchObject({ state: 'charge_unknown' })
    expect((await world.texts(alice)).map((text) => text.id)).toEqual(['T3'])
    expect(await world.payments.order(amountOf(500_00n))).toMatchObject({
      refusal: 'card_over_day_limit',
    })
    await bank.reverse(payment.chargeId ?? '')
    bank.charges.set(payment.chargeId ?? '', { amount: 0n, state: 'reversed', refunded: 0n })
    world.clock.advance(6_000)
    await world.settle()
    expect(await world.payments.get(payment.id)).toMatchObject({ state: 'charge_failed' })
    expect(await balance('bank-clearing:jiangcheng')).toBe(0n)
    await placed(amountOf(500_00n))
  })

  test('a refund goes back to the card', async () => {
    const { id: paymentId } = await placed(amountOf(100_00n))
    await world.settle()
    const refund = { paymentId, msisdn: alice, amount: 40_00n, reason: 'x' }
    expect(await world.payments.refund(refund)).toMatchObject({ ok: true })
    await world.settle()
    expect(bank.total()).toBe(60_00n)
    expect(await balance('bank-clearing:jiangcheng')).toBe(60_00n)
    expect((await world.texts(alice)).at(-1)?.text).toMatch(/40\.00元已退回银行卡/)
  })

  test('the carrier is told nothing of it, though the line is post-paid', async () => {
    world.carrier.lines.set(alice, { billing: 'postpaid' })
    await placed(amountOf(100_00n))
    await world.settle()
    const from = tenOClock - 10 * 3_600_000
    const day = { date: '2026-09-12', from, to: from + 86_400_000 }
    expect(await chargingCarriers(world.db, day)).toEqual([])
    const { card: _, ...fromBill } = ask
    await placed({ ...fromBill, consent: 'token', channel: 'api' })
    await world.settle()
    expect(await chargingCarriers(world.db, day)).toHaveLength(1)
  })
})
