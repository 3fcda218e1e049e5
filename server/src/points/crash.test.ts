/**
 * The process dies at every transaction of what is done with points, just before and just after it. Whoever asked asks
 * again, and work that was left is taken up by another: one effect.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type Death, mortal } from '../../../test/payments/mortal.ts'
import { createStage, type Stage } from '../../../test/points/stage.ts'
import type { Reward } from './index.ts'
import { createPoints, type Points } from './index.ts'

const silent = { info: () => {}, warn: () => {}, error: () => {} }
let survivor: Stage
let reward: Reward
let numbers = 0
beforeAll(async () => {
  survivor = await createStage()
  await survivor.promise()
  reward = await survivor.reward(60n, 1_000n)
})
afterAll(async () => {
  expect(await offencesIn(survivor.db)).toEqual([])
  await survivor.close()
})

interface Life {
  readonly msisdn: string
  readonly walletId: string
}

/** Somebody with 100 points, or with a purchase that has not earned them yet. */
async function life(isSettled: boolean): Promise<Life> {
  numbers += 1
  const msisdn = `+86135${String(numbers).padStart(8, '0')}`
  const { walletId } = await survivor.customer(msisdn, 200_00n)
  await survivor.pay(msisdn, 100_00n)
  if (isSettled) await survivor.settle()
  return { msisdn, walletId }
}

const take = async (points: Points, { msisdn }: Life) => {
  const done = await points.redeem({ msisdn, rewardId: reward.id, key: 'k' })
  if (!done.ok) throw new Error(done.refusal)
  return { msisdn, redemptionId: done.value.redemption.id }
}

/** What is tried, what it is tried on, and the points after it was asked for again. */
const acts = {
  'a reward is taken': { before: async () => {}, act: take, left: 40n },
  'a reward is given back': {
    before: take,
    act: async (points: Points, one: Life) => points.cancel(await take(survivor.points, one)),
    left: 100n,
  },
  'a code is shown': {
    before: take,
    act: async (points: Points, one: Life) => points.showCode(await take(survivor.points, one)),
    left: 40n,
  },
} as const

const remaining = async () => (await survivor.points.rewards())[0]?.remaining ?? -1n

async function mortalPoints(death: Death) {
  const { db, clock, tools } = survivor
  const fate = mortal(death)
  const points = await createPoints({ ...tools, db: fate.database(db), clock, log: silent })
  fate.begin()
  return { points, fate }
}

/** Every death there is, until a life ends by itself; answers how many died. */
async function everyDeath(play: (death: Death) => Promise<boolean>): Promise<number> {
  let deaths = 0
  for (let call = 1, isOver = false; !isOver; call += 1)
    for (const when of ['before', 'after'] as const) {
      const died = await play({ call, when })
      deaths += died ? 1 : 0
      isOver = !died
    }
  return deaths
}

test.each(Object.entries(acts))('%s: once, wherever the process dies', async (_, given) => {
  const deaths = await everyDeath(async (death) => {
    const one = await life(true)
    const pieces = await remaining()
    await given.before(survivor.points, one)
    const { points, fate } = await mortalPoints(death)
    const first = await given.act(points, one).then(
      () => 'answered',
      () => 'died',
    )
    expect([death, first]).toEqual([death, fate.isDead() ? 'died' : 'answered'])
    await given.act(survivor.points, one)
    expect(await survivor.inLedger(one.walletId)).toBe(given.left)
    expect(await remaining()).toBe(given.left === 40n ? pieces - 1n : pieces)
    return fate.isDead()
  })
  expect(deaths).toBe(2)
})

test('a purchase earns once, wherever the worker dies', async () => {
  const deaths = await everyDeath(async (death) => {
    const one = await life(false)
    const { points, fate } = await mortalPoints(death)
    await points.work().catch(() => 0)
    // Until nobody has the work in hand any more.
    survivor.clock.advance(10 * 60_000)
    await survivor.settle()
    expect([death, await survivor.inLedger(one.walletId)]).toEqual([death, 100n])
    return fate.isDead()
  })
  // The claim, the points and the end of the work, each before and after.
  expect(deaths).toBeGreaterThanOrEqual(6)
})
