/** Points as customers and the operator meet them, on the real payments, wallets and ledger. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { createStage, type Stage } from '../../../test/points/stage.ts'
import { bucketOf } from '../kernel/index.ts'
import { adjustPoints, changeReward } from './index.ts'

const dayMs = 86_400_000
let stage: Stage
let alice: string
let bob: string
let walletId: string
let numbers = 0

beforeAll(async () => {
  stage = await createStage()
})
afterAll(async () => {
  expect(await offencesIn(stage.db)).toEqual([])
  await stage.close()
})
/** Everybody anew, in one database: each test has its own people, and a programme that is off. */
beforeEach(async () => {
  numbers += 2
  alice = `+86139${String(numbers).padStart(8, '0')}`
  bob = `+86139${String(numbers + 1).padStart(8, '0')}`
  walletId = (await stage.customer(alice, 1_000_00n)).walletId
  await stage.promise({ isOn: false })
})

let keys = 0
const newKey = () => {
  keys += 1
  return `key-${keys}`
}
const earn = async (amount: bigint, more = {}) => {
  const payment = await stage.pay(alice, amount, more)
  await stage.settle()
  return payment
}
const lines = async () =>
  (await stage.points.lines(walletId, { before: null, limit: 50 })).map(
    ({ reason, points, balance }) => `${reason} ${points} = ${balance}`,
  )
const redeem = (rewardId: string, key = newKey(), msisdn = alice) =>
  stage.points.redeem({ msisdn, rewardId, key })
const taken = async (rewardId: string) => {
  const done = await redeem(rewardId)
  if (!done.ok) throw new Error(done.refusal)
  return done.value.redemption
}

describe('a purchase', () => {
  test('earns for each whole yuan, once, and nothing before the programme or after it', async () => {
    await earn(20_00n)
    expect(await stage.balance(walletId)).toBe(0n)
    await stage.promise({ perYuan: 2n })
    await earn(10_99n)
    await earn(99n)
    expect(await stage.balance(walletId)).toBe(20n)
    await stage.promise({ isOn: false })
    await earn(10_00n)
    expect(await lines()).toEqual(['points_earned 20 = 20'])
  })

  test('that was paid under a programme earns by it, however late it is settled', async () => {
    await stage.promise({ perYuan: 3n })
    await stage.pay(alice, 5_00n)
    await stage.promise({ perYuan: 1n })
    await stage.settle()
    expect(await lines()).toEqual(['points_earned 15 = 15'])
  })

  test('from the phone bill earns where the programme says so, into the wallet of then', async () => {
    await stage.promise()
    const byBill = { source: 'phone_bill', what: { product: '100' } } as const
    await earn(0n, byBill)
    expect(await lines()).toEqual([])
    await stage.promise({ sources: ['phone_bill'] })
    stage.clock.advance(60_000)
    await earn(0n, byBill)
    expect(await lines()).toEqual(['points_earned 10 = 10'])
  })

  test('loses its points with its money, yuan by yuan', async () => {
    await stage.promise()
    const { id } = await earn(10_50n)
    await stage.refund(alice, id, 1_00n)
    await stage.settle()
    expect(await stage.balance(walletId)).toBe(9n)
    await stage.refund(alice, id)
    await stage.settle()
    expect(await lines()).toEqual([
      'points_taken_back -9 = 0',
      'points_taken_back -1 = 9',
      'points_earned 10 = 10',
    ])
  })

  test('that was paid back before it had earned earns for the rest', async () => {
    await stage.promise()
    const { id } = await stage.pay(alice, 10_00n)
    await stage.refund(alice, id, 4_00n)
    await stage.settle()
    expect(await lines()).toEqual(['points_earned 6 = 6'])
  })

  test('whose points are spent is owed them: they go off what is earned next, never below zero', async () => {
    await stage.promise()
    const { id } = await earn(100_00n)
    const { id: rewardId } = await stage.reward(80n, 1n)
    await taken(rewardId)
    await stage.refund(alice, id)
    await stage.settle()
    expect(await stage.points.balance(walletId)).toMatchObject({ points: 0n, owed: 80n })
    await earn(50_00n)
    expect(await stage.points.balance(walletId)).toMatchObject({ points: 0n, owed: 30n })
    await earn(50_00n)
    expect(await stage.points.balance(walletId)).toMatchObject({ points: 20n, owed: 0n })
  })

  test('whose points went into a reward takes them when that is given back', async () => {
    await stage.promise()
    const { id } = await earn(100_00n)
    const { id: rewardId } = await stage.reward(80n, 1n)
    const { id: redemptionId } = await taken(rewardId)
    await stage.refund(alice, id, 50_00n)
    await stage.settle()
    expect(await stage.points.balance(walletId)).toMatchObject({ points: 0n, owed: 30n })
    expect((await stage.points.cancel({ msisdn: alice, redemptionId })).ok).toBe(true)
    expect(await stage.points.balance(walletId)).toMatchObject({ points: 50n, owed: 0n })
  })
})

