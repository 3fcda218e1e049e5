/** The payment page as a browser uses it, from the number to the end, on a real database. */
import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines } from '../../../../test/database.ts'
import { createPayer, type Payer } from '../../../../test/payer.ts'
import { openShop, type Shop } from '../../../../test/shop.ts'
import { secretHashOf } from '../../merchants/index.ts'

const minute = 60_000

describe.each(engines)('on %s', (engine) => {
  let shop: Shop
  let payer: Payer
  beforeAll(async () => {
    shop = await openShop({ engine })
    payer = createPayer(shop)
  })
  beforeEach(() => payer.begin())
  afterAll(async () => {
    expect(await offencesIn(shop.db)).toEqual([])
    await shop.close()
  })

  test('number, question, yes, paid; each look says where it stands', async () => {
    const start = await payer.look()
    expect(start).toMatchObject({
      state: 'enter',
      amount: '1000',
      merchant: { name: { zh: '星游', en: 'Star Games' }, site: 'stargames.example' },
      goods: { zh: '点卡10元', en: 'Game card 10' },
      limits: { single: '3000', day: '5000', month: '10000' },
      now: shop.clock.now(),
      expiresAt: shop.clock.now() + 30 * minute,
    })
    expect(start).not.toHaveProperty('captcha')
    expect(start).not.toHaveProperty('msisdn')
    const asked = await payer.enter()
    const [question] = await payer.questions()
    expect(asked.body).toMatchObject({
      state: 'waiting',
      msisdn: payer.now.me.replace(/^(...)....(....)$/, '$1****$2'),
      from: question?.from,
      text: question?.text,
      sentAt: shop.clock.now(),
      replyBy: shop.clock.now() + 10 * minute,
      resendAfter: shop.clock.now() + minute,
      paymentNo: expect.stringMatching(/^\d{7,}$/),
    })
    expect(question?.from).toMatch(/^10658008800019\d\d$/)
    expect(JSON.stringify(asked.body)).not.toContain(payer.now.me)
    await payer.reply('Y')
    await payer.settled()
    const { paymentNo } = asked.body
    expect(await payer.look()).toMatchObject({ state: 'paid', paidAt: shop.clock.now(), paymentNo })
    expect(await payer.look()).not.toHaveProperty('limits')
    const told = (await shop.call('GET', `/v1/checkouts/${payer.now.page}`)).body
    expect(told).toMatchObject({ state: 'paid', amount: '1000' })
    const payment = (await shop.call('GET', `/v1/payments/${told.paymentId}`)).body
    expect(payment).toMatchObject({ orderId: told.orderId, channel: 'web', paid: true })
  })

  test('paid is paid: no other number, no cancellation, no second question', async () => {
    await payer.enter()
    await payer.reply('Y')
    await payer.settled()
    const before = shop.carrier.total()
    expect((await payer.enter({ number: payer.nextNumber() })).body.state).toBe('paid')
    for (const name of ['cancel', 'change-number', 'resend'])
      expect((await payer.act(name)).status).toBe(409)
    expect([(await payer.look()).state, shop.carrier.total()]).toEqual(['paid', before])
  })

  test('one click sent many times is one question, at once or one after the other', async () => {
    const key = 'one-click-of-the-page'
    const body = { msisdn: payer.now.me }
    const send = () =>
      shop.call('POST', `/checkout/${payer.now.page}/number`, {
        body,
        headers: { 'idempotency-key': key },
      })
    const answers = await Promise.all(Array.from({ length: 8 }, send))
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    expect((await send()).body.state).toBe('waiting')
    expect(await payer.questions()).toHaveLength(1)
  })

  test('two numbers entered at the same moment: one is asked', async () => {
    const others = Array.from({ length: 6 }, payer.nextNumber)
    const answers = await Promise.all(
      others.map((number) =>
        shop.call('POST', `/checkout/${payer.now.page}/number`, {
          body: { msisdn: number },
          headers: { 'idempotency-key': `click-${number}` },
        }),
      ),
    )
    expect(answers.some((answer) => answer.body.state === 'waiting')).toBe(true)
    const asked = await Promise.all(others.map((number) => payer.questions(number)))
    expect(asked.flat()).toHaveLength(1)
  })

  test('cancelled: for good, said twice alike, and a late yes charges nothing', async () => {
    await payer.enter()
    const before = shop.carrier.total()
    expect((await payer.act('cancel')).body.state).toBe('cancelled')
    expect((await payer.act('cancel')).status).toBe(200)
    await payer.reply('Y')
    expect([(await payer.look()).state, shop.carrier.total()]).toEqual(['cancelled', before])
    expect((await payer.enter()).status).toBe(409)
    expect((await payer.act('change-number')).status).toBe(409)
  })

  test('a no by text ends the page', async () => {
    await payer.enter()
    await payer.reply('N')
    expect((await payer.look()).state).toBe('cancelled')
    expect((await payer.enter({ number: payer.nextNumber() })).status).toBe(409)
  })

  test('no answer in time: waiting until the last word, then expired', async () => {
    await payer.enter()
    shop.clock.advance(10 * minute + 1)
    expect((await payer.look()).state).toBe('waiting')
    shop.clock.advance(6_000)
    shop.payments.kick()
    const { paymentId } = (await shop.call('GET', `/v1/checkouts/${payer.now.page}`)).body
    for (let i = 0; i < 200 && (await shop.payments.get(paymentId))?.state !== 'expired'; i += 1)
      await shop.payments.settled(paymentId, 50)
    expect((await payer.look()).state).toBe('expired')
    expect((await payer.enter()).status).toBe(409)
  })

  test('a page nobody used expires', async () => {
    shop.clock.advance(30 * minute + 1)
    expect((await payer.look()).state).toBe('expired')
    expect((await payer.enter()).status).toBe(409)
  })

  test('a carrier that says nothing: unknown, with the latest moment of an answer', async () => {
    shop.carrier.script('charge', { kind: 'lose_answer' })
    await payer.enter()
    await payer.reply('Y')
    await payer.settled()
    const view = await payer.look()
    expect(view).toMatchObject({ state: 'unknown', answerBy: shop.clock.now() + 24 * 60 * minute })
    expect(view).not.toHaveProperty('paidAt')
    shop.clock.advance(5_000)
    shop.payments.kick()
    for (let i = 0; i < 200 && (await payer.look()).state !== 'paid'; i += 1) await payer.settled()
    expect((await payer.look()).state).toBe('paid')
  })

  test('a yes and a cancellation at the same moment: charged or cancelled, never both', async () => {
    for (let i = 0; i < 6; i += 1) {
      payer.now.me = payer.nextNumber()
      payer.now.page = await payer.open()
      await payer.enter()
      const before = shop.carrier.total()
      const [cancelled] = await Promise.all([payer.act('cancel'), payer.reply('Y')])
      await payer.settled()
      const { state } = await payer.look()
      const charged = shop.carrier.total() - before
      expect([cancelled.status, state, charged]).toEqual(
        cancelled.status === 200 ? [200, 'cancelled', 0n] : [409, 'paid', 10_00n],
      )
    }
  })

  test('the way back is signed for its state, and keeps what the merchant put in it', async () => {
    payer.now.page = await payer.open({ returnUrl: 'https://shop.example/back?cart=7' })
    const { returnUrl, orderNo } = await payer.look()
    const url = new URL(returnUrl)
    expect([url.origin, url.searchParams.get('cart')]).toEqual(['https://shop.example', '7'])
    expect(url.searchParams.get('state')).toBe('enter')
    const secretHash = secretHashOf(shop.keys.games)
    const expected = createHmac('sha256', secretHash).update(`${payer.now.page}.${orderNo}.enter`)
    expect(url.searchParams.get('signature')).toBe(expected.digest('base64url'))
    await payer.act('cancel')
    const later = new URL((await payer.look()).returnUrl).searchParams
    expect(later.get('state')).toBe('cancelled')
    expect(later.get('signature')).not.toBe(url.searchParams.get('signature'))
  })

  test('a lost link between page and payment is found again by its key', async () => {
    await payer.enter()
    await shop.db.transact((tx) =>
      tx.query('update checkout set payment_id = null where id = $1', [payer.now.page]),
    )
    expect((await payer.look()).state).toBe('waiting')
    expect((await payer.enter({ number: payer.nextNumber() })).body.state).toBe('waiting')
    expect(await payer.questions()).toHaveLength(1)
  })

  test('the same order is the same payer.now.page, with other content it is refused', async () => {
    const body = { amount: '500', goods: '书', orderId: `same-${payer.now.page}` }
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => shop.call('POST', '/v1/checkouts', { body })),
    )
    expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
    for (const more of [{ amount: '600' }, { goods: '画' }, { validMinutes: 10 }])
      expect(
        (await shop.call('POST', '/v1/checkouts', { body: { ...body, ...more } })).body.type,
      ).toBe('/problems/exists_with_different_content')
  })

  test('what is malformed is refused, and an unknown page is not there', async () => {
    for (const [body, headers] of [
      [{ msisdn: '12345' }, { 'idempotency-key': 'long-enough' }],
      [{ msisdn: payer.now.me }, {}],
      [{ msisdn: payer.now.me }, { 'idempotency-key': 'short' }],
      [{ msisdn: payer.now.me, more: 1 }, { 'idempotency-key': 'long-enough' }],
      [{}, { 'idempotency-key': 'long-enough' }],
    ] as const)
      expect(
        (await shop.call('POST', `/checkout/${payer.now.page}/number`, { body, headers })).status,
      ).toBe(422)
    const absent = '01990000-0000-7000-8000-000000000000'
    expect((await shop.call('GET', `/checkout/${absent}`)).status).toBe(404)
    expect((await shop.call('GET', `/checkout/${absent}/stream`)).status).toBe(404)
    expect((await payer.act('cancel', absent)).status).toBe(404)
    expect((await payer.look()).state).toBe('enter')
  })
})
