/** Payments over the merchant API, on a real database: that one order is one payment, and its way. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines } from '../../../../test/database.ts'
import { openShop, type Shop } from '../../../../test/shop.ts'
import type { CardTerms } from '../../payments/index.ts'

describe.each(engines)('on %s', (engine) => {
  let shop: Shop
  let me = ''
  let numbers = 0
  let orderId = ''
  let card: CardTerms | null = null
  beforeAll(async () => {
    shop = await openShop({ engine, cardOf: async () => card })
  })
  beforeEach(() => {
    numbers += 1
    me = `139001${String(numbers).padStart(5, '0')}`
    orderId = `order-${numbers}`
    shop.clock.advance(1_000)
    card = null
  })
  afterAll(async () => {
    expect(await offencesIn(shop.db)).toEqual([])
    await shop.close()
  })

  const order = (more: object = {}) => ({ msisdn: me, product: '100', orderId, ...more })
  const pay = (more: object = {}, given: object = {}) =>
    shop.call('POST', '/v1/payments', { body: order(more), ...given })
  const reply = async (words: string) => {
    const texts = await shop.texts(`+86${me}`)
    await shop.text(`+86${me}`, texts.findLast((text) => text.id === 'T1')?.from ?? '', words)
  }
  const code = async () => {
    const notice = (await shop.texts(`+86${me}`)).findLast((text) => text.id === 'T1c')?.notice
    return notice?.id === 'T1c' ? notice.code : ''
  }
  const settled = (id: string) => shop.payments.settled(id, 10_000)
  const charged = () => shop.carrier.total()

  describe('by card', () => {
    const bound: CardTerms = {
      ...{ id: '019a0000-0000-7000-8000-000000000001', bank: 'jiangcheng', last4: '6215' },
      ...{ bankName: { zh: '江城银行', en: 'Jiangcheng Bank' }, single: 100_00n, day: 100_00n },
    }

    test('the customer is asked for the PIN by text, and the merchant sees whose money it is', async () => {
      card = bound
      const asked = await pay({ source: 'card', amount: '8000', product: undefined })
      expect(asked).toMatchObject({
        status: 201,
        body: { source: 'card', state: 'awaiting_confirm', paid: false },
      })
      const [question] = await shop.texts(`+86${me}`)
      expect(question).toMatchObject({ id: 'C1', from: '1065800880003900' })
      await reply('Y')
      expect((await settled(asked.body.id))?.state).toBe('awaiting_confirm')
      const step = { paymentId: asked.body.id, msisdn: `+86${me}`, card: bound }
      expect(await shop.payments.approve(step)).toMatchObject({ ok: true })
      expect((await settled(asked.body.id))?.chargedAt).not.toBeNull()
    })

    test('without a usable card it is refused as other numbers are, and again when it is sent again', async () => {
      const refused = await pay({ source: 'card' })
      expect(refused).toMatchObject({ status: 422, body: { type: '/problems/card_unavailable' } })
      card = bound
      expect(await pay({ source: 'card' })).toMatchObject({ status: 422, body: refused.body })
      expect(await shop.texts(`+86${me}`)).toEqual([])
    })

    test.each([
      { source: 'card', consent: 'code' },
      { source: 'card', consent: 'none' },
      { consent: 'pin' },
      { source: 'phone_bill', consent: 'pin' },
    ])('%j is no way to agree', async (how) => {
      card = bound
      expect(await pay(how)).toMatchObject({
        status: 422,
        body: { errors: [{ field: 'consent' }] },
      })
    })
  })

  describe('one order is one payment', () => {
    test('64 identical requests at once make one payment, one question, one answer', async () => {
      const headers = { 'idempotency-key': `key-${orderId}` }
      const answers = await Promise.all(Array.from({ length: 64 }, () => pay({}, { headers })))
      const statuses = answers.map((answer) => answer.status)
      expect(statuses.filter((status) => status === 201)).toHaveLength(1)
      expect(statuses.filter((status) => status === 200)).toHaveLength(63)
      expect(new Set(answers.map((answer) => JSON.stringify(answer.body))).size).toBe(1)
      expect(await shop.texts(`+86${me}`)).toHaveLength(1)
    })

    test('64 identical direct charges at once charge once', async () => {
      const before = charged()
      const answers = await Promise.all(Array.from({ length: 64 }, () => pay({ consent: 'none' })))
      expect(new Set(answers.map((answer) => answer.body.id)).size).toBe(1)
      expect(answers.every((answer) => answer.body.paid === true)).toBe(true)
      expect(charged() - before).toBe(10_00n)
    })

    test('a page and payments that want one order number at once: one gets it, whoever is first', async () => {
      for (let round = 0; round < 10; round += 1) {
        // A number of its own: payments that win would come to its limit of a day.
        const msisdn = `139002${String(numbers * 10 + round).padStart(5, '0')}`
        const wanted = {
          ...order({ msisdn, orderId: `${orderId}-${round}` }),
          consent: 'none',
        }
        const { msisdn: _, consent: __, ...page } = wanted
        const answers = await Promise.all([
          shop.call('POST', '/v1/payments', { body: wanted }),
          shop.call('POST', '/v1/checkouts', { body: page }),
          shop.call('POST', '/v1/payments', { body: wanted }),
        ])
        const made = new Set(
          answers.filter(({ status }) => status < 300).map(({ body }) => body.id),
        )
        expect(made.size).toBe(1)
        shop.clock.advance(61_000)
      }
    })

    test('who would rather not wait hears 202 at once, and the charge is made all the same', async () => {
      const prefer = { headers: { prefer: 'wait=5, respond-async' } }
      const accepted = await pay({ consent: 'none' }, prefer)
      expect(accepted.status).toBe(202)
      expect(accepted.headers['preference-applied']).toBe('respond-async')
      expect(accepted.body).toMatchObject({ state: 'charging', paid: false })
      expect(await settled(accepted.body.id)).toMatchObject({ state: 'delivering' })
      const again = await pay({ consent: 'none' }, prefer)
      expect([again.status, again.body.id, again.body.paid]).toEqual([200, accepted.body.id, true])
    })

    test('fields in another order are the same content', async () => {
      const { product, msisdn, ...rest } = order()
      const one = await pay()
      const other = await shop.call('POST', '/v1/payments', { body: { product, ...rest, msisdn } })
      expect([other.status, other.body.id]).toEqual([200, one.body.id])
    })

    test('the same number with other content is refused and changes nothing', async () => {
      const { body: payment } = await pay()
      const headers = { 'idempotency-key': `once-${orderId}` }
      await pay({ orderId: `${orderId}b`, product: '300' }, { headers })
      const before = (await shop.call('GET', '/v1/payments')).body.total
      for (const [more, given] of [
        [{ product: '300' }, {}],
        [{ consent: 'code' }, {}],
        [{ replyMinutes: 5 }, {}],
        [{ orderId: `${orderId}c` }, { headers }],
      ] as const) {
        const answer = await pay(more, given)
        expect(answer.status).toBe(409)
        expect(answer.body.type).toBe('/problems/exists_with_different_content')
      }
      expect((await shop.call('GET', '/v1/payments')).body.total).toBe(before)
      expect((await shop.call('GET', `/v1/payments/${payment.id}`)).body).toEqual(payment)
    })

    test('the keys of two merchants never meet', async () => {
      const one = await pay()
      const key = shop.keys.books
      const body = { msisdn: me, amount: '500', orderId }
      const other = await shop.call('POST', '/v1/payments', { key, body })
      expect([one.status, other.status]).toEqual([201, 201])
    })

    test('an order number of a payment page is no order number of a payment, and the reverse', async () => {
      const page = await shop.call('POST', '/v1/checkouts', { body: { product: '100', orderId } })
      expect(page.status).toBe(201)
      expect((await pay()).body.type).toBe('/problems/exists_with_different_content')
      const other = `${orderId}-other`
      await pay({ orderId: other })
      const body = { product: '100', orderId: other }
      expect((await shop.call('POST', '/v1/checkouts', { body })).status).toBe(409)
    })

    test('a request that was refused says the same again, and its number stays used', async () => {
      const first = await pay({ product: '999' })
      expect([first.status, first.body.type]).toEqual([422, '/problems/goods_unknown'])
      expect((await pay({ product: '999' })).body.type).toBe('/problems/goods_unknown')
      expect((await pay()).status).toBe(409)
    })
  })

  describe('a payment’s way', () => {
    test('asked, paid, delivered; each answer is the truth at that moment', async () => {
      const { body: payment } = await pay()
      expect(payment).toMatchObject({
        orderId,
        msisdn: `+86${me}`,
        product: '100',
        amount: '1000',
        state: 'awaiting_confirm',
        paid: false,
        refunded: '0',
        businessDate: null,
      })
      await reply('Y')
      await settled(payment.id)
      const paid = (await shop.call('GET', `/v1/payments/${payment.id}`)).body
      expect(paid).toMatchObject({ state: 'delivering', paid: true, businessDate: '2026-09-12' })
      const url = `/v1/payments/${payment.id}/delivery`
      const said = await shop.call('POST', url, { body: { result: 'delivered' } })
      expect([said.status, said.body.state]).toEqual([200, 'delivered'])
      const again = await shop.call('POST', url, { body: { result: 'delivered' } })
      expect(again.body).toEqual(said.body)
      expect((await shop.call('POST', url, { body: { result: 'failed' } })).status).toBe(409)
    })

    test('goods that cannot be delivered give the money back', async () => {
      const before = charged()
      const { body: payment } = await pay({ consent: 'none' })
      expect(payment.paid).toBe(true)
      const url = `/v1/payments/${payment.id}/delivery`
      expect((await shop.call('POST', url, { body: { result: 'failed' } })).status).toBe(200)
      const stands = async () => (await shop.call('GET', `/v1/payments/${payment.id}`)).body.state
      await expect.poll(stands, { interval: 20, timeout: 20_000 }).toBe('refunded')
      expect((await shop.call('GET', `/v1/payments/${payment.id}`)).body.refunded).toBe('1000')
      expect(charged()).toBe(before)
    })

    test('cancelled stays cancelled, said once or twice; paid is not cancelled', async () => {
      const { body: payment } = await pay()
      const url = `/v1/payments/${payment.id}/cancel`
      const headers = { 'content-type': 'application/json' }
      expect((await shop.call('POST', url, { headers })).body.state).toBe('cancelled')
      expect((await shop.call('POST', url)).body.state).toBe('cancelled')
      await reply('Y')
      expect((await shop.call('GET', `/v1/payments/${payment.id}`)).body.paid).toBe(false)
      shop.clock.advance(60_000)
      const paid = await pay({ orderId: `${orderId}p`, consent: 'none' })
      expect(paid.body.paid).toBe(true)
      const late = await shop.call('POST', `/v1/payments/${paid.body.id}/cancel`, { body: {} })
      expect([late.status, late.body.type]).toEqual([409, '/problems/not_allowed_now'])
    })

    test('a code: two wrong, then right', async () => {
      const { body: payment } = await pay({ consent: 'code' })
      const url = `/v1/payments/${payment.id}/validate`
      const right = await code()
      const wrong = right === '000000' ? '111111' : '000000'
      for (const expected of [422, 422]) {
        const answer = await shop.call('POST', url, { body: { code: wrong } })
        expect([answer.status, answer.body.type]).toEqual([expected, '/problems/code_wrong'])
      }
      const answer = await shop.call('POST', url, { body: { code: right } })
      expect(answer.body).toMatchObject({ state: 'delivering', paid: true })
      expect((await shop.call('POST', url, { body: { code: right } })).status).toBe(409)
    })

    test('a code three times wrong ends the payment', async () => {
      const { body: payment } = await pay({ consent: 'code' })
      const url = `/v1/payments/${payment.id}/validate`
      const right = await code()
      const wrong = right === '000000' ? '111111' : '000000'
      const types: string[] = []
      for (const given of [wrong, wrong, wrong, right])
        types.push((await shop.call('POST', url, { body: { code: given } })).body.type)
      expect(types).toEqual(
        ['code_wrong', 'code_wrong', 'no_tries_left', 'not_allowed_now'].map(
          (type) => `/problems/${type}`,
        ),
      )
    })

    test('consent of its own needs a contract that says so', async () => {
      const body = { msisdn: me, amount: '500', orderId, consent: 'none' }
      const answer = await shop.call('POST', '/v1/payments', { key: shop.keys.books, body })
      expect([answer.status, answer.body.type]).toEqual([403, '/problems/consent_needed'])
    })

    test('a carrier that says nothing leaves the payment unknown, and that is what is told', async () => {
      shop.carrier.script('charge', { kind: 'lose_answer' })
      const { status, body } = await pay({ consent: 'none' })
      expect([status, body.state, body.paid]).toEqual([201, 'charge_unknown', false])
    })

    test('a refusal of the carrier is a refusal with its reason', async () => {
      shop.carrier.script('charge', { kind: 'refuse', reason: 'low_credit' })
      const answer = await pay({ consent: 'none' })
      expect([answer.status, answer.body.type]).toEqual([422, '/problems/low_credit'])
    })

    test('a carrier that is away when a new number orders is a 503', async () => {
      shop.carrier.script('line', { kind: 'away' })
      const answer = await pay()
      expect([answer.status, answer.body.type]).toEqual([503, '/problems/carrier_away'])
      expect((await pay()).status).toBe(201)
    })
  })

  test('lists are newest first, in pages, by state and time', async () => {
    const ids: string[] = []
    const from = new Date(shop.clock.now()).toISOString()
    for (let i = 0; i < 5; i += 1) {
      shop.clock.advance(1)
      me = `139002${String(numbers * 10 + i).padStart(5, '0')}`
      ids.unshift((await pay({ orderId: `${orderId}-${i}` })).body.id)
    }
    const to = new Date(shop.clock.now() + 1).toISOString()
    const page = async (query: string) =>
      (await shop.call('GET', `/v1/payments?from=${from}&to=${to}&${query}`)).body
    expect((await page('')).items.map((one: { id: string }) => one.id)).toEqual(ids)
    expect(await page('perPage=2&page=2')).toMatchObject({
      total: 5,
      items: [{ id: ids[2] }, { id: ids[3] }],
    })
    expect((await page('perPage=2&page=3')).items).toHaveLength(1)
    expect((await page('perPage=2&page=9')).items).toEqual([])
    await shop.call('POST', `/v1/payments/${ids[0]}/cancel`)
    expect((await page('state=cancelled')).items).toMatchObject([{ id: ids[0] }])
    expect((await page('state=awaiting_confirm')).total).toBe(4)
  })
})
