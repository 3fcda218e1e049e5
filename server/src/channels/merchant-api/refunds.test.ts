/** Refunds over the merchant API: never more than was paid, however many ask at once. */
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines } from '../../../../test/database.ts'
import { type Answer, openShop, type Shop } from '../../../../test/shop.ts'

describe.each(engines)('on %s', (engine) => {
  let shop: Shop
  let numbers = 0
  let paymentId = ''
  let before = 0n
  beforeAll(async () => {
    shop = await openShop({ engine })
  })
  beforeEach(async () => {
    numbers += 1
    before = shop.carrier.total()
    paymentId = await paid()
  })
  afterAll(async () => {
    expect(await offencesIn(shop.db)).toEqual([])
    await shop.close()
  })

  async function paid(): Promise<string> {
    shop.clock.advance(1_000)
    numbers += 1
    const body = {
      msisdn: `139003${String(numbers).padStart(5, '0')}`,
      product: '300',
      orderId: `sale-${numbers}`,
      consent: 'none',
    }
    const made = await shop.call('POST', '/v1/payments', { body })
    expect(made.body.paid).toBe(true)
    return made.body.id
  }
  const refund = (refundId: string, more: object = {}) =>
    shop.call('POST', `/v1/payments/${paymentId}/refunds`, { body: { refundId, ...more } })
  const payment = async () => (await shop.call('GET', `/v1/payments/${paymentId}`)).body
  const kept = () => shop.carrier.total() - before
  const typesOf = (answers: readonly Answer[]) =>
    answers.filter(({ status }) => status !== 201).map(({ body }) => body.type)

  test('a part, then the rest; then there is nothing left', async () => {
    const part = await refund(`a${numbers}`, { amount: '1200', reason: 'damaged' })
    expect([part.status, part.body]).toMatchObject([
      201,
      { paymentId, refundId: `a${numbers}`, amount: '1200', state: 'succeeded', reason: 'damaged' },
    ])
    expect(await payment()).toMatchObject({ state: 'delivering', refunded: '1200', paid: true })
    const rest = await refund(`b${numbers}`)
    expect(rest.body).toMatchObject({ amount: '1800', state: 'succeeded' })
    expect(kept()).toBe(0n)
    const more = await refund(`c${numbers}`, { amount: '1' })
    expect([more.status, more.body.type]).toEqual([422, '/problems/over_paid_amount'])
    const url = `/v1/payments/${paymentId}/refunds`
    const listed = (await shop.call('GET', url)).body.items
    expect(listed).toEqual([part.body, rest.body])
    expect((await shop.call('GET', `${url}/${rest.body.id}`)).body).toEqual(rest.body)
    const other = await paid()
    const foreign = await shop.call('GET', `/v1/payments/${other}/refunds/${rest.body.id}`)
    expect(foreign.status).toBe(404)
  })

  test('more than was paid is refused and changes nothing', async () => {
    const answer = await refund(`d${numbers}`, { amount: '3001' })
    expect([answer.status, answer.body.type]).toEqual([422, '/problems/over_paid_amount'])
    expect((await payment()).refunded).toBe('0')
    // The number was not used up by it.
    expect((await refund(`d${numbers}`, { amount: '3000' })).status).toBe(201)
  })

  test('64 identical requests at once are one refund', async () => {
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => refund(`e${numbers}`, { amount: '1000' })),
    )
    expect(answers.every(({ status }) => status === 201)).toBe(true)
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(kept()).toBe(20_00n)
  })

  test('the same refund number for something else is refused', async () => {
    await refund(`f${numbers}`, { amount: '100' })
    const first = paymentId
    for (const [id, amount] of [
      [first, '200'],
      [await paid(), '100'],
    ] as const) {
      paymentId = id
      const answer = await refund(`f${numbers - 1}`, { amount })
      expect([answer.status, answer.body.type]).toEqual([
        409,
        '/problems/exists_with_different_content',
      ])
    }
  })

  test('many whole refunds at once: one is made', async () => {
    const answers = await Promise.all(
      Array.from({ length: 32 }, (_, i) => refund(`g${numbers}-${i}`)),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(kept()).toBe(0n)
    for (const type of typesOf(answers))
      expect(['/problems/over_paid_amount', '/problems/not_paid']).toContain(type)
  })

  test('parts that race never give back more than was paid', async () => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 1, max: 1_500 }), { minLength: 2, maxLength: 12 }),
        async (amounts) => {
          round += 1
          before = shop.carrier.total()
          paymentId = await paid()
          const answers = await Promise.all(
            amounts.map((amount, i) =>
              refund(`h${numbers}-${round}-${i}`, { amount: String(amount) }),
            ),
          )
          const given = answers
            .filter(({ status }) => status === 201)
            .reduce((sum, { body }) => sum + BigInt(body.amount), 0n)
          expect(given).toBeLessThanOrEqual(30_00n)
          expect((await payment()).refunded).toBe(given.toString())
          expect(kept()).toBe(30_00n - given)
        },
      ),
      { numRuns: 8 },
    )
  })

  test('an unanswered refund is unknown, stays held, and is found out', async () => {
    shop.carrier.script('refund', { kind: 'lose_answer' })
    const { body } = await refund(`i${numbers}`)
    expect(body.state).toBe('unknown')
    expect((await refund(`j${numbers}`)).body.type).toBe('/problems/over_paid_amount')
    shop.clock.advance(5_000)
    shop.payments.kick()
    const url = `/v1/payments/${paymentId}/refunds/${body.id}`
    let state = ''
    for (let i = 0; i < 100 && state !== 'succeeded'; i += 1) {
      await shop.payments.settled(paymentId, 0)
      await new Promise((resolve) => setTimeout(resolve, 20))
      state = (await shop.call('GET', url)).body.state
    }
    expect(state).toBe('succeeded')
    expect(kept()).toBe(0n)
  })

  test('what is not paid is not refunded; what is too old neither', async () => {
    const body = { msisdn: '13900398765', product: '100', orderId: `open-${numbers}` }
    const open = await shop.call('POST', '/v1/payments', { body })
    const url = `/v1/payments/${open.body.id}/refunds`
    const early = await shop.call('POST', url, { body: { refundId: `k${numbers}` } })
    expect([early.status, early.body.type]).toEqual([409, '/problems/not_paid'])
    shop.clock.advance(181 * 86_400_000)
    const late = await refund(`l${numbers}`)
    expect([late.status, late.body.type]).toEqual([422, '/problems/refund_period_over'])
  })
})