describe('a reward', () => {
  beforeEach(async () => {
    await stage.promise()
    await earn(100_00n)
  })

  test('is taken once for a key, and its code stays hidden until it is asked for', async () => {
    const { id: rewardId } = await stage.reward(60n, ['GIFT-1', 'GIFT-2'])
    const key = newKey()
    const first = await redeem(rewardId, key)
    const again = await redeem(rewardId, key)
    if (!first.ok || !again.ok) throw new Error('refused')
    const { id: redemptionId } = first.value.redemption
    expect([again.value.replayed, again.value.redemption.id]).toEqual([true, redemptionId])
    expect(await stage.balance(walletId)).toBe(40n)
    const other = await stage.reward(1n, 1n)
    const mixed = await redeem(other.id, key)
    expect(mixed).toEqual({ ok: false, refusal: 'exists_with_different_content' })
    const kept = JSON.stringify(await stage.db.query('select * from points_voucher'), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(kept).not.toContain('GIFT')
    const shown = await stage.points.showCode({ msisdn: alice, redemptionId })
    expect(shown.ok && shown.value.reveal()).toBe('GIFT-1')
    const late = await stage.points.cancel({ msisdn: alice, redemptionId })
    expect(late).toEqual({ ok: false, refusal: 'redemption_shown' })
    expect(await stage.told(alice)).toMatchObject([
      { id: 'points_spent', points: '60', left: '40' },
    ])
  })

  test('is given back unseen: the points where they were, the code to the next one', async () => {
    const { id: rewardId } = await stage.reward(60n, ['ONLY'])
    const { id: redemptionId } = await taken(rewardId)
    expect(await redeem(rewardId)).toEqual({ ok: false, refusal: 'reward_gone' })
    for (let times = 0; times < 2; times += 1)
      expect(await stage.points.cancel({ msisdn: alice, redemptionId })).toMatchObject({ ok: true })
    expect(await stage.points.balance(walletId)).toMatchObject({
      points: 100n,
      expiring: { expiresOn: '2027-12-31', points: 100n },
    })
    const gone = await stage.points.showCode({ msisdn: alice, redemptionId })
    expect(gone).toEqual({ ok: false, refusal: 'redemption_cancelled' })
    const next = await taken(rewardId)
    const shown = await stage.points.showCode({ msisdn: alice, redemptionId: next.id })
    expect(shown.ok && shown.value.reveal()).toBe('ONLY')
  })

  test('needs enough points, an open and unfrozen wallet, and its time', async () => {
    const dear = await stage.reward(101n, 5n)
    expect(await redeem(dear.id)).toEqual({ ok: false, refusal: 'points_low' })
    expect(await redeem(dear.id, newKey(), bob)).toEqual({ ok: false, refusal: 'wallet_not_found' })
    const missing = '01890000-0000-7000-8000-000000000001'
    expect(await redeem(missing)).toEqual({ ok: false, refusal: 'reward_unknown' })
    const cheap = await stage.reward(1n, 5n)
    await stage.db.transact((tx) =>
      tx.query(`update wallet_account set frozen = 'out' where msisdn = $1`, [alice]),
    )
    expect(await redeem(cheap.id)).toEqual({ ok: false, refusal: 'wallet_frozen' })
    await stage.db.transact((tx) =>
      tx.query(`update wallet_account set frozen = 'none' where msisdn = $1`, [alice]),
    )
    const soon = stage.clock.now() + 1
    await stage.db.transact((tx) => changeReward(tx, { id: cheap.id, offeredUntil: soon }))
    stage.clock.advance(1)
    expect(await redeem(cheap.id)).toEqual({ ok: false, refusal: 'reward_not_offered' })
    expect((await stage.points.rewards()).map(({ id }) => id)).not.toContain(cheap.id)
  })

  test('of somebody else is nobody’s business', async () => {
    const { id: rewardId } = await stage.reward(60n, 1n)
    const { id: redemptionId } = await taken(rewardId)
    await stage.customer(bob)
    for (const act of [stage.points.showCode, stage.points.cancel])
      expect(await act({ msisdn: bob, redemptionId })).toEqual({
        ok: false,
        refusal: 'redemption_unknown',
      })
  })
})

describe('the operator', () => {
  const adjust = (points: bigint, more = {}) => {
    const id = stage.tools.ids.next(bucketOf(alice), stage.clock.now())
    const people = { askedBy: 'Chen Li', agreedBy: 'Wu Min' }
    const given = { id, walletId, points, reason: 'complaint 7', ...people, ...more }
    return stage.db.transact((tx) => adjustPoints(tx, stage.tools, given, stage.clock.now()))
  }

  test('gives and takes points, with a second person, once, and never below zero', async () => {
    expect(await adjust(50n, { agreedBy: ' chen li ' })).toEqual({
      ok: false,
      refusal: 'act_is_own',
    })
    const id = stage.tools.ids.next(bucketOf(alice), stage.clock.now())
    expect(await adjust(50n, { id })).toMatchObject({ ok: true })
    expect(await adjust(50n, { id })).toMatchObject({ ok: true })
    expect(await adjust(51n, { id })).toMatchObject({ refusal: 'exists_with_different_content' })
    expect(await adjust(-51n)).toEqual({ ok: false, refusal: 'points_low' })
    expect(await adjust(-20n)).toMatchObject({ ok: true })
    expect(await adjust(0n)).toEqual({ ok: false, refusal: 'value_out_of_range' })
    expect(await lines()).toEqual(['points_adjusted -20 = 30', 'points_adjusted 50 = 50'])
  })

  test('loads each code once', async () => {
    await stage.reward(1n, ['A', 'B'])
    await expect(stage.reward(1n, ['B'])).rejects.toThrow('voucher_known')
    await expect(stage.reward(1n, ['C', 'C'])).rejects.toThrow('voucher_known')
  })
})

describe('points end', () => {
  test('after the next year: those that end first are spent first, and the rest expires', async () => {
    await stage.promise()
    await earn(100_00n)
    stage.clock.advance(200 * dayMs)
    await earn(50_00n)
    const { id: rewardId } = await stage.reward(30n, 5n)
    await taken(rewardId)
    expect((await stage.points.balance(walletId)).expiring).toEqual({
      ...{ expiresOn: '2027-12-31', points: 70n },
    })
    stage.clock.set(Date.parse('2027-12-31T23:59:00+08:00'))
    await stage.expire()
    await stage.settle()
    expect(await stage.balance(walletId)).toBe(120n)
    stage.clock.set(Date.parse('2028-01-01T00:00:00+08:00'))
    // Not to be spent any more, even before the night's work.
    expect(await stage.balance(walletId)).toBe(50n)
    await stage.settle()
    expect((await lines())[0]).toBe('points_expired -70 = 50')
    expect((await stage.told(alice)).at(-1)).toEqual({
      ...{ id: 'points_expired', points: '70', left: '50' },
    })
  })

  test('with the wallet: closed, or without its number; and what is earned later is not', async () => {
    await stage.promise()
    await earn(100_00n)
    const late = await stage.pay(alice, 10_00n)
    const closing = { msisdn: alice, walletId, channel: 'counter', key: newKey() } as const
    const closed = await stage.wallets.wallet.close({ ...closing, payTo: { till: 't1' } })
    expect(closed).toMatchObject({ ok: true, value: { state: 'closed' } })
    await stage.settle()
    expect(await lines()).toEqual(['points_forfeited -100 = 0', 'points_earned 100 = 100'])
    await stage.refund(alice, late.id)
    await stage.settle()
    expect(await stage.inLedger(walletId)).toBe(0n)

    const other = await stage.customer(bob, 100_00n)
    await stage.pay(bob, 40_00n)
    await stage.settle()
    expect(await stage.balance(other.walletId)).toBe(40n)
    await stage.db.transact((tx) => stage.wallets.wallet.release(tx, bob))
    await stage.settle()
    expect(await stage.inLedger(other.walletId)).toBe(0n)
  })
})
