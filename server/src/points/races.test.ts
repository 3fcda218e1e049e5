/** Points on PostgreSQL, of two processes: the last reward, a refund beside its earning, one key twice. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { offencesIn } from '../../../test/books.ts'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { givePoints } from '../../../test/points/given.ts'
import { createStage, type Stage } from '../../../test/points/stage.ts'
import { createPeople } from '../../../test/wallet/stage.ts'
import { tenOClock } from '../../../test/world.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { manualClock } from '../kernel/index.ts'

const clock = manualClock(tenOClock)
const people = createPeople()
let made: TestDatabase
let second: Database
let stages: readonly [Stage, Stage]
let numbers = 0
const number = () => {
  numbers += 1
  return `+86137${String(numbers).padStart(8, '0')}`
}
beforeAll(async () => {
  made = await testDatabase({ engine: 'postgres', poolMax: 8 })
  second = await openDatabase({ url: made.url ?? '', poolMax: 8 })
  const one = await createStage({ db: made.db, clock, people })
  stages = [one, await createStage({ db: second, clock, people })]
  await one.promise()
  await stages[1].points.programme.refresh()
})
afterAll(async () => {
  for (const stage of stages ?? []) await stage.close()
  await second?.close()
  await made?.close()
})

const of = (n: number) => stages[n % 2] as Stage

/** With so many points, from the operator. */
async function owner(points: bigint, money = 0n) {
  const [stage] = stages
  const msisdn = number()
  const { walletId } = await stage.customer(msisdn, money)
  const { db, tools: pointsTools } = stage
  if (points > 0n) await givePoints({ db, clock, pointsTools }, { msisdn, walletId }, points)
  return { msisdn, walletId }
}
const refusals = (results: readonly { ok: boolean; refusal?: string }[]) =>
  results.flatMap((one) => (one.ok ? [] : [one.refusal]))

test('three rewards and twelve who want one: three have one, each with a code of its own', async () => {
  const { id: rewardId } = await stages[0].reward(5n, ['R1', 'R2', 'R3'])
  const owners = await Promise.all(Array.from({ length: 12 }, () => owner(5n)))
  const results = await Promise.all(
    owners.map(({ msisdn }, n) => of(n).points.redeem({ msisdn, rewardId, key: 'k' })),
  )
  expect(refusals(results)).toEqual(Array(9).fill('reward_gone'))
  const codes = await Promise.all(
    results.flatMap((result, n) => {
      if (!result.ok) return []
      const { id: redemptionId } = result.value.redemption
      return [of(n).points.showCode({ msisdn: owners[n]?.msisdn ?? '', redemptionId })]
    }),
  )
  expect(codes.map((code) => code.ok && code.value.reveal()).sort()).toEqual(['R1', 'R2', 'R3'])
})

test('points for one reward and two who spend them: one', async () => {
  const { id: rewardId } = await stages[0].reward(5n, 1_000n)
  for (let round = 0; round < 6; round += 1) {
    const { msisdn, walletId } = await owner(5n)
    const results = await Promise.all(
      [0, 1].map((n) => of(n).points.redeem({ msisdn, rewardId, key: `k${n}` })),
    )
    expect(refusals(results)).toEqual(['points_low'])
    expect(await of(0).inLedger(walletId)).toBe(0n)
  }
})

test('one key, twice at once: one reward', async () => {
  const { id: rewardId } = await stages[0].reward(5n, 1_000n)
  for (let round = 0; round < 6; round += 1) {
    const { msisdn, walletId } = await owner(10n)
    const results = await Promise.all(
      [0, 1].map((n) => of(n).points.redeem({ msisdn, rewardId, key: 'same' })),
    )
    expect(results.map((one) => one.ok && one.value.replayed).sort()).toEqual([false, true])
    expect(await of(0).inLedger(walletId)).toBe(5n)
  }
})

test('a code that is shown while it is given back: one of the two', async () => {
  const { id: rewardId } = await stages[0].reward(5n, 1_000n)
  for (let round = 0; round < 6; round += 1) {
    const { msisdn, walletId } = await owner(5n)
    const done = await of(0).points.redeem({ msisdn, rewardId, key: 'k' })
    if (!done.ok) throw new Error(done.refusal)
    const naming = { msisdn, redemptionId: done.value.redemption.id }
    const [shown, back] = await Promise.all([
      of(round).points.showCode(naming),
      of(round + 1).points.cancel(naming),
    ])
    expect([shown.ok, back.ok].filter(Boolean)).toHaveLength(1)
    expect(await of(0).inLedger(walletId)).toBe(back.ok ? 5n : 0n)
  }
})

test('a purchase that earns while it is paid back, settled by two: what it kept', async () => {
  for (let round = 0; round < 6; round += 1) {
    const { msisdn, walletId } = await owner(0n, 10_00n)
    const { id } = await of(0).pay(msisdn, 10_00n)
    await Promise.all([of(0).points.work(), of(1).points.work(), of(1).refund(msisdn, id, 3_00n)])
    await of(0).settle()
    expect(await of(0).inLedger(walletId)).toBe(7n)
  }
})

test('a wallet that is closed while it earns and spends: nothing is left', async () => {
  const { id: rewardId } = await stages[0].reward(2n, 1_000n)
  for (let round = 0; round < 6; round += 1) {
    const { msisdn, walletId } = await owner(3n, 5_00n)
    await of(0).pay(msisdn, 5_00n)
    const closing = { msisdn, walletId, channel: 'counter', key: `close:${round}` } as const
    const [closed] = await Promise.all([
      of(0).wallets.wallet.close(closing),
      of(1).points.work(),
      of(1).points.redeem({ msisdn, rewardId, key: 'k' }),
    ])
    expect(closed.ok).toBe(true)
    await of(0).settle()
    expect(await of(0).inLedger(walletId)).toBe(0n)
  }
})

test('afterwards the books are sound', async () => {
  for (const stage of stages) await stage.settle()
  expect(await offencesIn(made.db)).toEqual([])
})
