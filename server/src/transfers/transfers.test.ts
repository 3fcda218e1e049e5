/** Transfers on real databases: the domain's examples and journals to the fen, and what both sides are told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { type Customer, createStage, type Stage } from '../../../test/transfers/stage.ts'
import { bucketOf, masked, Secret } from '../kernel/index.ts'
import { history } from './index.ts'
import type { Arrival } from './transfer.ts'
import type { Sent } from './transfers.ts'

const hour = 3_600_000
const day = 24 * hour

function transferOf(result: Sent) {
  if (!result.ok) throw new Error(result.refusal)
  return result.value.transfer
}

describe.each(engines)('on %s', (engine) => {
  let stage: Stage
  let numbers = 0
  beforeAll(async () => {
    stage = await createStage({ engine })
  })
  afterAll(async () => {
    expect(await offencesIn(stage.db)).toEqual([])
    await stage.close()
  })
  const number = () => {
    numbers += 1
    return `+86139${String(numbers).padStart(8, '0')}`
  }
  const customer = (amount = 0n) => stage.customer(number(), amount)
  const send = (
    from: { readonly msisdn: string },
    to: string,
    amount: bigint,
    more: { key?: string; arrival?: Arrival; nameCharacter?: Secret; memo?: string } = {},
  ) =>
    stage.transfers.send({
      ...{ msisdn: from.msisdn, to, amount, channel: 'web', arrival: 'now', key: stage.key() },
      ...more,
    })
  const stateOf = async (id: string) => (await stage.transfers.get(id))?.state
  const idsTold = async (msisdn: string) => (await stage.told(msisdn)).map(({ id }) => id)
  const used = async ({ walletId }: Customer) => {
    const rows = await stage.db.query<{ period: string; used: bigint }>(
      `select left(period, 1) as period, sum(used)::int8 as used from limit_counter
        where subject = $1 group by 1 order by 1`,
      [`wallet:${walletId}`],
    )
    return Object.fromEntries(rows.map((row) => [row.period, row.used]))
  }

  test('J7a: at once, from one balance to the other, and both are told once', async () => {
    const [a, b] = [await customer(100_00n), await customer()]
    const { id } = transferOf(await send(a, b.msisdn, 30_00n, { memo: '午饭' }))
    expect(await stateOf(id)).toBe('done')
    expect(await stage.available(a.msisdn)).toBe(70_00n)
    expect(await stage.available(b.msisdn)).toBe(30_00n)
    const [home, away] = [bucketOf(a.msisdn), bucketOf(b.msisdn)]
    expect(await stage.journal(id, { A: a.walletId, B: b.walletId })).toEqual(
      home === away
        ? ['D user-balance:A / C user-balance:B 3000']
        : [
            `D user-balance:A / C between-buckets:${away} 3000`,
            `D between-buckets:${home} / C user-balance:B 3000`,
          ],
    )
    const at = '2026-09-12T10:00:00'
    expect(await stage.told(a.msisdn)).toEqual([
      { id: 'transfer_sent', at, amount: '3000', balance: '7000', other: masked(b.msisdn) },
    ])
    expect(await stage.told(b.msisdn)).toEqual([
      { id: 'transfer_received', at, amount: '3000', balance: '3000', other: masked(a.msisdn) },
    ])
    expect(await used(a)).toEqual({ D: 30_00n, Y: 30_00n })
  })

  test('a transfer to the fen of the balance goes, one fen more does not', async () => {
    const [a, b] = [await customer(10_00n), await customer()]
    expect(await send(a, b.msisdn, 10_01n)).toEqual({
      ...{ ok: false, refusal: 'low_balance', left: 10_00n },
    })
    transferOf(await send(a, b.msisdn, 10_00n))
    expect(await stage.available(a.msisdn)).toBe(0n)
  })

  test('the same key again answers the same transfer, other content is refused', async () => {
    const [a, b] = [await customer(100_00n), await customer()]
    const first = transferOf(await send(a, b.msisdn, 30_00n, { key: 'k' }))
    expect(await send(a, b.msisdn, 30_00n, { key: 'k' })).toEqual({
      ...{ ok: true, value: { transfer: first, replayed: true } },
    })
    const others = [{ amount: 30_01n }, { amount: 30_00n, arrival: '2h' as const }]
    for (const other of [...others, { amount: 30_00n, memo: 'another' }])
      expect(await send(a, b.msisdn, other.amount, { key: 'k', ...other })).toMatchObject({
        refusal: 'exists_with_different_content',
      })
    expect(await stage.available(b.msisdn)).toBe(30_00n)
    expect(await idsTold(a.msisdn)).toEqual(['transfer_sent'])
  })

  test.each<[string, bigint]>([
    ['amount_too_small', 0n],
    ['over_single_limit', 50_000_01n],
  ])('%s: an amount of %s is refused', async (refusal, amount) => {
    const [a, b] = [await customer(10_00n), await customer()]
    const nameCharacter = new Secret('张')
    expect(await send(a, b.msisdn, amount, { nameCharacter })).toMatchObject({ refusal })
  })

  test('nobody sends to oneself, without a wallet, or to a number that does not exist', async () => {
    const a = await customer(10_00n)
    expect(await send(a, a.msisdn, 1n)).toMatchObject({ refusal: 'to_oneself' })
    const none = await stage.stranger(number())
    expect(await send({ msisdn: none }, a.msisdn, 1n)).toMatchObject({
      refusal: 'wallet_not_found',
    })
    expect(await send(a, '+8613799999999', 1n)).toMatchObject({ refusal: 'payee_unknown' })
    // A number that nobody has asked about is asked about first.
    expect(await send(a, '+8613000000001', 1n)).toMatchObject({ ok: true })
  })

  describe('delayed', () => {
    test('example 33, J7b, J7c: held at once, cancelled at 23 h it is back', async () => {
      const [a, b] = [await customer(100_00n), await customer()]
      const sent = transferOf(await send(a, b.msisdn, 30_00n, { arrival: '24h' }))
      expect(sent).toMatchObject({ state: 'delayed', dueAt: stage.clock.now() + day })
      expect(await stage.available(a.msisdn)).toBe(70_00n)
      expect(await stage.available(b.msisdn)).toBe(0n)
      stage.clock.advance(23 * hour)
      await stage.settle()
      const one = { msisdn: a.msisdn, transferId: sent.id }
      const cancelled = await stage.transfers.cancel(one)
      expect(cancelled).toMatchObject({
        ok: true,
        value: { state: 'cancelled', reason: 'by_payer' },
      })
      expect(await stage.transfers.cancel(one)).toEqual(cancelled)
      expect(await stage.available(a.msisdn)).toBe(100_00n)
      expect(await stage.journal(sent.id, { A: a.walletId })).toEqual([
        'D user-balance:A / C user-holds:A 3000',
        'D user-holds:A / C user-balance:A 3000',
      ])
      expect(await idsTold(a.msisdn)).toEqual(['transfer_delayed', 'transfer_cancelled'])
      expect(await idsTold(b.msisdn)).toEqual(['transfer_coming', 'transfer_called_off'])
      stage.clock.advance(2 * hour)
      await stage.settle()
      expect(await stateOf(sent.id)).toBe('cancelled')
      // Given back on the day and in the year from which it was taken.
      expect(await used(a)).toEqual({ D: 0n, Y: 0n })
    })

    test.each<[Arrival, number]>([
      ['2h', 2 * hour],
      ['24h', day],
    ])('after %s it arrives by itself, and not a moment before', async (arrival, ms) => {
      const [a, b] = [await customer(100_00n), await customer()]
      const { id } = transferOf(await send(a, b.msisdn, 30_00n, { arrival }))
      stage.clock.advance(ms - 1)
      await stage.settle()
      expect(await stateOf(id)).toBe('delayed')
      stage.clock.advance(1)
      expect(await stage.transfers.cancel({ msisdn: a.msisdn, transferId: id })).toMatchObject({
        refusal: 'not_open',
      })
      await stage.settle()
      expect(await stateOf(id)).toBe('done')
      expect(await stage.available(b.msisdn)).toBe(30_00n)
      expect(await idsTold(a.msisdn)).toEqual(['transfer_delayed', 'transfer_arrived'])
      expect(await idsTold(b.msisdn)).toEqual(['transfer_coming', 'transfer_received'])
      const steps = await history.of(stage.db, id)
      expect(steps.map(({ state }) => state)).toEqual(['delayed', 'done'])
    })

    test('only its payer cancels it', async () => {
      const [a, b] = [await customer(100_00n), await customer()]
      const { id: transferId } = transferOf(await send(a, b.msisdn, 30_00n, { arrival: '2h' }))
      for (const { msisdn } of [b, await customer()])
        expect(await stage.transfers.cancel({ msisdn, transferId })).toMatchObject({
          refusal: 'not_found',
        })
    })

    test('when the payee has closed the wallet it comes back', async () => {
      const [a, b] = [await customer(100_00n), await customer()]
      const { id } = transferOf(await send(a, b.msisdn, 30_00n, { arrival: '2h' }))
      const { msisdn, walletId } = b
      const closed = await stage.wallet.close({ msisdn, walletId, channel: 'counter', key: 'end' })
      expect(closed).toMatchObject({ ok: true, value: { state: 'closed' } })
      stage.clock.advance(2 * hour)
      await stage.settle()
      expect(await stage.transfers.get(id)).toMatchObject({
        ...{ state: 'cancelled', reason: 'payee_unable' },
      })
      expect(await stage.available(a.msisdn)).toBe(100_00n)
    })

    test('a wallet is not closed while money may come back to it', async () => {
      const [a, b] = [await customer(30_00n), await customer()]
      const { id: transferId } = transferOf(await send(a, b.msisdn, 30_00n, { arrival: '2h' }))
      const { msisdn, walletId } = a
      const close = (key: string) =>
        stage.wallet.close({ msisdn, walletId, channel: 'counter', key })
      expect(await close('a')).toMatchObject({ refusal: 'transfers_open' })
      await stage.transfers.cancel({ msisdn, transferId })
      expect(await close('b')).toMatchObject({ refusal: 'balance_left', left: 30_00n })
    })
  })

  describe('to a number without a wallet', () => {
    const open = (msisdn: string) =>
      stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: 'III' }))

    test('example 32, J7d: claimed at 23:59:59 it is done', async () => {
      const [a, b] = [await customer(20_00n), await stage.stranger(number())]
      const sent = transferOf(await send(a, b, 12_00n))
      expect(sent).toMatchObject({ state: 'waiting_claim', payeeWalletId: null })
      expect(await stage.available(a.msisdn)).toBe(8_00n)
      stage.clock.advance(day - 1_000)
      await stage.settle()
      const account = await open(b)
      expect(await stage.available(b)).toBe(12_00n)
      expect(await stage.transfers.get(sent.id)).toMatchObject({
        ...{ state: 'claimed', payeeWalletId: account.ok && account.value.id },
      })
      stage.clock.advance(hour)
      await stage.settle()
      expect(await stateOf(sent.id)).toBe('claimed')
      const lines = await stage.journal(sent.id, { A: a.walletId })
      expect(lines[0]).toBe('D user-balance:A / C unclaimed-transfers 1200')
      expect(await idsTold(a.msisdn)).toEqual(['transfer_waiting', 'transfer_arrived'])
      expect(await idsTold(b)).toEqual(['transfer_to_claim', 'transfer_received'])
    })

    test('example 32, J7e: at 24:00:00 it is returned (WL-04), whoever comes first', async () => {
      const [a, b] = [await customer(20_00n), await stage.stranger(number())]
      const { id } = transferOf(await send(a, b, 12_00n))
      stage.clock.advance(day)
      // The wallet is opened before the timer has come: too late all the same.
      await open(b)
      expect(await stage.available(b)).toBe(0n)
      await stage.settle()
      expect(await stateOf(id)).toBe('returned')
      expect(await stage.available(a.msisdn)).toBe(20_00n)
      expect(await stage.journal(id, { A: a.walletId })).toEqual([
        'D user-balance:A / C unclaimed-transfers 1200',
        'D unclaimed-transfers / C user-balance:A 1200',
      ])
      expect((await stage.told(a.msisdn)).at(-1)).toMatchObject({
        ...{ id: 'transfer_returned', amount: '1200', balance: '2000' },
      })
      expect(await used(a)).toEqual({ D: 0n, Y: 0n })
    })

    test('its payer takes it back before it is claimed, once, and both are told', async () => {
      const [a, b] = [await customer(20_00n), await stage.stranger(number())]
      const { id } = transferOf(await send(a, b, 12_00n))
      const cancel = (msisdn: string) => stage.transfers.cancel({ msisdn, transferId: id })
      expect(await cancel(b)).toMatchObject({ refusal: 'not_found' })
      stage.clock.advance(hour)
      for (const _ of [1, 2])
        expect(await cancel(a.msisdn)).toMatchObject({ ok: true, value: { state: 'returned' } })
      expect(await stage.available(a.msisdn)).toBe(20_00n)
      expect(await used(a)).toEqual({ D: 0n, Y: 0n })
      expect(await idsTold(a.msisdn)).toEqual(['transfer_waiting', 'transfer_cancelled'])
      expect(await idsTold(b)).toEqual(['transfer_to_claim', 'transfer_called_off'])
      await open(b)
      stage.clock.advance(day)
      await stage.settle()
      expect([await stage.available(b), await stateOf(id)]).toEqual([0n, 'returned'])
    })

    test('all that waits is claimed at once, from every payer', async () => {
      const payers = [await customer(9_00n), await customer(9_00n), await customer(9_00n)]
      const b = await stage.stranger(number())
      for (const [n, payer] of payers.entries()) transferOf(await send(payer, b, BigInt(n + 1)))
      await open(b)
      expect(await stage.available(b)).toBe(6n)
    })

    test('it is not delayed, and no large sum goes to somebody nobody knows', async () => {
      const [a, b] = [await customer(2_000_00n), await stage.stranger(number())]
      expect(await send(a, b, 1_00n, { arrival: '2h' })).toMatchObject({
        refusal: 'delay_needs_wallet',
      })
      expect(await send(a, b, 1_000_01n)).toMatchObject({ refusal: 'name_unknown' })
      expect(await send(a, b, 1_000_00n)).toMatchObject({ ok: true })
    })

    test('what waits for a number that is given up goes back at once', async () => {
      const [a, b] = [await customer(20_00n), await stage.stranger(number())]
      const { id } = transferOf(await send(a, b, 12_00n))
      await stage.db.transact(async (tx) => {
        await tx.query(`update subscriber set status = 'closed' where msisdn = $1`, [b])
        await stage.transfers.release(tx, b)
      })
      await stage.settle()
      expect(await stateOf(id)).toBe('returned')
    })

    test('a hundred may wait for one number, and no more', async () => {
      const [a, b, c] = [await customer(99n), await customer(3n), await stage.stranger(number())]
      await Promise.all(Array.from({ length: 99 }, () => send(a, c, 1n)))
      expect(await send(b, c, 1n)).toMatchObject({ ok: true })
      expect(await send(b, c, 1n)).toMatchObject({ refusal: 'over_waiting' })
    })

    test('a timer that rings before its time moves nothing', async () => {
      const [a, b, c] = [await customer(20_00n), await customer(), await stage.stranger(number())]
      const delayed = transferOf(await send(a, b.msisdn, 12_00n, { arrival: '24h' })).id
      const waiting = transferOf(await send(a, c, 8_00n)).id
      // As when one of the two gives up the number: whatever waits is looked at.
      await stage.db.transact(async (tx) => {
        await stage.transfers.release(tx, b.msisdn)
        await stage.transfers.release(tx, c)
      })
      await stage.settle()
      expect([await stateOf(delayed), await stateOf(waiting)]).toEqual(['delayed', 'waiting_claim'])
      stage.clock.advance(day)
      await stage.settle()
      expect([await stateOf(delayed), await stateOf(waiting)]).toEqual(['done', 'returned'])
    })
  })

  test('transfers of a wallet are listed from both ends, newest first, page by page', async () => {
    const [a, b] = [await customer(10_00n), await customer()]
    const ids: string[] = []
    for (const n of [1n, 2n, 3n]) ids.unshift(transferOf(await send(a, b.msisdn, n)).id)
    for (const { walletId } of [a, b]) {
      const page = await stage.transfers.list(walletId, { limit: 2 })
      expect(page.map(({ id }) => id)).toEqual(ids.slice(0, 2))
      const rest = await stage.transfers.list(walletId, { limit: 9, before: ids[1] ?? '' })
      expect(rest.map(({ id }) => id)).toEqual(ids.slice(2))
    }
    expect(await stage.transfers.list('none', { limit: 9 })).toEqual([])
  })

  describe('whom it goes to', () => {
    test('the payer sees a masked name, and whether there is a wallet', async () => {
      const [a, b] = [await customer(), await stage.stranger(number())]
      expect(await stage.transfers.payee(a.msisdn)).toEqual({
        ...{ maskedName: '*三', hasWallet: true, isKnown: false },
      })
      expect(await stage.transfers.payee(b)).toEqual({
        ...{ maskedName: '*三', hasWallet: false, isKnown: false },
      })
      expect(await stage.transfers.payee('+8613799999999')).toEqual({
        ...{ maskedName: null, hasWallet: false, isKnown: false },
      })
    })

    test('above 1,000.00 the missing character is asked for, and once is enough', async () => {
      const [a, b] = [await customer(9_000_00n), await customer()]
      expect(await send(a, b.msisdn, 1_000_00n)).toMatchObject({ ok: true })
      expect(await send(a, b.msisdn, 1_000_01n)).toMatchObject({ refusal: 'name_needed' })
      const nameCharacter = new Secret('张')
      expect(await send(a, b.msisdn, 1_000_01n, { nameCharacter })).toMatchObject({ ok: true })
      expect(await send(a, b.msisdn, 2_000_00n)).toMatchObject({ ok: true })
      // The payee is known to this payer from then on, and to nobody else.
      expect(await stage.transfers.payee(b.msisdn, a.msisdn)).toMatchObject({ isKnown: true })
      expect(await stage.transfers.payee(a.msisdn, b.msisdn)).toMatchObject({ isKnown: false })
    })

    test('a name that was compared is that of one person, not of who has the number by now', async () => {
      const [a, b] = [await customer(9_000_00n), await customer()]
      const identityId = stage.people.owners.get(a.msisdn)?.identityId ?? ''
      stage.people.own(b.msisdn, { identityId })
      const nameCharacter = new Secret('张')
      expect(await send(a, b.msisdn, 2_000_00n, { nameCharacter })).toMatchObject({
        ...{ ok: false, refusal: 'name_needed' },
      })
    })

    test('three wrong ones block this pair for 24 h, and no other', async () => {
      const [a, b, c] = [await customer(9_000_00n), await customer(), await customer()]
      const wrong = { nameCharacter: new Secret('王') }
      const right = { nameCharacter: new Secret('张') }
      for (const triesLeft of [2, 1, 0])
        expect(await send(a, b.msisdn, 2_000_00n, wrong)).toEqual({
          ...{ ok: false, refusal: 'name_wrong', triesLeft },
        })
      const until = stage.clock.now() + day
      expect(await send(a, b.msisdn, 2_000_00n, right)).toEqual({
        ...{ ok: false, refusal: 'name_blocked', until },
      })
      expect(await send(a, b.msisdn, 1_00n)).toMatchObject({ refusal: 'name_blocked' })
      expect(await send(a, c.msisdn, 2_000_00n, right)).toMatchObject({ ok: true })
      stage.clock.advance(day - 1)
      expect(await send(a, b.msisdn, 2_000_00n, right)).toMatchObject({ refusal: 'name_blocked' })
      stage.clock.advance(1)
      expect(await send(a, b.msisdn, 2_000_00n, wrong)).toMatchObject({ triesLeft: 2 })
      expect(await send(a, b.msisdn, 2_000_00n, right)).toMatchObject({ ok: true })
    })
  })

  describe('a wallet that is frozen', () => {
    const freeze = ({ walletId }: Customer, frozen: string) =>
      stage.db.transact((tx) =>
        tx.query('update wallet_account set frozen = $1 where id = $2', [frozen, walletId]),
      )

    test.each([
      ['in', 'frozen_in', 'ok'],
      ['out', 'ok', 'frozen_out'],
      ['both', 'frozen_in', 'frozen_out'],
    ])('%s: money to it: %s, money from it: %s', async (frozen, into, out) => {
      const [a, b] = [await customer(10_00n), await customer(10_00n)]
      await freeze(b, frozen)
      const said = (sent: Sent) => (sent.ok ? 'ok' : sent.refusal)
      expect(said(await send(a, b.msisdn, 1n))).toBe(into)
      expect(said(await send(b, a.msisdn, 1n))).toBe(out)
    })

    test('what is on its way to it or from it goes back, and that comes in all the same', async () => {
      const [a, b] = [await customer(10_00n), await customer()]
      const { id } = transferOf(await send(a, b.msisdn, 4_00n, { arrival: '2h' }))
      await freeze(b, 'in')
      stage.clock.advance(2 * hour)
      await stage.settle()
      expect((await stage.transfers.get(id))?.reason).toBe('payee_unable')
      await freeze(b, 'none')
      const again = transferOf(await send(a, b.msisdn, 4_00n, { arrival: '2h' }))
      await freeze(a, 'both')
      stage.clock.advance(2 * hour)
      await stage.settle()
      expect((await stage.transfers.get(again.id))?.reason).toBe('payer_frozen')
      expect(await stage.available(a.msisdn)).toBe(10_00n)
      expect(await stage.available(b.msisdn)).toBe(0n)
    })
  })

  test('limits count what was sent, by day and by class', async () => {
    const [a, b] = [await customer(300_000_00n), await customer()]
    const nameCharacter = new Secret('张')
    await send(a, b.msisdn, 30_000_00n, { nameCharacter })
    expect(await send(a, b.msisdn, 20_000_01n)).toEqual({
      ...{ ok: false, refusal: 'over_day_limit', left: 20_000_00n },
    })
    for (let n = 0; n < 3; n += 1) {
      stage.clock.advance(day)
      expect(await send(a, b.msisdn, 50_000_00n)).toMatchObject({ ok: true })
    }
    stage.clock.advance(day)
    // 180,000.00 of this year's 200,000.00.
    expect(await send(a, b.msisdn, 20_000_01n)).toEqual({
      ...{ ok: false, refusal: 'over_class_limit', left: 20_000_00n },
    })
    expect(await send(a, b.msisdn, 20_000_00n)).toMatchObject({ ok: true })
  })

  test('class I has one limit for ever, which no new year gives back', async () => {
    const b = await customer()
    const msisdn = await stage.stranger(number())
    await stage.db.transact((tx) => stage.wallet.open(tx, { msisdn, class: 'I' }))
    const cash = { msisdn, amount: 2_000_00n, till: 't1', channel: 'counter' } as const
    await stage.wallet.cashIn({ ...cash, key: stage.key() })
    expect(await send({ msisdn }, b.msisdn, 600_00n)).toMatchObject({ ok: true })
    stage.clock.advance(400 * day)
    expect(await send({ msisdn }, b.msisdn, 400_01n)).toEqual({
      ...{ ok: false, refusal: 'over_class_limit', left: 400_00n },
    })
    expect(await send({ msisdn }, b.msisdn, 400_00n)).toMatchObject({ ok: true })
  })

  test('no more than 100 in a day', async () => {
    const [a, b] = [await customer(2_00n), await customer()]
    const sent = await Promise.all(Array.from({ length: 101 }, () => send(a, b.msisdn, 1n)))
    const refusals = sent.flatMap((one) => (one.ok ? [] : [one.refusal]))
    expect(refusals).toEqual(['over_day_count'])
    stage.clock.advance(day)
    expect(await send(a, b.msisdn, 1n)).toMatchObject({ ok: true })
  })

  test('after a change of SIM nothing leaves for 72 h (WL-06), but all comes in', async () => {
    const [a, b] = [await customer(10_00n), await customer(10_00n)]
    const changedAt = stage.clock.now()
    await stage.db.transact((tx) =>
      tx.query(`update subscriber set sim_changed_at = $1::int8 where msisdn = $2`, [
        changedAt,
        a.msisdn,
      ]),
    )
    const until = changedAt + 72 * hour
    expect(await send(a, b.msisdn, 1n)).toEqual({ ok: false, refusal: 'cooling_off', until })
    expect(await send(b, a.msisdn, 1n)).toMatchObject({ ok: true })
    stage.clock.advance(72 * hour)
    expect(await send(a, b.msisdn, 1n)).toMatchObject({ ok: true })
  })
})
