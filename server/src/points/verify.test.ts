/** Each rule finds what breaks it: rows are changed by hand, behind the back of the program. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { foundAfter } from '../../../test/books.ts'
import { givePoints } from '../../../test/points/given.ts'
import { createStage, type Stage } from '../../../test/points/stage.ts'
import { pointsInvariants } from './verify.ts'

const msisdn = '+8613600000001'
let stage: Stage
beforeAll(async () => {
  stage = await createStage()
  const { db, clock, tools, points } = stage
  const { walletId } = await stage.customer(msisdn, 900_00n)
  await stage.promise()
  const { id: paymentId } = await stage.pay(msisdn, 100_00n)
  await stage.settle()
  await stage.refund(msisdn, paymentId, 10_00n)
  await stage.settle()
  for (const given of [30n, -20n])
    await givePoints({ db, clock, pointsTools: tools }, { msisdn, walletId }, given)
  const voucher = await stage.reward(5n, ['A', 'B', 'C'])
  const pieces = await stage.reward(5n, 9n)
  for (const [key, { id: rewardId }] of [voucher, voucher, pieces].entries()) {
    const done = await points.redeem({ msisdn, rewardId, key: String(key) })
    if (!done.ok) throw new Error(done.refusal)
    const naming = { msisdn, redemptionId: done.value.redemption.id }
    if (key === 0) await points.cancel(naming)
    if (key === 1) await points.showCode(naming)
  }
})
afterAll(() => stage?.close())

const found = (change: string) => foundAfter(stage.db, pointsInvariants, change)

test('nothing is found in what points themselves wrote', async () => {
  expect(await found('select 1')).toEqual([])
})

const posted = (reason: string) => `delete from transfer where reason = 'points_${reason}'`
const redeemed = (state: string) => `where state = '${state}'`

const breaks: readonly (readonly [rule: string, change: string])[] = [
  ['points_lots_are_the_balance', 'update points_lot set points = points + 1'],
  ['points_lots_are_the_balance', 'delete from points_lot'],
  ['points_earned_once', posted('earned')],
  ['points_earned_once', 'update points_earning set earned = earned + 1, taken = taken + 1'],
  ['points_follow_the_money', 'update payment set refunded = refunded + 100 where refunded > 0'],
  ['points_follow_the_money', 'update points_earning set per_yuan = 2'],
  ['points_taken_back_or_owed', posted('taken_back')],
  [
    'points_taken_back_or_owed',
    'insert into points_debt select bucket, wallet_id, 1 from points_earning',
  ],
  ['points_spent_on_rewards', posted('spent')],
  ['points_spent_on_rewards', `update points_redemption set points = 6 ${redeemed('taken')}`],
  ['points_given_back', posted('returned')],
  [
    'points_given_back',
    `update points_redemption set state = 'cancelled', code = null ${redeemed('shown')}`,
  ],
  ['points_adjusted_in', 'delete from points_adjustment where points > 0'],
  ['points_adjusted_out', 'update points_adjustment set points = -21 where points < 0'],
  ['points_rewards_are_counted', `update points_reward set stock = 10 where kind = 'stock'`],
  ['points_rewards_are_counted', 'delete from points_voucher where redemption_id is null'],
  ['points_rewards_are_counted', 'delete from points_stocking'],
  [
    'points_codes_have_one_owner',
    `update points_redemption set code = 'other' ${redeemed('shown')}`,
  ],
  [
    'points_codes_have_one_owner',
    `update points_voucher set redemption_id = id from points_redemption
      where state = 'cancelled' and redemption_id is null and place = 2`,
  ],
  ['points_end_with_their_wallet', `update wallet_account set released_at = 1`],
]

test.each(breaks)('%s: %s', async (rule, change) => {
  expect(await found(change)).toContain(rule)
})

test('every rule is tried above', () => {
  const tried = new Set(breaks.map(([rule]) => rule))
  expect([...tried].toSorted()).toEqual(pointsInvariants.map(({ name }) => name).toSorted())
})
