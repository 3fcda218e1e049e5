/** Whom the payment page lets be asked, how often, and what it tells of those it may not. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../../test/books.ts'
import { engines } from '../../../../test/database.ts'
import { createPayer, type Payer } from '../../../../test/payer.ts'
import { type Answer, openShop, type Shop } from '../../../../test/shop.ts'

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

  test('from the second number on a sum is asked, and only the right answer passes', async () => {
    await payer.enter()
    await payer.act('change-number')
    expect((await payer.look()).state).toBe('enter')
    const [a = 0, b = 0] = (await payer.look()).captcha.question.split(' + ').map(Number)
    for (const captcha of ['', '0', String(a + b + 1), `${a}+${b}`, 'NaN']) {
      const answer = await payer.enter({ number: payer.nextNumber(), captcha })
      expect([answer.status, answer.body.type]).toEqual([422, '/problems/captcha_wrong'])
    }
    const other = payer.nextNumber()
    expect((await payer.enter({ number: other })).body.state).toBe('waiting')
    expect(await payer.questions(other)).toHaveLength(1)
    // The first number's question was taken back: its yes charges nothing.
    await payer.reply('Y')
    expect((await shop.texts(`+86${payer.now.me}`)).map((text) => text.id)).not.toContain('T2')
    expect((await payer.look()).state).toBe('waiting')
  })

  test('a question comes again after a minute, not before, and counts for the number', async () => {
    await payer.enter()
    expect((await payer.act('resend')).status).toBe(409)
    shop.clock.advance(minute - 1)
    expect((await payer.act('resend')).status).toBe(409)
    shop.clock.advance(1)
    const both = await Promise.all([payer.act('resend'), payer.act('resend')])
    expect(both.map((answer) => answer.status).toSorted()).toEqual([200, 409])
    expect(await payer.questions()).toHaveLength(2)
    shop.clock.advance(minute)
    expect((await payer.act('resend')).body).toMatchObject({
      sentAt: shop.clock.now(),
      resendAfter: shop.clock.now() + minute,
    })
    expect(await payer.questions()).toHaveLength(3)
    shop.clock.advance(minute)
    expect((await payer.act('resend')).status).toBe(409)
    const other = await payer.open()
    const answer = await payer.enter({ id: other })
    expect([answer.status, answer.body.type]).toEqual([429, '/problems/too_many_questions'])
  })

  test('a number gets three questions an hour from all pages together, also from pages at once', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, () => payer.open()))
    const answers = await Promise.all(pages.map((id) => payer.enter({ id })))
    const statuses = answers.map((answer) => answer.status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(3)
    expect(statuses.filter((status) => status === 429)).toHaveLength(5)
    expect(await payer.questions()).toHaveLength(3)
    shop.clock.advance(60 * minute + 1)
    expect((await payer.enter({ id: await payer.open() })).status).toBe(200)
  })

  test('an address asks for twenty questions an hour', async () => {
    const from = '203.0.113.9'
    const ask = async () => {
      const id = await payer.open()
      return shop.call('POST', `/checkout/${id}/number`, {
        body: { msisdn: payer.nextNumber() },
        headers: { 'idempotency-key': `from-one-address-${id}` },
        from,
      })
    }
    const statuses: number[] = []
    for (let i = 0; i < 22; i += 1) statuses.push((await ask()).status)
    expect(statuses).toEqual([...Array.from({ length: 20 }, () => 200), 429, 429])
  })

  describe('whatever stands behind a number that may not pay', () => {
    const behind = {
      unknown: async () =>
        shop.carrier.script('line', { kind: 'refuse', reason: 'line_suspended' }),
      suspended: async () =>
        void shop.carrier.lines.set(`+86${payer.now.me}`, { status: 'suspended' }),
      closed: async () => void shop.carrier.lines.set(`+86${payer.now.me}`, { status: 'closed' }),
      blacklisted: async () => {
        await shop.db.transact((tx) =>
          tx.query(
            `insert into risk_entry (id, list, subject_kind, subject, reason, author, created_at)
              values ($1, 'black', 'number', $2, 'r', 'a', 0)`,
            [shop.ids.next(0, shop.clock.now()), `+86${payer.now.me}`],
          ),
        )
      },
    }
    const without = ({ msisdn, id, orderNo, now, expiresAt, captcha, ...rest }: Answer['body']) =>
      rest

    test('the answer is the same to the letter, and no text goes out', async () => {
      const answers: unknown[] = []
      for (const prepare of Object.values(behind)) {
        payer.now.me = payer.nextNumber()
        payer.now.page = await payer.open()
        await prepare()
        const answer = await payer.enter()
        answers.push([answer.status, without(answer.body), Object.keys(answer.body)])
        expect(await shop.texts(`+86${payer.now.me}`)).toEqual([])
      }
      expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
      expect(answers[0]).toMatchObject([200, { state: 'declined' }, expect.anything()])
    })

    test('another number can be tried', async () => {
      await behind.blacklisted()
      expect((await payer.enter()).body).toMatchObject({ state: 'declined', captcha: {} })
      payer.now.me = payer.nextNumber()
      expect((await payer.enter()).body.state).toBe('waiting')
    })
  })

  test('a carrier that cannot be asked is told, and the same click works when it is back', async () => {
    shop.carrier.script('line', { kind: 'away' })
    const body = { msisdn: payer.now.me }
    const send = () =>
      shop.call('POST', `/checkout/${payer.now.page}/number`, {
        body,
        headers: { 'idempotency-key': 'again-and-again' },
      })
    const away = await send()
    expect([away.status, away.body.type]).toEqual([503, '/problems/carrier_away'])
    expect((await payer.look()).state).toBe('enter')
    expect((await send()).body.state).toBe('waiting')
  })
})
