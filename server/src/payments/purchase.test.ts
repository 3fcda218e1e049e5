/** The acceptance examples of carrier billing by text message, through the real lane and database. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { alice, bob, createWorld, type World } from '../../../test/world.ts'

const games = '1065800886021'
const books = '1065800886022'
const minute = 60_000

describe.each(engines)('on %s', (engine) => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ engine })
  })
  afterEach(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await world.close()
  })

  const lastText = async (to = alice) => (await world.texts(to)).at(-1)
  const payments = async () =>
    (await world.payments.list({ order: 'asc', offset: 0, limit: 100 })).items

  test('a text orders, a yes to the slot charges, and the receipt names merchant, goods and price', async () => {
    await world.text(alice, games, '100')
    const question = await lastText()
    expect(question?.from).toBe('1065800886021900')
    expect(question?.text).toBe(
      '星游：点卡10元，10.00元，从话费扣。回复Y确认，30分钟内有效；回N取消。短信费0.1元/条另计。客服400-000-0121',
    )
    world.clock.advance(2 * minute)
    await world.text(alice, '1065800886021900', 'y')
    await world.settle()
    const [payment] = await payments()
    expect(payment).toMatchObject({
      state: 'delivering',
      amount: 10_00n,
      businessDate: '2026-09-12',
    })
    expect((await lastText())?.text).toBe(
      `已付10.00元：星游 点卡10元，单号${payment?.orderNo}。本月已用10.00/100元。疑问拨400-000-0121`,
    )
    expect(world.carrier.total()).toBe(10_00n)
  })

  test('a yes at the deadline is in time and one a second later is not', async () => {
    await world.text(alice, games, '100')
    await world.text(alice, games, '300')
    const deadline = world.clock.now() + 30 * minute
    world.clock.advance(30 * minute + 2_000)
    await world.text(alice, '1065800886021901', 'Y', { at: deadline + 1_000 })
    expect((await lastText())?.id).toBe('T9')
    await world.text(alice, '1065800886021900', 'Y', { at: deadline })
    await world.settle()
    expect((await payments()).map((payment) => payment.state)).toEqual(['delivering', 'expired'])
    expect(world.carrier.total()).toBe(10_00n)
  })

  test('yes twice is charged once, and the second is told so', async () => {
    await world.text(alice, games, '100')
    await Promise.all([
      world.text(alice, '1065800886021900', 'Y'),
      world.text(alice, '1065800886021900', 'Y'),
    ])
    await world.settle()
    const texts = await world.texts(alice)
    // The second came while nobody knew yet.
    expect(texts.map((text) => text.id).sort()).toEqual(['T1', 'T2', 'T3'])
    await world.text(alice, '1065800886021900', 'Y')
    expect((await lastText())?.id).toBe('T10')
    expect(world.carrier.total()).toBe(10_00n)
  })

  test('a yes from another number charges nobody', async () => {
    await world.payments.order({
      msisdn: alice,
      merchantId: '6021',
      what: { product: '100' },
      channel: 'web',
      consent: 'reply',
      flow: 'charge',
    })
    expect((await lastText())?.from).toBe('1065800880001900')
    await world.text(bob, '1065800880001900', 'Y')
    expect((await lastText(bob))?.id).toBe('T8')
    expect((await payments())[0]?.state).toBe('awaiting_confirm')
  })

  test('a bare yes with two pending asks which; Y2 charges only the second', async () => {
    await world.text(alice, games, '100')
    await world.text(alice, games, '300')
    await world.text(alice, games, 'Y')
    expect((await lastText())?.text).toBe(
      '有2笔待确认：1.点卡10元10.00元 2.点卡30元30.00元 回Y1或Y2确认，回N全部取消。',
    )
    expect(world.carrier.total()).toBe(0n)
    await world.text(alice, games, 'Y2')
    await world.settle()
    expect((await payments()).map((payment) => payment.state)).toEqual([
      'awaiting_confirm',
      'delivering',
    ])
    world.clock.advance(31 * minute)
    await world.settle()
    expect((await payments()).map((payment) => payment.state)).toEqual(['expired', 'delivering'])
  })

  test('the same message delivered three times is one order', async () => {
    for (let i = 0; i < 3; i += 1) await world.text(alice, games, '100', { id: 'same' })
    expect(await payments()).toHaveLength(1)
    expect(await world.texts(alice)).toHaveLength(1)
  })

  test.each([
    ['0.1', 10n],
    ['30', 30_00n],
    ['12.5元', 12_50n],
  ])('the amount %s is %s fen', async (words, amount) => {
    await world.text(alice, books, words)
    expect((await payments())[0]).toMatchObject({ amount, state: 'awaiting_confirm' })
  })

  test.each(['0.05', '30.1', '31'])('the amount %s is refused with the range', async (words) => {
    await world.text(alice, books, words)
    expect(await payments()).toHaveLength(0)
    expect((await lastText())?.text).toBe('未支付：金额须为0.10-30.00元，以0.1元为单位。未扣费。')
  })

  test('two yeses inside the interval: the second waits and is told how long', async () => {
    await world.text(alice, games, '100')
    await world.text(alice, games, '300')
    await world.text(alice, '1065800886021900', 'Y')
    world.clock.advance(59_000)
    await world.text(alice, '1065800886021901', 'Y')
    expect((await lastText())?.notice).toEqual({ id: 'T12', seconds: 1 })
    world.clock.advance(1_000)
    await world.text(alice, '1065800886021901', 'Y')
    await world.settle()
    expect((await payments()).map((payment) => payment.state)).toEqual(['delivering', 'delivering'])
  })

  test('a suspended line is refused in clear words and uses no limit', async () => {
    world.carrier.lines.set(alice, { status: 'suspended' })
    await world.text(alice, games, '100')
    expect((await lastText())?.text).toMatch(/^未支付：号码已停机。未扣费，单号\d+。$/)
    expect((await payments())[0]).toMatchObject({ state: 'refused', reason: 'line_suspended' })
  })

  test('too little credit found at the carrier gives the room back', async () => {
    world.carrier.script('charge', { kind: 'refuse', reason: 'low_credit' })
    await world.text(alice, games, '300')
    await world.text(alice, '1065800886021900', 'Y')
    await world.settle()
    expect((await payments())[0]).toMatchObject({ state: 'charge_failed', reason: 'low_credit' })
    world.clock.advance(minute)
    await world.text(alice, games, '300')
    await world.text(alice, '1065800886021901', 'Y')
    await world.settle()
    expect((await payments()).at(-1)?.state).toBe('delivering')
  })

  test('over the day limit: told what is left, nothing charged', async () => {
    await world.text(alice, games, '300')
    await world.text(alice, '1065800886021900', 'Y')
    world.clock.advance(2 * minute)
    await world.text(alice, games, '300')
    expect((await lastText())?.text).toBe(
      '未支付：点卡30元 30.00元超出当日限额，今日还可用20.00元，本月还可用70.00元。',
    )
    expect(await world.payments.room(alice)).toEqual({ day: 20_00n, month: 70_00n })
    world.clock.advance(24 * 60 * minute)
    expect(await world.payments.room(alice)).toEqual({ day: 50_00n, month: 70_00n })
  })

  test('a charge whose answer is lost is unknown, then found committed: one charge, one receipt', async () => {
    world.carrier.script('charge', { kind: 'lose_answer' })
    await world.text(alice, games, '100')
    await world.text(alice, '1065800886021900', 'Y')
    await world.settle()
    expect((await payments())[0]?.state).toBe('charge_unknown')
    expect((await lastText())?.id).toBe('T3')
    world.clock.advance(5_000)
    await world.settle()
    expect((await payments())[0]?.state).toBe('delivering')
    expect((await world.texts(alice)).map((text) => text.id)).toEqual(['T1', 'T3', 'T2'])
    expect(world.carrier.total()).toBe(10_00n)
  })

  test('after a day of silence the charge is reversed until answered; the room is held meanwhile', async () => {
    world.carrier.script('charge', { kind: 'lose_answer' })
    world.carrier.script('query', { kind: 'lose_answer' }, 100)
    await world.text(alice, games, '300')
    await world.text(alice, '1065800886021900', 'Y')
    await world.settle()
    for (let hour = 0; hour < 25; hour += 1) {
      world.clock.advance(60 * minute)
      await world.settle()
    }
    expect((await payments())[0]?.state).toBe('reversed')
    expect(world.carrier.total()).toBe(0n)
  })

  test('a carrier that is away for an hour delays the charge and loses nothing', async () => {
    await world.text(alice, games, '100')
    world.carrier.script('charge', { kind: 'away' }, 60)
    await world.text(alice, '1065800886021900', 'Y')
    for (let i = 0; i < 70; i += 1) {
      await world.settle()
      world.clock.advance(minute)
    }
    await world.settle()
    expect((await payments())[0]?.state).toBe('delivering')
    expect((await world.texts(alice)).map((text) => text.id)).toEqual(['T1', 'T3', 'T2'])
  })

  test('stop and query words are answered and leave a pending purchase alone', async () => {
    await world.text(alice, games, '100')
    await world.text(alice, games, 'TD')
    expect((await lastText())?.id).toBe('no_plans')
    expect((await payments())[0]?.state).toBe('awaiting_confirm')
    await world.text(alice, games, '取消')
    expect((await lastText())?.text).toBe('已取消：星游 点卡10元，未扣费。')
    expect((await payments())[0]?.state).toBe('cancelled')
  })

  test('words that mean nothing get help with codes that do', async () => {
    await world.text(alice, games, 'YESTERDAY')
    expect((await lastText())?.text).toBe(
      '无法识别。购买请发商品代码，如100、300；退订发TD；查询发0000。未扣费。',
    )
  })
})
