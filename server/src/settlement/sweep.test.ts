/** The sweep on a real database: what it moves, what it leaves, and that it moves nothing twice. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { bucketOf } from '../kernel/index.ts'
import { closeDue } from './close-day.ts'
import { sweepMerchant } from './sweep.ts'
import { settlementInvariants } from './verify.ts'

const hour = 3_600_000
const games = '1065800886021'
const merchantId = '6021'
const saturday = '2026-09-12'
const log = { info: () => {}, warn: () => {}, error: (...all: unknown[]) => console.error(...all) }

describe('sweeping', () => {
  let world: World
  let numbers = 0
  beforeEach(async () => {
    world = await createWorld()
  })
  afterEach(async () => {
    expect(await offencesIn(world.db)).toEqual([])
    await world.close()
  })

  /** Each buyer is of another bucket. */
  async function buy(product = '100') {
    numbers += 1
    const me = `+86139007${String(numbers).padStart(5, '0')}`
    await world.text(me, games, product)
    await world.text(me, games, 'Y')
    await world.settle()
    const { items } = await world.payments.list({ msisdn: me, order: 'desc', offset: 0, limit: 1 })
    if (!items[0]) throw new Error('nothing was bought')
    return items[0]
  }
  type Sale = Awaited<ReturnType<typeof buy>>
  const askRefund = async ({ id: paymentId, msisdn }: Sale, amount: bigint) =>
    expect(
      await world.payments.refund({ paymentId, msisdn, amount, reason: 'test' }),
    ).toMatchObject({ ok: true })
  async function refund(sale: Sale, amount: bigint) {
    await askRefund(sale, amount)
    await world.settle()
  }
  const sweep = (date = saturday) => sweepMerchant(world, { merchantId, date })
  const swept = (amount: bigint, transfers: number) => ({ ok: true, value: { amount, transfers } })
  const refused = (refusal: string) => ({ ok: false, refusal })
  async function dayEnds() {
    world.clock.advance(24 * hour)
    await closeDue({ ...world, log })
  }
  /** Balance by bucket, of buckets that have one. */
  async function balances(kind: 'pending' | 'payable') {
    const rows = await world.db.query<{ bucket: number; balance: bigint }>(
      `select bucket, credits_posted - debits_posted as balance from account
        where name = $1 and credits_posted <> debits_posted`,
      [`merchant-${kind}:${merchantId}`],
    )
    return new Map(rows.map((row) => [row.bucket, row.balance]))
  }
  const home = bucketOf(merchantId)

  test('what was sold up to the day becomes one payable balance, once', async () => {
    await buy('100')
    await buy('300')
    expect(await sweep()).toEqual(refused('not_closed'))
    await dayEnds()
    expect(await sweep()).toMatchObject(swept(40_00n, 2))
    expect(await balances('pending')).toEqual(new Map())
    expect(await balances('payable')).toEqual(new Map([[home, 40_00n]]))
    expect(await sweep()).toEqual(refused('already_swept'))
    expect(await sweep('2026-09-11')).toEqual(refused('already_swept'))
    expect(await sweepMerchant(world, { merchantId: '9999', date: saturday })).toEqual(
      refused('merchant_unknown'),
    )
  })

  test('it is posted on the first open day, and that day closes as if it had not been', async () => {
    await buy('100')
    await dayEnds()
    const later = await buy('300')
    expect(await sweep()).toMatchObject({ ok: true, value: { postedOn: '2026-09-13' } })
    await dayEnds()
    const days = await world.db.query('select date, sales from closed_day order by date')
    expect(days).toEqual([
      { date: saturday, sales: 10_00n },
      { date: '2026-09-13', sales: 30_00n },
    ])
    await refund(later, 30_00n)
    expect(await sweep('2026-09-13')).toMatchObject({ ok: true, value: { amount: 0n } })
  })

  test('later sales stay, and so does what is held for refunds under way', async () => {
    const first = await buy('300')
    await dayEnds()
    const second = await buy('300')
    world.carrier.script('refund', { kind: 'away' }, 10)
    await askRefund(first, 5_00n)
    await askRefund(second, 7_00n)
    await world.settle()
    expect(await sweep()).toMatchObject(swept(25_00n, 1))
    expect(await balances('pending')).toEqual(
      new Map([
        [first.bucket, 5_00n],
        [second.bucket, 30_00n],
      ]),
    )
    // The carrier answers at last: one hour later both are given back.
    world.carrier.clearScripts()
    world.clock.advance(25 * hour)
    await world.settle()
    expect(await balances('pending')).toEqual(new Map([[second.bucket, 23_00n]]))
    await closeDue({ ...world, log })
    expect(await sweep('2026-09-13')).toMatchObject(swept(23_00n, 1))
    expect(await balances('payable')).toEqual(new Map([[home, 48_00n]]))
  })

  test('a sale that was swept is refunded out of what is payable, and the next sweep evens it', async () => {
    const sale = await buy('300')
    await dayEnds()
    await sweep()
    await refund(sale, 12_00n)
    expect(await balances('payable')).toEqual(
      new Map([
        [home, 30_00n],
        [sale.bucket, -12_00n],
      ]),
    )
    await buy('100')
    await dayEnds()
    expect(await sweep('2026-09-13')).toMatchObject(swept(-2_00n, 2))
    expect(await balances('payable')).toEqual(new Map([[home, 28_00n]]))
    await refund(sale, 18_00n)
    await dayEnds()
    expect(await sweep('2026-09-14')).toMatchObject(swept(-18_00n, 1))
    expect(await balances('payable')).toEqual(new Map([[home, 10_00n]]))
  })

  test('a day that was left out comes with the next one', async () => {
    await buy('100')
    await dayEnds()
    await buy('300')
    await dayEnds()
    expect(await sweep('2026-09-13')).toMatchObject({ ok: true, value: { amount: 40_00n } })
  })

  test.runIf(engines.includes('postgres'))(
    'swept and refunded at the same time, by many',
    async () => {
      const sales = []
      for (let n = 0; n < 6; n += 1) sales.push(await buy('300'))
      await dayEnds()
      const refunds = Promise.all(sales.map((sale) => askRefund(sale, 30_00n)))
      const results = await Promise.all(Array.from({ length: 6 }, () => sweep()))
      await refunds
      expect(results.filter((one) => one.ok)).toHaveLength(1)
      await world.settle()
      await dayEnds()
      await sweep('2026-09-13')
      expect(await balances('pending')).toEqual(new Map())
      expect(await balances('payable')).toEqual(new Map())
    },
  )

  const undo = new Error('undo')
  test.each([
    [
      'an account was swept twice',
      `update transfer set subject = 'sweep:6021:2026-09-12' where reason = 'settle'`,
    ],
    ['an open day was swept', `update merchant set swept_through = '2026-09-20' where id = '6021'`],
  ])('verify notices when %s', async (_, statement) => {
    const sale = await buy()
    const msisdn = sale.msisdn
    await dayEnds()
    await sweep()
    await world.text(msisdn, games, '100')
    await world.text(msisdn, games, 'Y')
    await world.settle()
    await dayEnds()
    await sweep('2026-09-13')
    const attempt = world.db.transact(async (tx) => {
      await tx.query(statement)
      expect((await settlementInvariants[0]?.check(tx))?.offences).toBeGreaterThan(0n)
      throw undo
    })
    await expect(attempt).rejects.toBe(undo)
  })
})
