/** Closing days, on a real database: what a closed day promises, from two processes too. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { createWorld, type World } from '../../../test/world.ts'
import { createBusinessTime } from '../kernel/index.ts'
import { closeDay, closeDue } from './close-day.ts'
import { produceStatement } from './statement.ts'
import { daysOf, totalsOf } from './store.ts'

const hour = 3_600_000
const minute = 60_000
const games = '1065800886021'
const card = {
  ...{ id: '019a0000-0000-7000-8000-000000000001', bank: 'jiangcheng', last4: '6215' },
  ...{ bankName: { zh: '江城银行', en: 'Jiangcheng Bank' }, single: 1_000_00n, day: 1_200_00n },
}
const log = { info: () => {}, warn: () => {}, error: (...all: unknown[]) => console.error(...all) }

describe.each(engines)('on %s', (engine) => {
  let world: World
  let numbers = 0
  beforeEach(async () => {
    world = await createWorld({ engine })
  })
  afterEach(async () => {
    await world.close()
  })

  async function buy(product = '100', to = games): Promise<string> {
    numbers += 1
    const me = `+86139005${String(numbers).padStart(5, '0')}`
    await world.text(me, to, product)
    await world.text(me, to, 'Y')
    await world.settle()
    const { items } = await world.payments.list({ msisdn: me, order: 'desc', offset: 0, limit: 1 })
    return items[0]?.id ?? ''
  }
  async function refund(paymentId: string, amount: bigint): Promise<void> {
    const payment = await world.payments.get(paymentId)
    const done = await world.payments.refund({
      paymentId,
      msisdn: payment?.msisdn ?? '',
      amount,
      reason: 'test',
    })
    expect(done.ok).toBe(true)
    await world.settle()
  }
  const statement = async (
    date: string,
    format: 'v3' | 'native' = 'native',
    merchantId = '6021',
  ) => {
    const order = { merchantId, date, format, now: world.clock.now() }
    const made = await produceStatement(world.db, world.time, order)
    const text = new TextDecoder(format === 'v3' ? 'gb18030' : 'utf-8').decode(made.bytes)
    return { ...made, text }
  }
  const closing = () => ({ ...world, log })
  const trailerOf = (text: string) => text.trimEnd().split('\r\n').at(-1)
  const nextDay = () => world.clock.advance(24 * hour)

  test('a day is closed when it is over and its half hour has passed, with totals as the ledger', async () => {
    const sale = await buy('300')
    await buy('100')
    await refund(sale, 4_00n)
    expect((await statement('2026-09-12')).status).toBe('not_ready')
    expect(await closeDay(closing(), '2026-09-12')).toMatchObject({ refusal: 'not_over' })
    // 00:29:59 of the next day in Shanghai.
    world.clock.advance(14 * hour + 30 * minute - 1_000)
    const due = await closeDue(closing())
    expect(due).toBe(world.clock.now() + 1_000)
    expect((await daysOf(world.db)).closedThrough).toBeNull()
    expect(trailerOf((await statement('2026-09-12')).text)).toBe(
      'TRADEDETAIL-END,6021,20260912,-1,-1',
    )
    world.clock.advance(1_000)
    expect(await closeDue(closing())).toBe(due + 24 * hour)
    const [day] = await world.db.query('select * from closed_day')
    expect(day).toMatchObject({ sales_count: 2n, sales: 40_00n, refunds_count: 1n, refunds: 4_00n })
    const made = await statement('2026-09-12')
    expect([made.status, made.name]).toEqual(['closed', '6021.20260912.native.txt'])
    expect(trailerOf(made.text)).toBe(
      'TRADEDETAIL-END,6021,20260912,3,3600,CARRIER,3,3600,CARD,0,0,WALLET,0,0',
    )
    expect(trailerOf((await statement('2026-09-12', 'v3')).text)).toBe(
      'TRADEDETAIL-END,6021,20260912,2,4000',
    )
    expect(trailerOf((await statement('2026-09-12', 'native', '6022')).text)).toBe(
      'TRADEDETAIL-END,6022,20260912,0,0,CARRIER,0,0,CARD,0,0,WALLET,0,0',
    )
    expect(await offencesIn(world.db)).toEqual([])
  })

  test('a closed day says the same bytes for ever, from every process', async () => {
    const sale = await buy('300')
    await buy('100')
    nextDay()
    await closeDue(closing())
    const first = [await statement('2026-09-12'), await statement('2026-09-12', 'v3')]
    await refund(sale, 30_00n)
    await buy('100')
    nextDay()
    await closeDue(closing())
    const other = await createWorld({ db: world.db, clock: world.clock })
    for (const [i, format] of (['native', 'v3'] as const).entries()) {
      const order = { merchantId: '6021', date: '2026-09-12', format, now: world.clock.now() }
      const again = await produceStatement(other.db, createBusinessTime(), order)
      expect(again.sha256).toBe(first[i]?.sha256)
      expect(Buffer.from(again.bytes)).toEqual(Buffer.from(first[i]?.bytes ?? []))
    }
    await other.close()
    expect(trailerOf((await statement('2026-09-13')).text)).toBe(
      'TRADEDETAIL-END,6021,20260913,2,-2000,CARRIER,2,-2000,CARD,0,0,WALLET,0,0',
    )
  })

  test('a sale by card and its refund say so, and so do the totals of the day', async () => {
    const sale = await world.payments.order({
      ...{ msisdn: '+8613900500999', merchantId: '6021', channel: 'api', consent: 'token' },
      ...{ what: { product: '100' }, flow: 'charge', card },
    })
    await buy('300')
    await world.settle()
    await refund(sale.ok ? sale.value.payment.id : '', 4_00n)
    nextDay()
    await closeDue(closing())
    const { text } = await statement('2026-09-12')
    expect(text).toMatch(/,1000,01,CARD,20260912,01,[\s\S]*,400,01,CARD,20260912,20,/)
    expect(trailerOf(text)).toBe(
      'TRADEDETAIL-END,6021,20260912,3,3600,CARRIER,1,3000,CARD,2,600,WALLET,0,0',
    )
    const { bySource, ...totals } = await totalsOf(world.db, '2026-09-12', '6021')
    expect(totals).toEqual({ salesCount: 2n, sales: 40_00n, refundsCount: 1n, refunds: 4_00n })
    expect(bySource.card).toEqual({
      salesCount: 1n,
      sales: 10_00n,
      refundsCount: 1n,
      refunds: 4_00n,
    })
  })

  test('a day that was closed before statements said who paid keeps its bytes', async () => {
    await buy('100')
    nextDay()
    await closeDue(closing())
    await world.db.transact((tx) => tx.query('update closed_day set statement_layout = 1'))
    const then = await statement('2026-09-12')
    expect(then.text).toMatch(/START,6021,20260912,4\.0,.*\r\n.*,02,CARRIER,.*\r\n.*,1,1000\r\n$/)
    await buy('100')
    nextDay()
    await closeDue(closing())
    expect((await statement('2026-09-12')).sha256).toBe(then.sha256)
    expect((await statement('2026-09-13')).text).toContain('START,6021,20260913,4.1,')
  })

  test('what is answered after the closing is in the next day', async () => {
    world.clock.advance(13 * hour + 59 * minute)
    world.carrier.script('charge', { kind: 'lose_answer' })
    world.carrier.script('query', { kind: 'lose_answer' })
    const late = await buy('100')
    expect((await world.payments.get(late))?.state).toBe('charge_unknown')
    world.clock.advance(31 * minute)
    await closeDue(closing())
    await world.settle()
    world.clock.advance(10 * minute)
    await world.settle()
    expect(await world.payments.get(late)).toMatchObject({
      state: 'delivering',
      businessDate: '2026-09-13',
    })
    expect(trailerOf((await statement('2026-09-12')).text)).toBe(
      'TRADEDETAIL-END,6021,20260912,0,0,CARRIER,0,0,CARD,0,0,WALLET,0,0',
    )
    nextDay()
    await closeDue(closing())
    const next = await statement('2026-09-13')
    expect(trailerOf(next.text)).toBe(
      'TRADEDETAIL-END,6021,20260913,1,1000,CARRIER,1,1000,CARD,0,0,WALLET,0,0',
    )
    // It was ordered on the day before, and its line says so.
    expect(next.text).toMatch(/,20260912,20260913,1000,/)
    expect(await offencesIn(world.db)).toEqual([])
  })

  test('a process whose clock is behind cannot post on a closed day', async () => {
    nextDay()
    await buy('100')
    await world.db.transact((tx) =>
      tx.query("update business_day set closed_through = '2026-09-13'::date"),
    )
    const paid = await buy('100')
    expect((await world.payments.get(paid))?.businessDate).toBe('2026-09-14')
  })

  test('a day on which payments and ledger differ stays open, and so do the days after it', async () => {
    const sale = await buy('300')
    nextDay()
    await buy('100')
    nextDay()
    await world.db.transact((tx) =>
      tx.query('update payment set amount = amount + 1 where id = $1', [sale]),
    )
    expect(await closeDay(closing(), '2026-09-12')).toMatchObject({
      refusal: 'differs_from_ledger',
    })
    await expect(closeDue(closing())).rejects.toThrow(/2026-09-12 cannot be closed/)
    expect((await daysOf(world.db)).closedThrough).toBeNull()
    expect(await world.db.query('select * from closed_day')).toEqual([])
    await world.db.transact((tx) =>
      tx.query('update payment set amount = amount - 1 where id = $1', [sale]),
    )
    await closeDue(closing())
    expect((await daysOf(world.db)).closedThrough).toBe('2026-09-13')
  })

  test('a row of a closed day that was tampered with is noticed when its file is made again', async () => {
    const sale = await buy('300')
    nextDay()
    await closeDue(closing())
    const good = await statement('2026-09-12')
    const set = (amount: bigint) =>
      world.db.transact((tx) =>
        tx.query('update payment set amount = $1 where id = $2', [amount, sale]),
      )
    await set(29_00n)
    await expect(statement('2026-09-12')).rejects.toThrow(/is not what it was/)
    await set(30_00n)
    expect((await statement('2026-09-12')).sha256).toBe(good.sha256)
  })

  test('many close at once: one does', async () => {
    await buy('100')
    nextDay()
    const other = await createWorld({ db: world.db, clock: world.clock })
    const results = await Promise.all(
      Array.from({ length: 16 }, (_, i) =>
        closeDay(i % 2 ? closing() : { ...other, log }, '2026-09-12'),
      ),
    )
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    for (const result of results) if (!result.ok) expect(result.refusal).toBe('already_closed')
    expect(await world.db.query('select * from closed_day')).toHaveLength(1)
    await Promise.all(Array.from({ length: 8 }, () => closeDue(closing())))
    expect((await daysOf(world.db)).closedThrough).toBe('2026-09-12')
    await other.close()
  })

  test('purchases that race with the closing are in one day or the other, never in none', async () => {
    world.clock.advance(14 * hour - 1)
    const buying = Array.from({ length: 12 }, () => buy('100'))
    world.clock.advance(30 * minute + 1)
    await Promise.all([...buying, closeDue(closing()), closeDue(closing())])
    await world.settle()
    nextDay()
    await closeDue(closing())
    const days = await Promise.all(
      ['2026-09-12', '2026-09-13'].map((date) => totalsOf(world.db, date, '6021')),
    )
    expect(days.reduce((count, day) => count + day.salesCount, 0n)).toBe(12n)
    expect(await offencesIn(world.db)).toEqual([])
  })

  test('after days of rest all are closed in order; a day is not closed before its turn', async () => {
    await buy('100')
    for (let day = 0; day < 4; day += 1) nextDay()
    await buy('300')
    expect(await closeDay(closing(), '2026-09-14')).toMatchObject({ refusal: 'not_its_turn' })
    await closeDue(closing())
    const rows = await world.db.query<{ date: string; sales: bigint }>(
      'select date, sales from closed_day order by date',
    )
    expect(rows.map((row) => [String(row.date), row.sales])).toEqual([
      ['2026-09-12', 10_00n],
      ['2026-09-13', 0n],
      ['2026-09-14', 0n],
      ['2026-09-15', 0n],
    ])
    expect(await closeDay(closing(), '2026-09-13')).toMatchObject({ refusal: 'already_closed' })
  })

  test('lines that were posted in the same instant stand in the order of their numbers, by bytes', async () => {
    for (const orderId of ['b', 'A', 'a', 'B', '_']) {
      numbers += 1
      await world.payments.order({
        msisdn: `+86139005${String(numbers).padStart(5, '0')}`,
        merchantId: '6021',
        what: { product: '100' },
        channel: 'api',
        consent: 'token',
        flow: 'charge',
        merchantOrderId: orderId,
      })
    }
    await world.settle()
    nextDay()
    await closeDue(closing())
    const ids = (await statement('2026-09-12')).text
      .split('\r\n')
      .slice(1, -2)
      .map((row) => row.split(',')[3])
    expect(ids).toEqual(['A', 'B', '_', 'a', 'b'])
  })
})
