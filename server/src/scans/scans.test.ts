/** Tills and the codes they read, over the merchant API: paid once, found by the order number, cancelled for good. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { type CodeDevice, codeDevice } from '../../../test/payment-code.ts'
import { openShop, type Shop } from '../../../test/shop.ts'
import type { Tx } from '../db/index.ts'
import type { Funds, ScanTools } from './index.ts'

const minute = 60_000

/** With its code where the money is plain, or after it: nobody outside can tell. */
const ways = ['with its code', 'after its code'] as const
const stages = engines.flatMap((engine) => ways.map((way) => ({ engine, way })))

describe.each(stages)('on $engine, paid $way', ({ engine, way }) => {
  const between = test.runIf(way === 'after its code')
  let shop: Shop
  let funds: Funds
  /** What they are to pay from first, if it is something else. */
  let first: Funds | undefined
  /** While the order is taken and its payment not yet placed. */
  let meanwhile: () => Promise<unknown>
  let numbers = 0
  let orderId = ''
  let phone: CodeDevice
  beforeAll(async () => {
    const fundsFor = async () => {
      await meanwhile()
      return funds
    }
    const firstFunds: ScanTools['firstFunds'] = async (_, wishes) =>
      wishes.map(() => (way === 'with its code' ? (first ?? funds) : undefined))
    shop = await openShop({ engine, scans: { fundsFor, firstFunds } })
  })
  beforeEach(async () => {
    numbers += 1
    orderId = `till/${numbers}`
    funds = { source: 'phone_bill', card: null, asksPin: false }
    first = undefined
    meanwhile = async () => {}
    shop.carrier.clearScripts()
    shop.clock.advance(minute)
    // A stranger is asked about before anything is ordered.
    await shop.knowNumber(`+86139002${String(numbers).padStart(5, '0')}`)
    phone = await codeDevice(shop, `+86139002${String(numbers).padStart(5, '0')}`)
  })
  afterAll(async () => {
    expect(await offencesIn(shop.db)).toEqual([])
    await shop.close()
  })

  const scan = async (more: object = {}, key?: string) =>
    shop.call('POST', '/v1/scans', {
      ...(key !== undefined && { key }),
      body: { code: await phone.code(), amount: '1200', orderId, ...more },
    })
  const path = () => `/v1/scans/${encodeURIComponent(orderId)}`
  const look = async () => (await shop.call('GET', path())).body
  const cancel = async () => shop.call('POST', `${path()}/cancel`)
  const chargedFor = () => {
    const { charges } = shop.carrier
    const mine = [...charges.values()].filter(({ state }) => state === 'committed')
    return mine.reduce((sum, { amount, refunded }) => sum + amount - refunded, 0n)
  }
  const nextLook = async () => {
    const [job] = await shop.db.query<{ due_at: bigint }>(
      `select due_at from job where topic = 'scan.settle' and subject = (
         select id::text from scan where merchant_order_id = $1)`,
      [orderId],
    )
    return Number(job?.due_at)
  }
  /** Until the order ends as said; time goes by for what waits. */
  const becomes = (outcome: string) =>
    expect
      .poll(
        async () => {
          shop.clock.advance(40_000)
          await shop.settle()
          await shop.settleScans()
          return (await look()).outcome
        },
        { interval: 10, timeout: 20_000 },
      )
      .toBe(outcome)

  test('a code pays once, and the same request again is the same order', async () => {
    const body = { code: await phone.code(), amount: '1200', orderId, goods: '热干面' }
    const all = await Promise.all(
      Array.from({ length: 8 }, () => shop.call('POST', '/v1/scans', { body })),
    )
    for (const { status, body: answer } of all) {
      expect(status).toBe(200)
      expect(answer).toMatchObject({ orderId, outcome: 'paid', source: 'phone_bill' })
    }
    expect(new Set(all.map((one) => one.body.paymentId)).size).toBe(1)
    const [{ body: first } = { body: null }] = all
    expect(await look()).toEqual(first)
    const payment = (await shop.call('GET', `/v1/payments/${first.paymentId}`)).body
    expect(payment).toMatchObject({ orderId, paid: true, amount: '1200' })
    // Who shows a code has not told a number.
    expect(payment.msisdn).not.toContain(phone.msisdn.slice(6, 10))
    const other = await scan({ amount: '1300', code: body.code })
    expect([other.status, other.body.type]).toEqual([
      409,
      '/problems/exists_with_different_content',
    ])
  })

  test('a code that two tills read pays one of them, and leaves the other its order number', async () => {
    const code = await phone.code()
    const before = chargedFor()
    const [one, two] = await Promise.all([
      shop.call('POST', '/v1/scans', { body: { code, amount: '1200', orderId } }),
      shop.call('POST', '/v1/scans', {
        key: shop.keys.books,
        body: { code, amount: '500', orderId },
      }),
    ])
    const answers = [one, two].toSorted((a, b) => a.status - b.status)
    expect(answers.map(({ status }) => status)).toEqual([200, 422])
    expect(answers[1]?.body).toMatchObject({ code: 'F2F-02', type: '/problems/payment_code_used' })
    await shop.settle()
    expect(chargedFor() - before).toBe(answers[0] === one ? 1200n : 500n)
    const loser = answers[1] === one ? shop.keys.games : shop.keys.books
    shop.clock.advance(minute)
    const next = await scan({ amount: '1100' }, loser)
    expect([next.status, next.body.outcome]).toEqual([200, 'paid'])
  })

  test('what is no code, too old or of a device that signed out is one no, and writes nothing down', async () => {
    const code = await phone.code()
    const problems = [await scan({ code: '123' }), await scan({ code: `11${code.slice(2)}` })]
    shop.signedOut.add(phone.session.id)
    problems.push(await scan())
    shop.signedOut.delete(phone.session.id)
    shop.frozen.add(phone.msisdn)
    problems.push(await scan())
    shop.frozen.delete(phone.msisdn)
    shop.clock.advance(3 * minute)
    problems.push(await scan({ code }))
    for (const { status, body } of problems) {
      expect(status).toBe(422)
      expect(body).toEqual(problems[0]?.body)
      expect(body).toMatchObject({ code: 'F2F-01', words: { zh: '付款码已过期，请刷新' } })
    }
    expect((await shop.call('GET', path())).status).toBe(404)
    expect((await scan()).body.outcome).toBe('paid')
  })

  test('orders of one moment have each its own answer, whatever their neighbours bring', async () => {
    const others = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        codeDevice(shop, `+86139003${String(numbers * 100 + n).padStart(5, '0')}`),
      ),
    )
    await Promise.all(others.map(({ msisdn }) => shop.knowNumber(msisdn)))
    const codes = await Promise.all(others.map((one) => one.code()))
    shop.signedOut.add(others[11]?.session.id ?? '')
    const wrong = (code: string) => code.slice(0, -1) + ((Number(code.at(-1)) + 1) % 10)
    const before = chargedFor()
    const asked = codes.map((code, n) => ({ code, amount: String(100 + n), orderId: `m${n}` }))
    const [first, second] = asked
    const bodies = [
      ...asked,
      // The same order again, a code that another order brings, and what is no code of anybody.
      ...[first, { ...second, orderId: 'm-again' }],
      { code: wrong(codes[2] ?? ''), amount: '900', orderId: 'm-wrong' },
    ]
    const all = await Promise.all(
      bodies.map((body) => shop.call('POST', '/v1/scans', { body: body ?? {} })),
    )
    const said = all.map(({ body }) => body.outcome ?? body.code)
    expect(said.slice(0, 1)).toEqual(['paid'])
    expect(said.slice(2, 12)).toEqual([...Array(9).fill('paid'), 'F2F-01'])
    expect(said[12]).toBe('paid')
    expect(all[12]?.body.paymentId).toBe(all[0]?.body.paymentId)
    expect([said[1], said[13]].toSorted()).toEqual(['F2F-02', 'paid'])
    expect(said[14]).toMatch(/F2F-0[12]/)
    shop.signedOut.clear()
    await shop.settle()
    expect(chargedFor() - before).toBe(
      asked.slice(0, 11).reduce((sum, { amount }) => sum + BigInt(amount), 0n),
    )
  })

  test('an order that the customer’s money refuses says why, and its code is used up', async () => {
    shop.carrier.script('charge', { kind: 'refuse', reason: 'low_credit' })
    const refused = await scan()
    expect([refused.status, refused.body.outcome, refused.body.reason]).toEqual([
      200,
      'refused',
      'low_credit',
    ])
    const again = await scan({ orderId: `${orderId}-2` })
    expect(again.body.code).toBe('F2F-02')
  })

  test('above a little the handset is asked: yes with the PIN pays, no and silence do not', async () => {
    funds = { ...funds, asksPin: true }
    const waiting = await scan()
    expect(waiting.body).toMatchObject({ outcome: 'waiting', chargedAt: null })
    expect(await shop.texts(phone.msisdn)).toEqual([])
    const { paymentId } = waiting.body
    expect(await shop.payments.approve({ paymentId, msisdn: phone.msisdn })).toMatchObject({
      ok: true,
    })
    await becomes('paid')

    orderId += '-no'
    shop.clock.advance(minute)
    const second = await scan()
    await shop.payments.cancel({ paymentId: second.body.paymentId, msisdn: phone.msisdn })
    expect(await look()).toMatchObject({ outcome: 'refused', reason: 'cancelled' })

    orderId += '-silent'
    shop.clock.advance(minute)
    expect((await scan()).body.outcome).toBe('waiting')
    await becomes('refused')
    expect((await look()).reason).toBe('expired')
  })

  test('nobody knows: cancelled at 60 s, charged all the same, and given back', async () => {
    const before = chargedFor()
    shop.carrier.script('charge', { kind: 'lose_answer' })
    // Whoever asks meanwhile learns nothing either.
    shop.carrier.script('query', { kind: 'lose_answer' }, 1_000)
    expect((await scan()).body.outcome).toBe('unknown')
    shop.clock.advance(minute)
    expect((await cancel()).body.outcome).toBe('cancelling')
    // A twentieth of its age is no whole number here.
    shop.clock.advance(47_003)
    await shop.settleScans()
    expect(await nextLook()).toBe(shop.clock.now() + 2_351)
    shop.carrier.clearScripts()
    await becomes('cancelled')
    expect(chargedFor()).toBe(before)
    const late = await scan()
    expect([late.status, late.body.type]).toEqual([409, '/problems/order_cancelled'])
    expect((await cancel()).body.outcome).toBe('cancelled')
  })

  test('what is cancelled before it comes is never taken, and the code still counts elsewhere', async () => {
    expect((await cancel()).body).toMatchObject({ outcome: 'cancelled', amount: null })
    expect((await scan()).body.type).toBe('/problems/order_cancelled')
    expect((await scan({ orderId: `${orderId}-2` })).body.outcome).toBe('paid')
  })

  test('a paid order is cancelled with its money back, and not when its day is over', async () => {
    const before = chargedFor()
    expect((await scan()).body.outcome).toBe('paid')
    await cancel()
    await becomes('cancelled')
    expect((await look()).refunded).toBe('1200')
    expect(chargedFor()).toBe(before)

    orderId += '-yesterday'
    shop.clock.advance(minute)
    expect((await scan()).body.outcome).toBe('paid')
    shop.clock.advance(24 * 60 * minute)
    const late = await cancel()
    expect([late.status, late.body.type]).toEqual([409, '/problems/cancel_period_over'])
    expect((await look()).outcome).toBe('paid')
  })

  test.each([
    [14 * minute + 59_999, 200],
    [15 * minute, 409],
  ])('paid before midnight and cancelled %d ms after it: %d', async (afterMs, status) => {
    const day = 24 * 60 * minute
    const sinceMidnight = (shop.clock.now() + 8 * 60 * minute) % day
    shop.clock.advance(day - sinceMidnight - minute)
    expect((await scan()).body.outcome).toBe('paid')
    shop.clock.advance(minute + afterMs)
    expect((await cancel()).status).toBe(status)
  })

  test('a waiting order that is cancelled asks nobody any more', async () => {
    funds = { ...funds, asksPin: true }
    const { paymentId, createdAt, expiresAt } = (await scan()).body
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(3 * minute)
    expect((await cancel()).body.outcome).toBe('cancelled')
    expect(await shop.payments.approve({ paymentId, msisdn: phone.msisdn })).toMatchObject({
      ok: false,
    })
  })

  between(
    'an order whose payment nobody placed is cancelled by time, and never comes',
    async () => {
      const body = { code: await phone.code(), amount: '1200', orderId }
      funds = undefined as never
      expect((await shop.call('POST', '/v1/scans', { body })).status).toBe(500)
      expect((await look()).outcome).toBe('unknown')
      shop.clock.advance(80_000)
      await shop.settleScans()
      expect((await look()).outcome).toBe('cancelled')
      funds = { source: 'phone_bill', card: null, asksPin: false }
      const late = await shop.call('POST', '/v1/scans', { body })
      expect(late.body.type).toBe('/problems/order_cancelled')
    },
  )

  between('an order that goes on after a crash is placed once', async () => {
    const body = { code: await phone.code(), amount: '1200', orderId }
    const placing = funds
    funds = undefined as never
    await shop.call('POST', '/v1/scans', { body })
    funds = placing
    const before = chargedFor()
    const all = await Promise.all(
      Array.from({ length: 4 }, () => shop.call('POST', '/v1/scans', { body })),
    )
    expect(all.map((one) => one.body.outcome)).toEqual(Array(4).fill('paid'))
    expect(chargedFor() - before).toBe(1200n)
  })

  between('cancelled while its payment is on its way, that is given back', async () => {
    const before = chargedFor()
    meanwhile = async () => expect((await cancel()).body.outcome).toBe('cancelled')
    expect((await scan()).body.outcome).toMatch(/^cancell(ing|ed)$/)
    await becomes('cancelled')
    expect((await look()).refunded).toBe('1200')
    expect(chargedFor()).toBe(before)
  })

  between(
    'a payment that comes after its order was cancelled and settled is given back all the same',
    async () => {
      const before = chargedFor()
      const { msisdn } = phone
      meanwhile = async () => {
        await cancel()
        expect(await shop.settleScans()).toBeGreaterThan(0)
        // Whoever places it is gone before it looks.
        throw new Error('the power went')
      }
      expect((await scan()).status).toBe(500)
      const rows = await shop.db.query<{ payment_id: string; client: string; merchant_id: string }>(
        'select payment_id, client, merchant_id from scan where merchant_order_id = $1',
        [orderId],
      )
      const [row] = rows
      const { payment_id: paymentId = '', client = '', merchant_id: merchantId = '' } = row ?? {}
      const key = { scope: `order:${merchantId}`, key: orderId, contentHash: 'of the till' }
      const placed = await shop.payments.order({
        ...{ paymentId, msisdn, merchantId, what: { amount: 1200n }, client, keys: [key] },
        ...{ channel: 'api', consent: 'device', flow: 'charge', merchantOrderId: orderId },
      })
      expect(placed.ok).toBe(true)
      await becomes('cancelled')
      expect((await look()).refunded).toBe('1200')
      expect(chargedFor()).toBe(before)
    },
  )

  test('money that comes first and cannot pay leaves it to what comes next', async () => {
    first = { source: 'wallet', card: null, asksPin: false }
    expect((await scan()).body).toMatchObject({ outcome: 'paid', source: 'phone_bill' })
  })

  test('what is paid with its code leaves nothing to time, what is placed after it a look', async () => {
    await scan()
    const left = await shop.db.query(
      `select 1 from job j join scan s on s.id::text = j.subject
       where j.topic = 'scan.settle' and s.merchant_order_id = $1`,
      [orderId],
    )
    expect(left).toHaveLength(way === 'with its code' ? 0 : 1)
  })

  test('an order number that a payment has is not free for a code', async () => {
    const made = await shop.call('POST', '/v1/payments', {
      body: { msisdn: phone.msisdn.slice(3), amount: '1200', orderId, consent: 'none' },
    })
    expect(made.status).toBe(201)
    const before = chargedFor()
    expect((await scan()).status).toBe(409)
    expect(chargedFor()).toBe(before)
  })

  test.runIf(way === 'with its code')(
    'what the merchant may sell is used up by others meanwhile: the code is decided again',
    async () => {
      const use = (tx: Tx, amount: bigint) =>
        tx.query(
          `update limit_counter set used = used + $1::int8
           where subject = 'merchant:6021' and period = (
             select max(period) from limit_counter where subject = 'merchant:6021')`,
          [amount],
        )
      const cap = shop.catalogue.merchant('6021')?.dailyCap ?? 0n
      await scan({ orderId: `${orderId}/first` })
      shop.clock.advance(minute)
      const body = { code: await phone.code(), amount: '1200', orderId }
      const told = await shop.db.transact(async (tx) => {
        // It has read what was sold, and cannot write down what it decides.
        await tx.query('lock table payment_event in exclusive mode')
        const answer = shop.call('POST', '/v1/scans', { body })
        const waits = `select 1 from pg_locks where not granted and relation = 'payment_event'::regclass`
        await expect.poll(() => tx.query(waits), { interval: 5, timeout: 10_000 }).toHaveLength(1)
        await use(tx, cap)
        return { answer }
      })
      const { status, body: answer } = await told.answer
      await shop.db.transact((tx) => use(tx, -cap))
      expect([status, answer.outcome, answer.reason]).toEqual([200, 'refused', 'over_merchant_cap'])
    },
  )

  test('the order of another merchant is not there', async () => {
    await scan()
    const answer = await shop.call('GET', path(), { key: shop.keys.books })
    expect(answer.status).toBe(404)
    await shop.call('POST', `${path()}/cancel`, { key: shop.keys.books })
    expect((await look()).outcome).toBe('paid')
  })

  test('paid and cancelled at the same instant is paid and given back, or never paid', async () => {
    for (let round = 0; round < 6; round += 1) {
      const before = chargedFor()
      orderId = `till/${numbers}-race-${round}`
      shop.clock.advance(2 * minute)
      await Promise.all([scan(), cancel()])
      await becomes('cancelled')
      expect(chargedFor()).toBe(before)
    }
  })
})
