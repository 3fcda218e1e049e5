/** The wallet on real databases: the domain's examples and journals to the fen, and what a customer is told. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { engines } from '../../../test/database.ts'
import { createStage, type Stage } from '../../../test/wallet/stage.ts'
import { Secret } from '../kernel/index.ts'
import { history, holdAsked } from './index.ts'
import type { MoveResult } from './wallet.ts'

const hour = 3_600_000
const day = 24 * hour

function movementOf(result: MoveResult) {
  if (!result.ok) throw new Error(result.refusal)
  return result.value.movement
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
  const customer = (amount = 0n) => {
    numbers += 1
    return stage.customer(`+86136${String(numbers).padStart(8, '0')}`, amount)
  }
  type Customer = Awaited<ReturnType<typeof customer>>
  const topUp = ({ msisdn, card }: Customer, amount: bigint, key = stage.key()) =>
    stage.wallet.topUp({ msisdn, cardId: card, amount, channel: 'sms', key })
  const withdraw = (
    { msisdn, card }: Customer,
    amount: bigint,
    speed: 'same_day' | 'next_day' = 'same_day',
    key = stage.key(),
  ) => stage.wallet.withdraw({ msisdn, cardId: card, amount, speed, channel: 'sms', key })
  const stateOf = async (id: string) => (await stage.wallet.movement(id))?.state
  const idsTold = async ({ msisdn }: Customer) => (await stage.told(msisdn)).map(({ id }) => id)

  test('J1a: a top-up is held until the bank has approved it, then it is in the balance', async () => {
    const one = await customer()
    const { id } = movementOf(await topUp(one, 100_00n))
    expect(await stage.journal(id, one.walletId)).toEqual([
      'pending D bank-clearing:ABC / C user-balance:A 10000',
    ])
    expect(await stage.available(one.msisdn)).toBe(0n)
    await stage.settle()
    expect(await stateOf(id)).toBe('done')
    expect(await stage.journal(id, one.walletId)).toEqual([
      'pending D bank-clearing:ABC / C user-balance:A 10000',
      'post D bank-clearing:ABC / C user-balance:A 10000',
    ])
    expect(await stage.available(one.msisdn)).toBe(100_00n)
    expect(await stage.told(one.msisdn)).toEqual([
      {
        id: 'wallet_topped_up',
        at: '2026-09-12T10:00:00',
        amount: '10000',
        balance: '10000',
        last4: '1234',
      },
    ])
  })

  test('J6a, J6b: a withdrawal leaves the balance with its fee, and is paid when the bank says so', async () => {
    const one = await customer(1_000_00n)
    const { id } = movementOf(await withdraw(one, 200_00n))
    const asked = [
      'D user-balance:A / C withdrawals-in-transit:ABC 20000',
      'D user-balance:A / C withdrawal-fee-income 20',
    ]
    expect(await stage.journal(id, one.walletId)).toEqual(asked)
    expect(await stage.wallet.balance(one.msisdn)).toMatchObject({
      available: 799_80n,
      inTransit: 200_00n,
    })
    stage.clock.advance(1)
    await stage.settle()
    expect(await stage.journal(id, one.walletId)).toEqual([
      ...asked,
      'D withdrawals-in-transit:ABC / C bank-clearing:ABC 20000',
    ])
    expect(await stage.wallet.balance(one.msisdn)).toMatchObject({
      available: 799_80n,
      inTransit: 0n,
    })
    expect(await idsTold(one)).toEqual([
      'wallet_cash_in',
      'wallet_withdrawal_requested',
      'wallet_withdrawal_paid',
    ])
  })

  test('example 35: 200.00 and its fee need 200.20; a failed one comes back whole (J6d)', async () => {
    const poor = await customer(200_19n)
    expect(await withdraw(poor, 200_00n)).toEqual({
      ...{ ok: false, refusal: 'low_balance', left: 200_19n },
    })
    const one = await customer(200_20n)
    stage.bank.next('refused')
    const { id } = movementOf(await withdraw(one, 200_00n))
    expect(await stage.available(one.msisdn)).toBe(0n)
    await stage.settle()
    expect(await stage.wallet.movement(id)).toMatchObject({
      ...{ state: 'returned', reason: 'low_funds', bankCode: 'BR-51' },
    })
    expect((await stage.journal(id, one.walletId)).slice(2)).toEqual([
      'D withdrawals-in-transit:ABC / C user-balance:A 20000',
      'D withdrawal-fee-income / C user-balance:A 20',
    ])
    expect(await stage.available(one.msisdn)).toBe(200_20n)
    expect((await stage.told(one.msisdn)).at(-1)).toMatchObject({
      ...{ id: 'wallet_withdrawal_returned', amount: '20020', balance: '20020' },
    })
  })

  test('example 35: an unknown one stays in transit for as long as it takes, and is sent once', async () => {
    const one = await customer(200_20n)
    stage.bank.next('silent')
    const { id } = movementOf(await withdraw(one, 200_00n))
    await stage.settle()
    for (let n = 0; n < 8; n += 1) {
      stage.clock.advance(5 * hour)
      await stage.settle()
    }
    expect(await stateOf(id)).toBe('unknown')
    expect(await stage.wallet.balance(one.msisdn)).toMatchObject({
      available: 0n,
      inTransit: 200_00n,
    })
    stage.bank.decide(id, 'done')
    await stage.wallet.look(id)
    await stage.settle()
    expect(await stateOf(id)).toBe('paid')
    expect(stage.bank.messages.filter((one) => one.id === id)).toHaveLength(1)
    expect(stage.bank.calls.filter((called) => called === id)).toHaveLength(1)
    expect(await idsTold(one)).toEqual([
      'wallet_cash_in',
      'wallet_withdrawal_requested',
      'wallet_withdrawal_unknown',
      'wallet_withdrawal_paid',
    ])
  })

  test('fees: 1,500.00 costs 1.50, 50.00 costs 0.10, the next day nothing', async () => {
    const one = await customer(5_000_00n)
    expect(movementOf(await withdraw(one, 1_500_00n)).fee).toBe(1_50n)
    expect(movementOf(await withdraw(one, 50_00n)).fee).toBe(10n)
    expect(movementOf(await withdraw(one, 1_500_00n, 'next_day')).fee).toBe(0n)
    await stage.settle()
  })

  test('T+1: it leaves the balance at once and reaches the bank on the next morning', async () => {
    const one = await customer(100_00n)
    const { id, sendAt } = movementOf(await withdraw(one, 100_00n, 'next_day'))
    expect(sendAt).toBe(Date.parse('2026-09-15T00:00:00Z'))
    expect(await stage.available(one.msisdn)).toBe(0n)
    await stage.wallet.look(id)
    await stage.settle()
    expect(await stateOf(id)).toBe('requested')
    stage.clock.set((sendAt ?? 0) - 1)
    await stage.settle()
    expect(await stateOf(id)).toBe('requested')
    stage.clock.advance(1)
    await stage.settle()
    expect(await stateOf(id)).toBe('paid')
    expect(await stage.journal(id, one.walletId)).toEqual([
      'D user-balance:A / C withdrawals-in-transit:ABC 10000',
      'D withdrawals-in-transit:ABC / C bank-clearing:ABC 10000',
    ])
  })

  test('a withdrawal that cannot be sent waits for the bank to open, and keeps its place', async () => {
    const one = await customer(300_00n)
    stage.bank.next('unsent', 'unsent')
    const { id } = movementOf(await withdraw(one, 200_00n))
    await stage.settle()
    expect(await stateOf(id)).toBe('requested')
    stage.clock.advance(2_000)
    await stage.settle()
    expect(await stateOf(id)).toBe('requested')
    stage.clock.advance(5_000)
    await stage.settle()
    expect(await stateOf(id)).toBe('paid')
    expect(stage.bank.messages.filter((one) => one.id === id)).toHaveLength(1)
  })

  test('an unknown top-up moves nothing; reversed, the customer is told that, and nothing false before', async () => {
    const one = await customer()
    stage.bank.next('silent')
    const { id } = movementOf(await topUp(one, 100_00n))
    await stage.settle()
    expect(await stateOf(id)).toBe('unknown')
    expect(await idsTold(one)).toEqual(['wallet_top_up_unknown'])
    stage.clock.advance(5_000)
    await stage.settle()
    expect(await stateOf(id)).toBe('unknown')
    stage.bank.decide(id, 'reversed')
    stage.clock.advance(hour)
    await stage.settle()
    expect(await stateOf(id)).toBe('reversed')
    expect(await stage.available(one.msisdn)).toBe(0n)
    expect(await idsTold(one)).toEqual(['wallet_top_up_unknown', 'wallet_top_up_reversed'])
    expect((await stage.journal(id, one.walletId)).at(-1)).toMatch(/^void /)
    expect((await history.of(stage.db, id)).map(({ state }) => state)).toEqual([
      ...['requested', 'unknown', 'reversed'],
    ])
  })

  test('a top-up that the bank refuses, or that cannot be sent, is told at once and moves nothing', async () => {
    const one = await customer()
    stage.bank.next('refused', 'unsent')
    const refused = movementOf(await topUp(one, 100_00n))
    await stage.settle()
    const away = movementOf(await topUp(one, 100_00n))
    await stage.settle()
    expect(await stage.wallet.movement(refused.id)).toMatchObject({
      ...{ state: 'refused', reason: 'low_funds', bankCode: 'BR-51' },
    })
    expect(await stage.wallet.movement(away.id)).toMatchObject({
      ...{ state: 'refused', reason: 'bank_away', bankCode: null },
    })
    expect(await stage.bank.statusOf(away.id)).toBe('reversed')
    expect(await stage.available(one.msisdn)).toBe(0n)
    expect(
      (await stage.told(one.msisdn)).map((notice) => 'reason' in notice && notice.reason),
    ).toEqual(['low_funds', 'bank_away'])
  })

  test('a bank of its own PIN gets it once, and the wallet keeps it sealed only until then', async () => {
    const { msisdn, card } = await customer()
    const pin = new Secret('271828')
    const order = { msisdn, cardId: card, amount: 1_00n, channel: 'sms', key: stage.key() } as const
    const { id } = movementOf(await stage.wallet.topUp({ ...order, pin }))
    const kept = () => stage.db.query('select * from wallet_movement where id = $1', [id])
    const sealed = async () => ((await kept())[0] as { sealed_pin: string | null }).sealed_pin
    expect(await sealed()).toMatch(/^k1\./)
    expect(JSON.stringify(await kept(), withBigints)).not.toContain('271828')
    await stage.settle()
    expect(stage.bank.messages.at(-1)).toEqual({ kind: 'debit', id, pin: '271828' })
    expect(await sealed()).toBeNull()
  })

  test('J21a: cash in and out at a till', async () => {
    const one = await customer()
    const { msisdn, walletId } = one
    const cash = { msisdn, till: 't7', channel: 'counter' } as const
    const paidIn = { ...cash, amount: 60_00n, key: stage.key() }
    const { id } = movementOf(await stage.wallet.cashIn(paidIn))
    expect(await stage.journal(id, walletId)).toEqual(['D counter-cash:t7 / C user-balance:A 6000'])
    const out = { ...cash, amount: 20_00n, key: stage.key() }
    const paidOut = movementOf(await stage.wallet.cashOut(out))
    expect(await stage.journal(paidOut.id, walletId)).toEqual([
      'D user-balance:A / C counter-cash:t7 2000',
    ])
    expect(await stage.wallet.cashOut({ ...cash, amount: 40_01n, key: stage.key() })).toMatchObject(
      {
        ...{ refusal: 'low_balance', left: 40_00n },
      },
    )
    expect(await idsTold(one)).toEqual(['wallet_cash_in', 'wallet_cash_out'])
  })

  test('what is not allowed is refused with its reason, and moves nothing', async () => {
    const one = await customer(100_00n)
    const { msisdn } = one
    const { people } = stage
    const with_ = async (card: string) => [
      await topUp({ ...one, card }, 1_00n),
      await withdraw({ ...one, card }, 1_00n),
    ]
    const both = (refusal: string) => [
      { ok: false, refusal },
      { ok: false, refusal },
    ]
    expect(await with_(people.bind(msisdn, { kind: 'credit' }))).toEqual(both('credit_card'))
    expect(await with_(people.bind(msisdn, { state: 'needs_rebinding' }))).toEqual(
      both('card_not_active'),
    )
    expect(await with_(people.bind('+8613600000000'))).toEqual(both('card_unknown'))
    expect(await with_('1234')).toEqual(both('card_unknown'))
    expect(await with_(people.bind(msisdn, { identityId: one.walletId }))).toEqual(
      both('card_of_other_owner'),
    )
    const newCard = people.bind(msisdn, { debitMax: 1_000_00n })
    expect(await topUp({ ...one, card: newCard }, 1_000_01n)).toMatchObject({
      ...{ refusal: 'over_card_limit', left: 1_000_00n },
    })
    expect(await topUp(one, 50_000_01n)).toMatchObject({ refusal: 'over_single_limit' })
    expect(await withdraw(one, 50_000_01n)).toMatchObject({ refusal: 'over_single_limit' })
    expect(await withdraw(one, 50_000_01n, 'next_day')).toMatchObject({ refusal: 'low_balance' })
    expect(await topUp(one, 0n)).toMatchObject({ refusal: 'amount_too_small' })
    expect(await topUp({ ...one, msisdn: '+8613699999999' }, 1n)).toMatchObject({
      refusal: 'wallet_not_found',
    })
    expect(await stage.available(msisdn)).toBe(100_00n)
  })

  test('WL-06: after a change of SIM no money goes out, and money still comes in', async () => {
    const one = await customer(100_00n)
    const until = stage.clock.now() + 72 * hour
    stage.people.own(one.msisdn, { coolOffUntil: until })
    const refusal = { ok: false, refusal: 'cooling_off', until }
    const cash = { msisdn: one.msisdn, amount: 1_00n, till: 't1', channel: 'counter' } as const
    const closing = { ...cash, walletId: one.walletId, payTo: { till: 't1' } }
    expect(await withdraw(one, 1_00n)).toEqual(refusal)
    expect(await stage.wallet.cashOut({ ...cash, key: stage.key() })).toEqual(refusal)
    expect(await stage.wallet.close({ ...closing, key: stage.key() })).toEqual(refusal)
    expect(await topUp(one, 1_00n)).toMatchObject({ ok: true })
    expect(await stage.wallet.cashIn({ ...cash, key: stage.key() })).toMatchObject({ ok: true })
    stage.clock.set(until)
    expect(await withdraw(one, 1_00n)).toMatchObject({ ok: true })
    await stage.settle()
  })

  test('the same key with the same content gives the same movement; with other content it is refused', async () => {
    const one = await customer(500_00n)
    const key = stage.key()
    const asked = await Promise.all(
      Array.from({ length: 5 }, () => withdraw(one, 200_00n, 'same_day', key)),
    )
    expect(new Set(asked.map((result) => movementOf(result).id)).size).toBe(1)
    expect(asked.filter((result) => result.ok && !result.value.replayed)).toHaveLength(1)
    await stage.settle()
    const again = await withdraw(one, 200_00n, 'same_day', key)
    expect(again).toMatchObject({ value: { replayed: true, movement: { state: 'paid' } } })
    const otherwise = { ok: false, refusal: 'exists_with_different_content' }
    expect(await withdraw(one, 200_01n, 'same_day', key)).toEqual(otherwise)
    expect(await withdraw(one, 200_00n, 'next_day', key)).toEqual(otherwise)
    const card = stage.people.bind(one.msisdn)
    expect(await withdraw({ ...one, card }, 200_00n, 'same_day', key)).toEqual(otherwise)
    expect(await topUp(one, 200_00n, key)).toEqual(otherwise)
    expect(await stage.available(one.msisdn)).toBe(299_80n)
  })

  test('after a restore what may have been sent is not sent, until somebody has compared it', async () => {
    const one = await customer(500_00n)
    const { id: lost } = movementOf(await withdraw(one, 200_00n))
    const { id: failed } = movementOf(await withdraw(one, 100_00n))
    const { id: later } = movementOf(await withdraw(one, 50_00n, 'next_day'))
    const { clock, wallet, bank } = stage
    expect(await wallet.resolve(lost, 'done')).toMatchObject({ refusal: 'movement_not_unknown' })
    expect(await stage.db.transact((tx) => holdAsked(tx, clock.now()))).toBe(2n)
    clock.advance(2 * day)
    await stage.settle()
    expect([await stateOf(lost), await stateOf(failed)]).toEqual(['unknown', 'unknown'])
    expect(bank.calls.filter((id) => id === lost || id === failed)).toEqual([])
    expect(await stateOf(later)).toBe('paid')
    expect(await wallet.resolve(lost, 'done')).toMatchObject({ value: { state: 'paid' } })
    expect(await wallet.resolve(failed, 'not_done')).toMatchObject({ value: { state: 'returned' } })
    expect(await wallet.resolve(failed, 'done')).toMatchObject({ refusal: 'movement_not_unknown' })
    expect(await stage.available(one.msisdn)).toBe(500_00n - 200_20n - 50_00n)
  })

  test('pages of movements, newest first', async () => {
    const one = await customer(1_00n)
    const { id } = movementOf(await withdraw(one, 50n, 'next_day'))
    const { walletId } = one
    const [newest] = await stage.wallet.movements({ walletId, limit: 1 })
    expect(newest?.id).toBe(id)
    const older = await stage.wallet.movements({ walletId, limit: 9, before: id })
    expect(older.map(({ kind, amount }) => [kind, amount])).toEqual([['cash_in', 1_00n]])
    stage.clock.advance(2 * day)
    await stage.settle()
  })
})

const withBigints = (_: string, value: unknown) =>
  typeof value === 'bigint' ? value.toString() : value
