/** Bills that several people pay, and red packets: the domain's examples to the fen. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { masked } from '../kernel/index.ts'
import type { BeginSplit, SendPacket, SplitMode } from './transfers.ts'

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
const number = () => {
  numbers += 1
  return `+86138${String(numbers).padStart(8, '0')}`
}
const customer = (amount = 0n) => stage.customer(number(), amount)
const customers = (count: number, amount = 0n) =>
  Promise.all(Array.from({ length: count }, () => customer(amount)))
const idsTold = async ({ msisdn }: Customer) => (await stage.told(msisdn)).map(({ id }) => id)

describe('a bill', () => {
  const begin = (
    { msisdn }: Customer,
    people: readonly Customer[],
    how: SplitMode,
    more: Partial<BeginSplit> = {},
  ) =>
    stage.transfers.beginSplit({
      ...{ msisdn, title: '晚饭', how, key: stage.key() },
      people: people.map((one) => one.msisdn),
      ...more,
    })
  const begun = async (...args: Parameters<typeof begin>) => {
    const result = await begin(...args)
    if (!result.ok) throw new Error(result.refusal)
    return result.value
  }
  const payShare = ({ msisdn }: Customer, splitId: string, key = stage.key()) =>
    stage.transfers.payShare({ msisdn, splitId, key, channel: 'web' })
  const equal = (total: bigint, withOwn = false): SplitMode => ({ mode: 'equal', total, withOwn })

  test('example 31: 100.00 among three is 33.34 33.33 33.33; stopped after one, two are void', async () => {
    const [a, ...others] = await customers(4, 50_00n)
    if (!a) throw new Error('there are four')
    const [b, c, d] = others as [Customer, Customer, Customer]
    const { split, shares } = await begun(a, others, equal(100_00n))
    expect(shares.map(({ amount }) => amount)).toEqual([33_34n, 33_33n, 33_33n])
    expect(await payShare(b, split.id)).toMatchObject({ ok: true })
    const stopped = await stage.transfers.stopSplit({ msisdn: a.msisdn, splitId: split.id })
    expect(stopped).toMatchObject({ ok: true, value: { state: 'stopped' } })
    const after = await stage.transfers.split(split.id)
    expect(after?.shares.map(({ state }) => state)).toEqual(['paid', 'void', 'void'])
    expect(await payShare(c, split.id)).toMatchObject({ refusal: 'split_stopped' })
    expect(await stage.available(a.msisdn)).toBe(50_00n + 33_34n)
    expect(await stage.available(b.msisdn)).toBe(50_00n - 33_34n)
    expect(await idsTold(d)).toEqual(['transfer_split_asked', 'transfer_split_stopped'])
  })

  test('who says no owes nothing; the bill goes on with the others, and ends when all have answered', async () => {
    const [a, b, c] = (await customers(3, 50_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(9_00n, true))
    const decline = ({ msisdn }: Customer) =>
      stage.transfers.declineShare({ msisdn, splitId: split.id })
    expect(await decline(a)).toMatchObject({ refusal: 'not_found' })
    for (const _ of [1, 2])
      expect(await decline(b)).toMatchObject({ ok: true, value: { state: 'void' } })
    expect(await payShare(b, split.id)).toMatchObject({ refusal: 'split_stopped' })
    expect((await stage.transfers.split(split.id))?.split.state).toBe('open')
    expect(await payShare(c, split.id)).toMatchObject({ ok: true })
    expect(await decline(c)).toMatchObject({ refusal: 'not_open' })
    expect((await stage.transfers.split(split.id))?.split.state).toBe('closed')
    expect(await stage.told(a.msisdn)).toMatchObject([
      { id: 'transfer_share_declined', amount: '300' },
      { id: 'transfer_received' },
      { id: 'transfer_split_closed', amount: '300' },
    ])
  })

  test('a bill that everybody declines is stopped, not collected', async () => {
    const [a, b] = (await customers(2, 50_00n)) as [Customer, Customer]
    const { split } = await begun(a, [b], equal(9_00n, true))
    await stage.transfers.declineShare({ msisdn: b.msisdn, splitId: split.id })
    expect((await stage.transfers.split(split.id))?.split.state).toBe('stopped')
    expect(await idsTold(a)).toEqual(['transfer_share_declined'])
  })

  test('example 31: 0.02 among three is refused (AA-02)', async () => {
    const [a, b, c, d] = (await customers(4)) as [Customer, Customer, Customer, Customer]
    expect(await begin(a, [b, c, d], equal(2n))).toMatchObject({ refusal: 'share_too_small' })
  })

  test.each<[string, SplitMode, bigint, readonly bigint[]]>([
    ['with the own share', equal(100_00n, true), 33_34n, [33_33n, 33_33n]],
    ['so much each', { mode: 'each', amount: 12_00n }, 0n, [12_00n, 12_00n]],
    [
      'by weights',
      { mode: 'weights', total: 99_99n, ownWeight: 50n, weights: [30n, 20n] },
      49_99n,
      [30_00n, 20_00n],
    ],
    ['custom', { mode: 'custom', own: 5_00n, amounts: [1n, 7_00n] }, 5_00n, [1n, 7_00n]],
  ])('%s: it adds up', async (_, how, own, amounts) => {
    const [a, b, c] = (await customers(3)) as [Customer, Customer, Customer]
    const { split, shares } = await begun(a, [b, c], how)
    expect([split.own, shares.map(({ amount }) => amount)]).toEqual([own, amounts])
    expect(split.total).toBe(amounts.reduce((sum, amount) => sum + amount, own))
  })

  test('when the last share is paid it is closed, and who began it is told', async () => {
    const [a, b, c] = (await customers(3, 20_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(30_00n, true))
    await payShare(b, split.id)
    expect((await stage.transfers.split(split.id))?.split.state).toBe('open')
    const last = await payShare(c, split.id, 'last')
    expect((await stage.transfers.split(split.id))?.split.state).toBe('closed')
    expect(await payShare(c, split.id, 'last')).toMatchObject({
      ok: true,
      value: { ...(last.ok && { transfer: last.value.transfer }), replayed: true },
    })
    expect(await payShare(c, split.id)).toMatchObject({ refusal: 'not_open' })
    expect(await stage.available(a.msisdn)).toBe(40_00n)
    expect((await stage.told(a.msisdn)).at(-1)).toEqual({
      ...{ id: 'transfer_split_closed', amount: '2000' },
    })
  })

  test('a paid share is returned by hand, once, also after the bill was stopped', async () => {
    const [a, b, c] = (await customers(3, 20_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(20_00n))
    await payShare(b, split.id)
    await stage.transfers.stopSplit({ msisdn: a.msisdn, splitId: split.id })
    const back = (to: Customer) =>
      stage.transfers.returnShare({
        ...{ msisdn: a.msisdn, splitId: split.id, to: to.msisdn, channel: 'web' },
      })
    expect(await back(b)).toMatchObject({ ok: true, value: { replayed: false } })
    expect(await back(b)).toMatchObject({ ok: true, value: { replayed: true } })
    expect(await back(c)).toMatchObject({ refusal: 'not_open' })
    expect(await stage.available(b.msisdn)).toBe(20_00n)
    expect(await stage.available(a.msisdn)).toBe(20_00n)
    const shares = (await stage.transfers.split(split.id))?.shares ?? []
    expect(shares.map(({ state }) => state)).toEqual(['returned', 'void'])
  })

  test('is not paid to, nor returned from, a wallet that came after', async () => {
    const [a, b, c] = (await customers(3, 20_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(20_00n))
    await payShare(b, split.id)
    for (const one of [b, a]) {
      await stage.leave(one)
      await stage.customer(one.msisdn, 20_00n)
      const back = { msisdn: a.msisdn, splitId: split.id, to: b.msisdn, channel: 'web' } as const
      expect(await stage.transfers.returnShare(back)).toMatchObject({
        refusal: one === b ? 'payee_unable' : 'not_found',
      })
    }
    expect(await payShare(c, split.id)).toMatchObject({ refusal: 'payee_unable' })
  })

  test('paid or returned again under the same key it has the answer of then, though one has left since', async () => {
    const [a, b, c] = (await customers(3, 20_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(20_00n))
    const paid = [await payShare(b, split.id, 'lost'), await payShare(c, split.id, 'lost')]
    const back = () =>
      stage.transfers.returnShare({
        ...{ msisdn: a.msisdn, splitId: split.id, to: b.msisdn, channel: 'web' },
      })
    const returned = await back()
    await stage.leave(b)
    expect(await back()).toMatchObject({ ok: true, value: { replayed: true } })
    expect(returned.ok).toBe(true)
    await stage.leave(a)
    expect(await payShare(c, split.id, 'lost')).toEqual({
      ...{ ok: true, value: { ...(paid[1]?.ok && paid[1].value), replayed: true } },
    })
  })

  test('reminded once by itself after 24 h, by hand once a day; after 30 days it expires', async () => {
    const [a, b, c] = (await customers(3, 20_00n)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(20_00n))
    const remind = async () => {
      const one = { msisdn: a.msisdn, splitId: split.id }
      const result = await stage.transfers.remindSplit(one)
      return result.ok ? result.value : result.refusal
    }
    await payShare(b, split.id)
    expect(await remind()).toBe(0)
    stage.clock.advance(day)
    await stage.settle()
    expect(await idsTold(c)).toEqual(['transfer_split_asked', 'transfer_split_reminder'])
    expect(await remind()).toBe(0)
    stage.clock.advance(day)
    await stage.settle()
    expect(await remind()).toBe(1)
    expect((await idsTold(b)).filter((id) => id === 'transfer_split_reminder')).toEqual([])
    stage.clock.advance(28 * day)
    await stage.settle()
    const after = await stage.transfers.split(split.id)
    expect(after?.split.state).toBe('expired')
    expect(after?.shares.map(({ state }) => state)).toEqual(['paid', 'void'])
    expect(await remind()).toBe('not_open')
  })

  test('of a payment it is at most what was paid, and only of one\u2019s own', async () => {
    const [a, b] = (await customers(2)) as [Customer, Customer]
    const paymentId = a.walletId
    const ofPayment = (total: bigint) => begin(a, [b], equal(total), { paymentId })
    expect(await ofPayment(1n)).toMatchObject({ refusal: 'not_found' })
    stage.paid.set(`${a.msisdn}|${paymentId}`, 10_00n)
    const over = (left: bigint) => ({ refusal: 'over_split_payment', left })
    expect(await ofPayment(10_01n)).toMatchObject(over(10_00n))
    expect(await ofPayment(10_00n)).toMatchObject({ ok: true })
    expect(await ofPayment(1n)).toMatchObject(over(0n))
  })

  test('several bills of one payment are no more than it, but for what was let off or given back', async () => {
    const [a, b, c] = (await customers(3, 50_00n)) as [Customer, Customer, Customer]
    const paymentId = a.walletId
    stage.paid.set(`${a.msisdn}|${paymentId}`, 10_00n)
    const ofPayment = (total: bigint, key = stage.key()) =>
      begin(a, [b, c], equal(total), { paymentId, key })
    const over = (left: bigint) => ({ refusal: 'over_split_payment', left })
    const begun = await ofPayment(6_00n, 'first')
    if (!begun.ok) throw new Error(begun.refusal)
    const { id: splitId } = begun.value.split
    expect(await ofPayment(4_01n)).toMatchObject(over(4_00n))
    // Said again it is the same bill, however little is left.
    expect(await ofPayment(6_00n, 'first')).toMatchObject({ value: { replayed: true } })
    await payShare(b, splitId)
    await stage.transfers.declineShare({ msisdn: c.msisdn, splitId })
    expect(await ofPayment(7_01n)).toMatchObject(over(7_00n))
    const back = { msisdn: a.msisdn, splitId, to: b.msisdn, channel: 'web' } as const
    expect(await stage.transfers.returnShare(back)).toMatchObject({ ok: true })
    expect(await ofPayment(10_01n)).toMatchObject(over(10_00n))
    expect(await ofPayment(10_00n)).toMatchObject({ ok: true })
  })

  describe('of a payment that is refunded', () => {
    /** 90.00 among three, of whom the first has paid; then so much of the payment comes back. */
    async function refunded(amount: bigint) {
      const [a, b, c, d] = (await customers(4, 50_00n)) as [Customer, Customer, Customer, Customer]
      const paymentId = a.walletId
      stage.paid.set(`${a.msisdn}|${paymentId}`, 90_00n)
      const { split } = await begun(a, [b, c, d], equal(90_00n), { paymentId })
      expect(await payShare(b, split.id, 'first')).toMatchObject({ ok: true })
      stage.refunded.set(paymentId, amount)
      return { a, b, c, d, split }
    }
    const statesOf = async (id: string) =>
      (await stage.transfers.split(id))?.shares.map(({ state }) => state)

    test('others pay no more than was kept, and nothing is taken from who has paid', async () => {
      const { a, b, c, d, split } = await refunded(20_00n)
      expect((await stage.transfers.split(split.id))?.payment).toEqual({
        ...{ amount: 90_00n, kept: 70_00n, left: 40_00n },
      })
      expect(await payShare(c, split.id)).toMatchObject({ ok: true })
      expect(await payShare(d, split.id)).toMatchObject({ refusal: 'split_refunded' })
      expect(await payShare(b, split.id, 'first')).toMatchObject({ value: { replayed: true } })
      expect(await statesOf(split.id)).toEqual(['paid', 'paid', 'unpaid'])
      expect(await stage.available(d.msisdn)).toBe(50_00n)
      expect(await stage.available(a.msisdn)).toBe(110_00n)
    })

    test('whoever cannot pay any more is not reminded, and the bill is stopped or given back by hand', async () => {
      const { a, b, c, split } = await refunded(90_00n)
      stage.clock.advance(day)
      await stage.settle()
      stage.clock.advance(day)
      const own = { msisdn: a.msisdn, splitId: split.id }
      expect(await stage.transfers.remindSplit(own)).toMatchObject({ value: 0 })
      expect(await idsTold(c)).toEqual(['transfer_split_asked'])
      expect(await payShare(c, split.id)).toMatchObject({ refusal: 'split_refunded' })
      expect(await stage.transfers.stopSplit(own)).toMatchObject({ ok: true })
      const back = { ...own, to: b.msisdn, channel: 'web' } as const
      expect(await stage.transfers.returnShare(back)).toMatchObject({ ok: true })
      expect(await statesOf(split.id)).toEqual(['returned', 'void', 'void'])
      expect(await stage.available(b.msisdn)).toBe(50_00n)
    })
  })

  test('of 2 to 100 people, each once, at most 5,000.00, begun by somebody who is known', async () => {
    const [a, b] = (await customers(2)) as [Customer, Customer]
    expect(await begin(a, [], equal(1_00n, true))).toMatchObject({ refusal: 'people_wrong' })
    expect(await begin(a, [b, b], equal(1_00n))).toMatchObject({ refusal: 'people_wrong' })
    expect(await begin(a, [a, b], equal(1_00n))).toMatchObject({ refusal: 'people_wrong' })
    const crowd = Array.from({ length: 100 }, () => ({ ...b, msisdn: number() }))
    expect(await begin(a, crowd, equal(100_00n, true))).toMatchObject({ refusal: 'people_wrong' })
    expect(await begin(a, crowd, equal(100_00n))).toMatchObject({ ok: true })
    expect(await begin(a, [b], equal(5_000_01n))).toMatchObject({
      ...{ refusal: 'over_split_limit', left: 5_000_00n },
    })
    stage.people.own(a.msisdn, { level: 'basic' })
    expect(await begin(a, [b], equal(1_00n))).toMatchObject({ refusal: 'not_verified' })
  })

  test('begun again under the same key it is the same bill', async () => {
    const [a, b] = (await customers(2)) as [Customer, Customer]
    const first = await begun(a, [b], equal(9_00n), { key: 'dinner' })
    const { splits, sharesOf } = stage.transfers
    expect(await splits(a.walletId, { limit: 9 })).toEqual([first.split])
    expect(await sharesOf(b.msisdn, { limit: 9 })).toEqual(
      first.shares.map((share) => ({ split: first.split, share })),
    )
    expect(await begin(a, [b], equal(9_00n), { key: 'dinner' })).toMatchObject({
      ...{ ok: true, value: { split: { id: first.split.id }, replayed: true } },
    })
    expect(await begin(a, [b], equal(9_01n), { key: 'dinner' })).toMatchObject({
      refusal: 'exists_with_different_content',
    })
  })

  test('a number that is given up owes nothing any more', async () => {
    const [a, b, c] = (await customers(3)) as [Customer, Customer, Customer]
    const { split } = await begun(a, [b, c], equal(20_00n))
    await stage.db.transact(async (tx) => {
      await tx.query(`update subscriber set status = 'closed' where msisdn = $1`, [b.msisdn])
      await stage.transfers.release(tx, b.msisdn)
      await stage.wallet.release(tx, b.msisdn)
    })
    await stage.settle()
    const after = await stage.transfers.split(split.id)
    expect([after?.split.state, after?.shares.map(({ state }) => state)]).toEqual([
      ...['open', ['void', 'unpaid']],
    ])
  })
})

