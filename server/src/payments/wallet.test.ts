/** Purchases from the wallet: paid in the transaction of the yes, by the wallet's own rules, and back at once. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/transfers/stage.ts'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'
import { accountBalances } from '../ledger/index.ts'
import type { CardTerms, Order, OrderResult } from './index.ts'

const dayMs = 86_400_000
const tapped: Order = {
  msisdn: alice,
  merchantId: '6021',
  what: { product: '100' },
  channel: 'api',
  consent: 'device',
  flow: 'charge',
  source: 'wallet',
}
const amountOf = (amount: bigint, more: Partial<Order> = {}): Order => ({
  ...tapped,
  what: { amount, goods: { zh: '手机', en: 'Phone' } },
  isPinChecked: true,
  ...more,
})
const asked: Order = { ...tapped, channel: 'sms', consent: 'pin' }

describe('from the wallet', () => {
  let world: World
  let people: Stage
  let walletId: string
  beforeEach(async () => {
    world = await createWorld()
    const { db, clock } = world
    people = await createStage({ db, clock, policy: { transferNameAbove: 100_000_00n } })
    walletId = (await people.customer(alice, 100_00n)).walletId
  })
  afterEach(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await people.close()
    await world.close()
  })

  const pay = (order: Order) => world.payments.order(order)
  async function paid(order: Order) {
    const result = await pay(order)
    if (!result.ok) throw new Error(result.refusal)
    return result.value.payment
  }
  const refusalOf = (result: OrderResult) => (result.ok ? 'paid' : result.refusal)
  const credit = async (name: string) => {
    const rows = await accountBalances(world.db, { names: [name] })
    return rows.reduce((sum, row) => sum + row.creditsPosted - row.debitsPosted, 0n)
  }
  const told = async (id: string) => (await world.texts(alice)).find((text) => text.id === id)
  const freeze = (to: string) =>
    world.db.transact((tx) =>
      tx.query('update wallet_account set frozen = $1 where id = $2', [to, walletId]),
    )

  test('the yes is the charge: nobody is asked, nothing waits, the receipt says what is left', async () => {
    const payment = await paid(tapped)
    expect(payment).toMatchObject({ source: 'wallet', state: 'delivering', purse: { walletId } })
    expect(await people.available(alice)).toBe(90_00n)
    expect(await credit('merchant-pending:6021')).toBe(10_00n)
    expect(await world.payments.work()).toBe(0)
    expect((await told('W2'))?.text).toContain('钱包余额90.00元')
  })

  test('the interval and the limits of the phone bill are not its own', async () => {
    for (let n = 0; n < 6; n += 1) await paid(tapped)
    expect(await people.available(alice)).toBe(40_00n)
    const { source: _, ...fromBill } = tapped
    expect((await paid({ ...fromBill, consent: 'token' })).source).toBe('phone_bill')
    await world.settle()
  })

  test('above a little the PIN is needed, and without any word of its owner always', async () => {
    await people.wallet.cashIn({
      ...{ msisdn: alice, amount: 500_00n, till: 't1', channel: 'counter', key: 'more' },
    })
    const { isPinChecked: _, ...tap } = amountOf(200_01n)
    expect(refusalOf(await pay(tap))).toBe('pin_needed')
    expect(refusalOf(await pay({ ...tapped, consent: 'token' }))).toBe('pin_needed')
    expect(refusalOf(await pay({ ...tapped, consent: 'reply' }))).toBe('pin_needed')
    expect((await paid(amountOf(200_01n))).state).toBe('delivering')
    expect((await paid({ ...tap, what: { amount: 200_00n } })).state).toBe('delivering')
  })

  test('by text the PIN is asked for, and what the wallet holds is looked at again at the yes', async () => {
    const first = await paid(asked)
    expect((await told('W1'))?.from).toBe(first.sender)
    await paid(amountOf(95_00n))
    const yes = await world.payments.approve({ paymentId: first.id, msisdn: alice })
    expect(yes).toEqual({ ok: false, refusal: 'wallet_low_balance' })
    expect((await told('W3'))?.text).toContain('剩余5.00元')
    const second = await paid({ ...amountOf(5_00n), channel: 'sms', consent: 'pin' })
    expect((await world.payments.approve({ paymentId: second.id, msisdn: alice })).ok).toBe(true)
    expect(await people.available(alice)).toBe(0n)
  })

  test('a plain yes is not the PIN, and a card is not the wallet', async () => {
    const { id: paymentId } = await paid(asked)
    await world.text(alice, (await told('W1'))?.from ?? '', 'Y')
    const card: CardTerms = {
      ...{ id: '019a0000-0000-7000-8000-000000000001', bank: 'b', bankName: { zh: '', en: '' } },
      ...{ last4: '6215', single: 1_000_00n, day: 1_000_00n },
    }
    const byCard = await world.payments.approve({ paymentId, msisdn: alice, card })
    expect(byCard).toEqual({ ok: false, refusal: 'not_allowed_now' })
    expect(await people.available(alice)).toBe(100_00n)
  })

  test.each([
    ['none', 'paid'],
    ['in', 'paid'],
    ['out', 'wallet_frozen'],
    ['both', 'wallet_frozen'],
  ])('frozen %s: %s', async (frozen, outcome) => {
    await freeze(frozen)
    expect(refusalOf(await pay(tapped))).toBe(outcome)
  })

  test('without a wallet it is refused, and recorded as what it was', async () => {
    await people.stranger(bob)
    const result = await pay({ ...tapped, msisdn: bob })
    expect(result).toMatchObject({ ok: false, refusal: 'wallet_unavailable' })
    expect(result.ok ? null : result.payment).toMatchObject({ source: 'wallet', purse: null })
  })

  test('a refund is there at once, and gives back what was used in the periods that still run', async () => {
    const payment = await paid(amountOf(60_00n))
    const order = { paymentId: payment.id, msisdn: alice, reason: 'broken' }
    const part = await world.payments.refund({ ...order, amount: 20_00n })
    expect(part).toMatchObject({ ok: true, value: { state: 'succeeded' } })
    expect(await people.available(alice)).toBe(60_00n)
    expect(await used()).toEqual({ day: 40_00n, year: 40_00n, ever: undefined })
    world.clock.advance(dayMs)
    await world.payments.refund(order)
    expect(await people.available(alice)).toBe(100_00n)
    expect(await used()).toEqual({ day: 40_00n, year: 0n, ever: undefined })
    expect((await world.payments.get(payment.id))?.refunded).toBe(60_00n)
  })

  test('class I counts for ever what it pays, and no more what came back, however late', async () => {
    await world.db.transact((tx) =>
      tx.query(`update wallet_account set class = 'I' where id = $1`, [walletId]),
    )
    const payment = await paid(amountOf(60_00n))
    expect(await used()).toEqual({ day: 60_00n, year: 60_00n, ever: 60_00n })
    world.clock.advance(120 * dayMs)
    const order = { paymentId: payment.id, msisdn: alice, reason: 'broken', amount: 20_00n }
    expect((await world.payments.refund(order)).ok).toBe(true)
    expect(await used()).toEqual({ day: 60_00n, year: 60_00n, ever: 40_00n })
  })

  test('goods that cannot be delivered bring the money back in the same step, frozen or not', async () => {
    const { id: paymentId } = await paid(tapped)
    await freeze('both')
    await world.payments.delivery({ paymentId, msisdn: alice, result: 'failed' })
    expect((await world.payments.get(paymentId))?.state).toBe('refunded')
    expect(await people.available(alice)).toBe(100_00n)
  })

  test('a wallet stays while its goods are on the way; into one closed since nothing goes, and the merchant is told', async () => {
    const payment = await paid(amountOf(100_00n))
    const early = { msisdn: alice, walletId, channel: 'counter', key: 'early' } as const
    expect(await people.wallet.close(early)).toMatchObject({ refusal: 'transfers_open' })
    await world.payments.delivery({ paymentId: payment.id, msisdn: alice, result: 'delivered' })
    const closing = { msisdn: alice, walletId, channel: 'counter', key: 'close' } as const
    expect(await people.wallet.close(closing)).toMatchObject({ value: { state: 'closed' } })
    const order = { paymentId: payment.id, msisdn: alice, reason: 'broken' }
    expect(await world.payments.refund(order)).toMatchObject({ value: { state: 'denied' } })
    expect(await credit('merchant-pending:6021')).toBe(100_00n)
  })

  test('the year of class II: 10.01 is too much, 10.00 and the card are not, one’s own card is not counted', async () => {
    const { card } = await richInClassII()
    await people.customer(bob)
    for (const _ of [1, 2]) {
      const sent = await people.transfers.send({
        ...{ msisdn: alice, to: bob, amount: 49_995_00n, key: people.key() },
        ...{ channel: 'api', arrival: 'now' },
      })
      expect(sent.ok).toBe(true)
      world.clock.advance(dayMs)
    }
    const withdrawal = { msisdn: alice, cardId: card, amount: 50_00n, speed: 'next_day' } as const
    const out = await people.wallet.withdraw({ ...withdrawal, channel: 'api', key: 'own' })
    expect(out.ok).toBe(true)
    expect(await pay(amountOf(10_01n))).toMatchObject({
      ...{ ok: false, refusal: 'wallet_over_class_limit', left: 10_00n },
    })
    await paid(amountOf(10_00n))
    expect(await pay(amountOf(10n))).toMatchObject({ left: 0n })
    const terms: CardTerms = {
      ...{ id: card, bank: 'jiangcheng', bankName: { zh: '江城银行', en: 'Jiangcheng Bank' } },
      ...{ last4: '1234', single: 1_000_00n, day: 1_200_00n },
    }
    const { source: _, isPinChecked: __, ...byCard } = amountOf(10_01n)
    expect((await paid({ ...byCard, consent: 'token', card: terms })).source).toBe('card')
    await people.wallets.settle()
    await world.settle()
  })

  /** A verified customer of class II with more than the year allows. */
  async function richInClassII() {
    const card = people.people.bind(alice)
    const order = { msisdn: alice, till: 't1', channel: 'counter' } as const
    for (const _ of [1, 2, 3])
      await people.wallet.cashIn({ ...order, amount: 50_000_00n, key: people.key() })
    await world.db.transact((tx) =>
      tx.query(`update wallet_account set class = 'II' where id = $1`, [walletId]),
    )
    return { card }
  }

  async function used() {
    const rows = await world.db.query<{ period: string; used: bigint }>(
      `select period, used from limit_counter where subject = $1 and period in ('D2026-09-12', 'Y2026', 'E')`,
      [`wallet:${walletId}`],
    )
    const of = (period: string) => rows.find((row) => row.period === period)?.used
    return { day: of('D2026-09-12'), year: of('Y2026'), ever: of('E') }
  }
})
