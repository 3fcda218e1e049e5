/** The payment page with a bound card: chosen on the page, answered on the phone, and told to nobody else. */
import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { createTestCarrier, type TestCarrier } from '../../../../test/carrier.ts'
import { engines } from '../../../../test/database.ts'
import { createPayer, type Payer } from '../../../../test/payer.ts'
import { type Answer, openShop, type Shop } from '../../../../test/shop.ts'
import { parseMsisdn } from '../../kernel/index.ts'
import type { CardTerms } from '../../payments/index.ts'

const minute = 60_000
const terms: CardTerms = {
  id: '019a0000-0000-7000-8000-000000000001',
  bank: 'jiangcheng',
  bankName: { zh: '江城银行', en: 'Jiangcheng Bank' },
  last4: '6215',
  single: 1_000_00n,
  day: 5_000_00n,
}
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe.each(engines)('on %s', (engine) => {
  let shop: Shop
  let payer: Payer
  let bank: TestCarrier
  /** What the next number's card may pay; null when it has none. */
  let card: CardTerms | null
  beforeAll(async () => {
    bank = createTestCarrier()
    shop = await openShop({ engine, bank, cardOf: async () => card })
    payer = createPayer(shop)
  })
  beforeEach(async () => {
    card = terms
    await payer.begin()
  })
  afterAll(async () => {
    expect(await offencesIn(shop.db)).toEqual([])
    await shop.close()
  })

  /** As the PIN does when it is right. */
  async function approve() {
    const { paymentId } = (await shop.call('GET', `/v1/checkouts/${payer.now.page}`)).body
    const msisdn = parseMsisdn(payer.now.me)
    if (!msisdn.ok) throw new Error(msisdn.refusal)
    return shop.payments.approve({ paymentId, msisdn: msisdn.value, card: terms })
  }

  test('the card is chosen, the PIN asked for by text, and the page turns when it was right', async () => {
    const carrierBefore = shop.carrier.total()
    expect(await payer.look()).toMatchObject({
      limits: { single: '3000', day: '5000', month: '10000' },
      cardLimits: { single: '100000', day: '500000' },
    })
    const asked = await payer.enter({ source: 'card' })
    expect(asked.body).toMatchObject({ state: 'waiting', source: 'card' })
    const [question] = await payer.questions()
    expect([question?.id, asked.body.from]).toEqual(['C1', question?.from])
    expect(question?.from).toMatch(/^10658008800039\d\d$/)
    expect(await approve()).toMatchObject({ ok: true })
    await payer.settled()
    expect(await payer.look()).toMatchObject({ state: 'paid', source: 'card' })
    expect([bank.total(), shop.carrier.total()]).toEqual([10_00n, carrierBefore])
  })

  test('the page tells of no card: neither its bank nor its number, on no step', async () => {
    const shown = [JSON.stringify((await payer.enter({ source: 'card' })).body)]
    await approve()
    await payer.settled()
    shown.push(JSON.stringify(await payer.look()))
    for (const text of shown) expect(text).not.toMatch(/6215|江城|Jiangcheng|jiangcheng/)
  })

  test('a number whose card cannot pay is declined to the letter like one that may not pay at all', async () => {
    const behind: Record<string, () => Promise<Answer>> = {
      async noCard() {
        card = null
        return payer.enter({ source: 'card' })
      },
      async cardOverItsLimit() {
        card = { ...terms, single: 9_99n }
        return payer.enter({ source: 'card' })
      },
      async unknownNumber() {
        shop.carrier.script('line', { kind: 'refuse', reason: 'line_suspended' })
        return payer.enter({ source: 'card' })
      },
      async fromTheBill() {
        shop.carrier.script('line', { kind: 'refuse', reason: 'line_suspended' })
        return payer.enter()
      },
    }
    const without = ({ msisdn, id, orderNo, now, expiresAt, captcha, ...rest }: Answer['body']) =>
      rest
    const answers: unknown[] = []
    for (const enter of Object.values(behind)) {
      await payer.begin()
      const { status, body } = await enter()
      answers.push([status, without(body), Object.keys(body)])
      expect(await shop.texts(`+86${payer.now.me}`)).toEqual([])
    }
    expect(answers[0]).toMatchObject([200, { state: 'declined' }, expect.anything()])
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  })

  test('a carrier that cannot be asked is away, whether there is a card or not', async () => {
    for (const found of [terms, null]) {
      card = found
      payer.now.me = payer.nextNumber()
      payer.now.page = await payer.open()
      shop.carrier.script('line', { kind: 'away' })
      const away = await payer.enter({ source: 'card' })
      expect([away.status, away.body.type]).toEqual([503, '/problems/carrier_away'])
    }
  })

  test('what is too dear for the phone bill has a page for cards alone', async () => {
    payer.now.page = await payer.open({ product: undefined, amount: '50000', goods: '手机' })
    const start = await payer.look()
    expect(start).toMatchObject({ state: 'enter', cardLimits: { single: '100000' } })
    expect(start).not.toHaveProperty('limits')
    const fromBill = await payer.enter()
    expect([fromBill.status, fromBill.body.type]).toEqual([422, '/problems/source_not_offered'])
    expect(await payer.look()).not.toHaveProperty('captcha')
    expect((await payer.enter({ source: 'card' })).body.state).toBe('waiting')
  })

  test('what is too dear for cards as well has no page', async () => {
    const body = { amount: '100001', goods: '手机', orderId: `dear-${payer.now.page}` }
    const made = await shop.call('POST', '/v1/checkouts', { body })
    expect([made.status, made.body.type]).toEqual([422, '/problems/over_single_limit'])
  })

  test('one click is one question, and a request that names no source is kept as it always was', async () => {
    const key = 'one-click-of-the-page'
    const send = (more: object) =>
      shop.call('POST', `/checkout/${payer.now.page}/number`, {
        body: { msisdn: payer.now.me, ...more },
        headers: { 'idempotency-key': key },
      })
    const kept = async () => {
      const [bound] = await shop.db.query<{ content_hash: string }>(
        'select content_hash from business_key where scope = $1',
        [`checkout:${payer.now.page}`],
      )
      const clicks = await shop.db.query<{ subject: string }>(
        'select subject from checkout_question where subject like $1',
        [`click:${payer.now.page}:%`],
      )
      return [bound?.content_hash, clicks.map(({ subject }) => subject.split(':').at(-1))]
    }
    await Promise.all([send({}), send({ source: 'phone_bill' }), send({})])
    expect(await payer.questions()).toHaveLength(1)
    expect(await kept()).toEqual([
      sha256(`+86${payer.now.me}`),
      [sha256(`${key}|+86${payer.now.me}`)],
    ])

    await payer.begin()
    await Promise.all([send({ source: 'card' }), send({ source: 'card' })])
    expect((await payer.questions()).map(({ id }) => id)).toEqual(['C1'])
    expect(await kept()).toEqual([
      sha256(`+86${payer.now.me}|card`),
      [sha256(`${key}|+86${payer.now.me}|card`)],
    ])
  })

  test('another source can be chosen while the question is open, and the first is taken back', async () => {
    await payer.enter({ source: 'card' })
    expect((await payer.act('change-number')).body.state).toBe('enter')
    expect(await approve()).toMatchObject({ ok: false })
    expect((await payer.enter()).body).toMatchObject({ state: 'waiting', source: 'phone_bill' })
    const before = [bank.total(), shop.carrier.total()] as const
    await payer.reply('Y')
    await payer.settled()
    expect([bank.total(), shop.carrier.total()]).toEqual([before[0], before[1] + 10_00n])
  })

  test('the question comes again from the same number', async () => {
    await payer.enter({ source: 'card' })
    shop.clock.advance(minute)
    expect((await payer.act('resend')).body).toMatchObject({ state: 'waiting', source: 'card' })
    const questions = await payer.questions()
    expect(questions.map(({ id }) => id)).toEqual(['C1', 'C1'])
    expect(new Set(questions.map(({ from }) => from)).size).toBe(1)
  })

  test('a bank that says nothing: unknown, with the source that is asked about', async () => {
    bank.script('charge', { kind: 'lose_answer' })
    await payer.enter({ source: 'card' })
    await approve()
    await payer.settled()
    expect(await payer.look()).toMatchObject({
      state: 'unknown',
      source: 'card',
      answerBy: shop.clock.now() + 24 * 60 * minute,
    })
    shop.clock.advance(5_000)
    shop.payments.kick()
    for (let i = 0; i < 200 && (await payer.look()).state !== 'paid'; i += 1) await payer.settled()
    expect((await payer.look()).state).toBe('paid')
  })
})

describe('where no cards are taken', () => {
  let shop: Shop
  let payer: Payer
  beforeAll(async () => {
    shop = await openShop()
    payer = createPayer(shop)
  })
  afterAll(() => shop.close())

  test('the page offers none, takes none, and asks for nothing dearer than the bill allows', async () => {
    await payer.begin()
    expect(await payer.look()).not.toHaveProperty('cardLimits')
    const byCard = await payer.enter({ source: 'card' })
    expect([byCard.status, byCard.body.type]).toEqual([422, '/problems/source_not_offered'])
    expect((await payer.enter()).body.state).toBe('waiting')
    const body = { amount: '3001', goods: '手机', orderId: 'dear' }
    const made = await shop.call('POST', '/v1/checkouts', { body })
    expect(made.body.type).toBe('/problems/over_single_limit')
  })
})