describe('a red packet', () => {
  const packetOf = async ({ msisdn }: Customer, order: Partial<SendPacket> = {}) =>
    stage.transfers.sendPacket({
      ...{ msisdn, kind: 'lucky', amount: 10_00n, count: 5, key: stage.key(), ...order },
    })
  const made = async (...args: Parameters<typeof packetOf>) => {
    const result = await packetOf(...args)
    if (!result.ok) throw new Error(result.refusal)
    return result.value
  }
  const openBy = ({ msisdn }: Customer, packetId: string) =>
    stage.transfers.openPacket({ msisdn, packetId })

  test('J8a, J8b, J8c: in five fixed parts, one opened, the rest back after exactly 24 h', async () => {
    const [a, b, c] = [await customer(10_00n), await customer(), await customer()]
    const { packet } = await made(a, { kind: 'fixed' })
    expect(await stage.available(a.msisdn)).toBe(0n)
    expect(await openBy(b, packet.id)).toMatchObject({ ok: true, value: { amount: 2_00n } })
    stage.clock.advance(day - 1)
    expect(await openBy(c, packet.id)).toMatchObject({ ok: true })
    stage.clock.advance(1)
    const late = await customer()
    expect(await openBy(late, packet.id)).toEqual({
      ...{ ok: false, refusal: 'packet_over', left: 6_00n },
    })
    await stage.settle()
    expect((await stage.transfers.packet(packet.id))?.packet.state).toBe('returned')
    expect(await stage.available(a.msisdn)).toBe(6_00n)
    expect(await openBy(late, packet.id)).toMatchObject({ refusal: 'packet_over', left: 6_00n })
    // What came back was not spent, in the periods of the day it was set aside.
    const counted = await stage.db.query<{ used: bigint }>(
      'select used from limit_counter where subject = $1',
      [`wallet:${a.walletId}`],
    )
    expect(counted.map(({ used }) => used)).toEqual([4_00n, 4_00n])
    const lines = await stage.journal(packet.id, { A: a.walletId })
    expect([lines[0], lines.at(-1)]).toEqual([
      'D user-balance:A / C red-packets 1000',
      'D red-packets / C user-balance:A 600',
    ])
    expect(await idsTold(a)).toEqual(['transfer_packet_sent', 'transfer_packet_returned'])
  })

  test('parts are given in the order of opening, once to each', async () => {
    const [a, b, c] = [await customer(10_00n), await customer(), await customer()]
    const { packet, parts } = await made(a)
    expect(parts.reduce((sum, { amount }) => sum + amount, 0n)).toBe(10_00n)
    const first = await openBy(b, packet.id)
    expect(first).toMatchObject({ ok: true, value: { place: 0, amount: parts[0]?.amount } })
    expect(await openBy(b, packet.id)).toEqual(first)
    expect(await openBy(c, packet.id)).toMatchObject({ ok: true, value: { place: 1 } })
    expect(await stage.available(b.msisdn)).toBe(parts[0]?.amount)
    // Who sent it may open it too, where the policy lets them.
    expect(await openBy(a, packet.id)).toMatchObject({ ok: true, value: { place: 2 } })
  })

  test('a wallet that is shut opens none, and the part is there for it when it is open again', async () => {
    const [a, b] = [await customer(10_00n), await customer()]
    const { packet } = await made(a, { kind: 'fixed' })
    const shut = (frozen: 'in' | 'none') =>
      stage.db.transact((tx) => stage.wallet.restrict(tx, { walletId: b.walletId, frozen }))
    await shut('in')
    expect(await openBy(b, packet.id)).toMatchObject({ refusal: 'frozen_in' })
    await shut('none')
    expect(await openBy(b, packet.id)).toMatchObject({ ok: true })
  })

  test('when the last part is taken it is over (RP-01)', async () => {
    const a = await customer(5n)
    const { packet } = await made(a, { amount: 5n })
    for (const one of await customers(5))
      expect(await openBy(one, packet.id)).toMatchObject({ ok: true, value: { amount: 1n } })
    expect(await openBy(await customer(), packet.id)).toMatchObject({ refusal: 'packet_emptied' })
    stage.clock.advance(day)
    await stage.settle()
    expect((await stage.transfers.packet(packet.id))?.packet.state).toBe('emptied')
    expect(await stage.available(a.msisdn)).toBe(0n)
  })

  test.each<[string, Partial<SendPacket>]>([
    ['0.04 in 5 (example 30)', { amount: 4n }],
    ['1,000.01 in 5 (example 30)', { amount: 1_000_01n }],
    ['none', { count: 0 }],
    ['101', { count: 101, amount: 101n }],
    ['10.00 in 3 equal parts', { kind: 'fixed', count: 3 }],
  ])('%s is refused', async (_, order) => {
    expect(await packetOf(await customer(2_000_00n), order)).toMatchObject({
      refusal: 'packet_out_of_range',
    })
  })

  test('one for one person is opened by nobody else', async () => {
    const [a, b, c] = [await customer(8_88n), await customer(), await customer()]
    const order = { kind: 'fixed', amount: 8_88n, count: 1, onlyFor: b.msisdn } as const
    const { packet } = await made(a, order)
    expect(await stage.told(b.msisdn)).toEqual([
      { id: 'transfer_packet_for_you', other: masked(a.msisdn) },
    ])
    expect(await openBy(c, packet.id)).toMatchObject({ refusal: 'packet_not_yours' })
    expect(await openBy(b, packet.id)).toMatchObject({ ok: true, value: { amount: 8_88n } })
  })

  test('sent again under the same key it is the same packet, with the parts of then', async () => {
    const a = await customer(20_00n)
    const first = await made(a, { key: 'p' })
    const again = await made(a, { key: 'p' })
    expect(await stage.transfers.packets(a.walletId, { limit: 9 })).toEqual([first.packet])
    expect([again.replayed, again.packet, again.parts]).toEqual([true, first.packet, first.parts])
    expect(await packetOf(a, { key: 'p', count: 4 })).toMatchObject({
      refusal: 'exists_with_different_content',
    })
    expect(await stage.available(a.msisdn)).toBe(10_00n)
  })

  test('a wallet is not closed while a packet of it is open', async () => {
    const a = await customer(10_00n)
    await made(a)
    const { msisdn, walletId } = a
    expect(
      await stage.wallet.close({ msisdn, walletId, channel: 'counter', key: 'end' }),
    ).toMatchObject({ refusal: 'transfers_open' })
  })
})
