/** Requests for money, mandates and standing orders. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { masked } from '../kernel/index.ts'
import type { GiveMandate } from './transfers.ts'

const hour = 3_600_000
const day = 24 * hour

let stage: Stage
let numbers = 0
beforeAll(async () => {
  stage = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})
const customer = (amount = 0n) => {
  numbers += 1
  return stage.customer(`+86137${String(numbers).padStart(8, '0')}`, amount)
}
const idsTold = async ({ msisdn }: Customer) => (await stage.told(msisdn)).map(({ id }) => id)
const values = <Value>(result: { ok: true; value: Value } | { ok: false; refusal: string }) => {
  if (!result.ok) throw new Error(result.refusal)
  return result.value
}

describe('a request', () => {
  const ask = async (a: Customer, from: Customer, amount = 12_00n) =>
    values(
      await stage.transfers.ask({ msisdn: a.msisdn, from: from.msisdn, amount, key: stage.key() }),
    ).request
  const payIt = ({ msisdn }: Customer, requestId: string, key = stage.key()) =>
    stage.transfers.payRequest({ msisdn, requestId, key, channel: 'web' })

  test('is paid by the one who is asked, once', async () => {
    const [a, b] = [await customer(), await customer(20_00n)]
    const request = await ask(a, b)
    const paid = values(await payIt(b, request.id, 'yes'))
    expect(paid.transfer).toMatchObject({ state: 'done', origin: 'request', originId: request.id })
    expect(values(await payIt(b, request.id, 'yes'))).toMatchObject({ replayed: true })
    expect(await payIt(b, request.id)).toMatchObject({ refusal: 'not_open' })
    // Another request of the same amount is not paid by what paid this one.
    const second = await ask(a, b)
    expect(await payIt(b, second.id, 'yes')).toMatchObject({
      refusal: 'exists_with_different_content',
    })
    await stage.transfers.cancelRequest({ msisdn: a.msisdn, requestId: second.id })
    expect(await stage.available(a.msisdn)).toBe(12_00n)
    expect(await stage.transfers.request(request.id)).toMatchObject({
      ...{ state: 'paid', transferId: paid.transfer.id },
    })
    expect(await idsTold(b)).toEqual(['transfer_requested', 'transfer_sent', 'transfer_requested'])
  })

  test('what cannot be paid stays open', async () => {
    const [a, b] = [await customer(), await customer(1_00n)]
    const { id } = await ask(a, b)
    expect(await payIt(b, id)).toMatchObject({ refusal: 'low_balance' })
    expect(await stage.transfers.request(id)).toMatchObject({ state: 'open' })
  })

  test('is declined by the one, cancelled by the other, and by nobody else', async () => {
    const [a, b, c] = [await customer(), await customer(20_00n), await customer()]
    const [one, two] = [await ask(a, b), await ask(a, b)]
    const { decline, cancelRequest } = stage.transfers
    expect(await decline({ msisdn: c.msisdn, requestId: one.id })).toMatchObject({
      refusal: 'not_found',
    })
    expect(await decline({ msisdn: b.msisdn, requestId: one.id })).toMatchObject({
      ...{ ok: true, value: { state: 'declined' } },
    })
    expect(await cancelRequest({ msisdn: b.msisdn, requestId: two.id })).toMatchObject({
      refusal: 'not_found',
    })
    expect(await cancelRequest({ msisdn: a.msisdn, requestId: two.id })).toMatchObject({
      ...{ ok: true, value: { state: 'cancelled' } },
    })
    for (const { id } of [one, two])
      expect(await payIt(b, id)).toMatchObject({ refusal: 'not_open' })
    expect(await idsTold(a)).toEqual(['transfer_request_declined'])
  })

  test('is listed for both', async () => {
    const [a, b] = [await customer(), await customer()]
    const ids = [(await ask(a, b)).id, (await ask(b, a)).id, (await ask(a, b)).id].toReversed()
    for (const { msisdn } of [a, b]) {
      const page = await stage.transfers.requests(msisdn, { limit: 9 })
      expect(page.map(({ id }) => id)).toEqual(ids)
    }
  })

  test('expires after three days', async () => {
    const [a, b] = [await customer(), await customer(20_00n)]
    const { id } = await ask(a, b)
    stage.clock.advance(3 * day - 1)
    await stage.settle()
    expect(await stage.transfers.request(id)).toMatchObject({ state: 'open' })
    stage.clock.advance(1)
    await stage.settle()
    expect(await stage.transfers.request(id)).toMatchObject({ state: 'expired' })
    expect(await payIt(b, id)).toMatchObject({ refusal: 'not_open' })
  })

  test('is not paid to whoever has the number next', async () => {
    const [a, b] = [await customer(), await customer(20_00n)]
    const { id } = await ask(a, b)
    await stage.wallet.close({
      ...{ msisdn: a.msisdn, walletId: a.walletId, channel: 'counter', key: 'end' },
    })
    await stage.db.transact((tx) => stage.wallet.open(tx, { msisdn: a.msisdn, class: 'III' }))
    expect(await payIt(b, id)).toMatchObject({ refusal: 'payee_unable' })
  })

  test('the same yes again has the answer of then, though who asked has left since', async () => {
    const [a, b] = [await customer(), await customer(20_00n)]
    const { id } = await ask(a, b)
    const { transfer } = values(await payIt(b, id, 'lost'))
    await stage.leave(a)
    expect(values(await payIt(b, id, 'lost'))).toEqual({ transfer, replayed: true })
    expect(await stage.available(b.msisdn)).toBe(8_00n)
  })
})

describe('a mandate', () => {
  const today = () => stage.wallets.context.time.dateOf(stage.clock.now())
  const give = ({ msisdn }: Customer, to: Customer, more: Partial<GiveMandate> = {}) =>
    stage.transfers.give({
      ...{ msisdn, to: to.msisdn, every: 'month', cap: 30_00n, startsOn: today() },
      ...{ key: stage.key(), ...more },
    })
  const given = async (...args: Parameters<typeof give>) => values(await give(...args)).mandate
  const draw = ({ msisdn }: Customer, mandateId: string, amount: bigint, key = stage.key()) =>
    stage.transfers.draw({ msisdn, mandateId, amount, key })

  test('is drawn on by the payee up to its cap in each period', async () => {
    const [a, b] = [await customer(100_00n), await customer()]
    const { id } = await given(a, b)
    const first = values(await draw(b, id, 20_00n, 'one'))
    expect(values(await draw(b, id, 20_00n, 'one'))).toEqual({
      ...{ transfer: first.transfer, replayed: true },
    })
    expect(await draw(b, id, 10_01n)).toMatchObject({ refusal: 'over_cap', left: 10_00n })
    expect(await draw(b, id, 10_00n)).toMatchObject({ ok: true })
    expect(await stage.available(a.msisdn)).toBe(70_00n)
    stage.clock.advance(31 * day)
    expect(await draw(b, id, 30_00n)).toMatchObject({ ok: true })
  })

  test('is listed for both', async () => {
    const [a, b] = [await customer(), await customer()]
    const { id } = await given(a, b)
    for (const { walletId } of [a, b])
      expect(await stage.transfers.mandates(walletId, { limit: 9 })).toMatchObject([{ id }])
  })

  test('nobody else draws on it, and nobody after it was ended by either', async () => {
    const [a, b, c] = [await customer(100_00n), await customer(), await customer()]
    for (const who of [a, b]) {
      const { id } = await given(a, b)
      for (const other of [a, c])
        expect(await draw(other, id, 1n)).toMatchObject({ refusal: 'not_found' })
      const one = { msisdn: who.msisdn, mandateId: id }
      expect(await stage.transfers.endMandate(one)).toMatchObject({ value: { state: 'ended' } })
      expect(await draw(b, id, 1n)).toMatchObject({ refusal: 'not_open' })
    }
    const { id: mandateId } = await given(a, b)
    expect(await stage.transfers.endMandate({ msisdn: c.msisdn, mandateId })).toMatchObject({
      refusal: 'not_found',
    })
  })

  test('with an amount it draws by itself in each period until its last date', async () => {
    const [a, b] = [await customer(100_00n), await customer()]
    const order = { every: 'day', amount: 5_00n, cap: 5_00n } as const
    const startsOn = stage.wallets.context.time.nextDate(today())
    const endsOn = stage.wallets.context.time.nextDate(startsOn, 2)
    const { id } = await given(a, b, { ...order, startsOn, endsOn })
    expect(await draw(b, id, 1n)).toMatchObject({ refusal: 'not_found' })
    for (let n = 0; n < 6 * 24; n += 6) {
      stage.clock.advance(6 * hour)
      await stage.settle()
    }
    expect(await stage.available(b.msisdn)).toBe(15_00n)
    expect(await stage.transfers.mandate(id)).toMatchObject({ state: 'ended', rounds: 3 })
    expect((await idsTold(a)).filter((one) => one === 'transfer_sent')).toHaveLength(3)
  })

  test('a round that cannot be paid is told and skipped, and not made up for', async () => {
    const [a, b] = [await customer(6_00n), await customer()]
    const order = { every: 'day', amount: 5_00n, cap: 5_00n } as const
    const { id } = await given(a, b, order)
    await stage.settle()
    stage.clock.advance(day)
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(5_00n)
    expect((await stage.told(a.msisdn)).at(-1)).toEqual({
      ...{ id: 'transfer_mandate_skipped', amount: '500', other: masked(b.msisdn), why: 'WL-01' },
    })
    // Three days in which nobody looked are one round.
    await stage.wallet.cashIn({
      ...{ msisdn: a.msisdn, amount: 50_00n, till: 't1', channel: 'counter', key: 'more' },
    })
    stage.clock.advance(3 * day)
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(10_00n)
    await stage.transfers.endMandate({ msisdn: a.msisdn, mandateId: id })
  })

  test('a round that comes late counts in its own period, and the next one is drawn all the same', async () => {
    const [a, b] = [await customer(50_00n), await customer()]
    const { time } = stage.wallets.context
    const { id } = await given(a, b, { every: 'day', amount: 5_00n, cap: 5_00n })
    await stage.settle()
    const dayAfter = time.startOf(time.nextDate(today(), 2))
    // Nobody looked all of tomorrow.
    stage.clock.advance(dayAfter + hour / 2 - stage.clock.now())
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(10_00n)
    stage.clock.advance(9 * hour)
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(15_00n)
    expect(await idsTold(a)).not.toContain('transfer_mandate_skipped')
    await stage.transfers.endMandate({ msisdn: a.msisdn, mandateId: id })
  })

  test('nothing is drawn before its first date, nor after its last one, before the night has ended it', async () => {
    const [a, b] = [await customer(50_00n), await customer()]
    const [startsOn, endsOn] = [1, 2].map((n) => stage.wallets.context.time.nextDate(today(), n))
    const { id } = await given(a, b, { startsOn: startsOn ?? '', endsOn: endsOn ?? '' })
    expect(await draw(b, id, 1_00n)).toMatchObject({ refusal: 'dates_wrong' })
    stage.clock.advance(2 * day)
    expect(await draw(b, id, 1_00n)).toMatchObject({ ok: true })
    stage.clock.advance(day)
    expect(await draw(b, id, 1_00n)).toMatchObject({ refusal: 'dates_wrong' })
    await stage.settle()
    expect(await stage.transfers.mandate(id)).toMatchObject({ state: 'ended', used: 1_00n })
  })

  test('once: a transfer for a day to come', async () => {
    const [a, b] = [await customer(6_00n), await customer()]
    const startsOn = stage.wallets.context.time.nextDate(today(), 3)
    const { id } = await given(a, b, { every: 'once', amount: 6_00n, cap: 6_00n, startsOn })
    stage.clock.advance(2 * day)
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(0n)
    stage.clock.advance(2 * day)
    await stage.settle()
    expect(await stage.available(b.msisdn)).toBe(6_00n)
    expect(await stage.transfers.mandate(id)).toMatchObject({ state: 'ended' })
  })

  test('is of two wallets, and not of those that come after them', async () => {
    const [a, b] = [await customer(50_00n), await customer()]
    for (const [who, refusal] of [
      [a, 'not_open'],
      [b, 'not_found'],
    ] as const) {
      const { id } = await given(a, b)
      expect(await draw(b, id, 1_00n)).toMatchObject({ ok: true })
      await stage.leave(who)
      await stage.customer(who.msisdn, 50_00n)
      expect(await draw(b, id, 1_00n)).toMatchObject({ refusal })
    }
  })

  test('terms that make no sense are refused', async () => {
    const [a, b] = [await customer(), await customer()]
    const { time } = stage.wallets.context
    const refusals: readonly [Partial<GiveMandate>, string][] = [
      [{ cap: 0n }, 'amount_too_small'],
      [{ amount: 30_01n }, 'over_cap'],
      [{ startsOn: time.nextDate(today(), -1) }, 'dates_wrong'],
      [{ endsOn: time.nextDate(today(), -1) }, 'dates_wrong'],
      [{ cap: 1_000_01n }, 'name_needed'],
      [{ to: a.msisdn }, 'to_oneself'],
      [{ to: '+8613799999999' }, 'payee_needs_wallet'],
    ]
    for (const [terms, refusal] of refusals)
      expect(await give(a, b, terms)).toMatchObject({ refusal })
  })

  test('ends when one of the two gives up the number', async () => {
    const [a, b] = [await customer(), await customer()]
    const { id } = await given(a, b)
    await stage.db.transact(async (tx) => {
      await tx.query(`update subscriber set status = 'closed' where msisdn = $1`, [b.msisdn])
      await stage.transfers.release(tx, b.msisdn)
      await stage.wallet.release(tx, b.msisdn)
    })
    await stage.settle()
    expect(await stage.transfers.mandate(id)).toMatchObject({ state: 'ended' })
  })
})
