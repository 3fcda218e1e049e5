import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database } from '../db/index.ts'
import {
  changeStatus,
  findSubscriber,
  introduce,
  type LineFacts,
  lockSubscribers,
  raiseWaitMs,
  saveLastYes,
  setOwnLimits,
} from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const day = 86_400_000
const line = (i: number, changes: Partial<LineFacts> = {}): LineFacts => ({
  msisdn: `+86139${String(i).padStart(8, '0')}`,
  carrier: 'mobile',
  brand: '神州行',
  billing: 'prepaid',
  status: 'active',
  language: 'zh',
  region: '110000',
  ...changes,
})

describe.each(engines)('subscribers on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine, poolMax: 8 })
    db = made.db
  })
  afterAll(() => made?.close())

  test('a number is introduced once and keeps what it has', async () => {
    await introduce(db, line(1), now)
    await introduce(db, line(1, { language: 'en', status: 'suspended' }), now + 1)
    expect(await findSubscriber(db, line(1).msisdn, now)).toMatchObject({
      ...line(1),
      switchedOn: true,
      ownDayLimit: null,
      lastYesAt: null,
      pending: null,
    })
  })

  test('a number closed long ago that is active again is a new subscriber', async () => {
    const { msisdn } = line(2)
    await introduce(db, line(2), now)
    const own = { switchedOn: false, single: 1n, day: 1n, month: 1n }
    await db.transact((tx) => setOwnLimits(tx, { msisdn, limits: own }, now))
    await db.transact((tx) => changeStatus(tx, { msisdn, status: 'closed' }, now))
    expect(
      await db.transact((tx) => changeStatus(tx, { msisdn, status: 'active' }, now)),
    ).toMatchObject({ refusal: 'number_closed' })
    await introduce(db, line(2), now + 89 * day)
    expect(await findSubscriber(db, msisdn, now)).toMatchObject({ status: 'closed' })
    await introduce(db, line(2), now + 90 * day)
    expect(await findSubscriber(db, msisdn, now)).toMatchObject({
      status: 'active',
      switchedOn: true,
      ownDayLimit: null,
    })
  })

  test('raised limits come to count for the hot path by themselves', async () => {
    const { msisdn } = line(3)
    await introduce(db, line(3), now)
    const limits = (limit: bigint) => ({ switchedOn: true, single: null, day: limit, month: null })
    const set = (limit: bigint, at: number) =>
      db.transact((tx) => setOwnLimits(tx, { msisdn, limits: limits(limit) }, at))
    await set(10_00n, now)
    await set(20_00n, now)
    const dayLimitAt = async (at: number) =>
      (await db.transact((tx) => lockSubscribers(tx, [msisdn], at))).get(msisdn)?.ownDayLimit
    expect(await dayLimitAt(now + raiseWaitMs - 1)).toBe(10_00n)
    expect(await dayLimitAt(now + raiseWaitMs)).toBe(20_00n)
    expect(await set(-1n, now)).toMatchObject({ refusal: 'limit_negative' })
    // A later change does not bring the old limits back.
    await set(15_00n, now + raiseWaitMs)
    expect(await dayLimitAt(now + raiseWaitMs)).toBe(15_00n)
  })

  test('locking answers those that are known, whatever is asked', async () => {
    await Promise.all([introduce(db, line(4), now), introduce(db, line(5), now)])
    const asked = [line(5), line(999), line(4), line(5)].map(({ msisdn }) => msisdn)
    const found = await db.transact(async (tx) => {
      const rows = await lockSubscribers(tx, asked, now)
      saveLastYes(tx, [{ msisdn: line(4).msisdn, at: now + 7 }])
      return rows
    })
    expect([...found.keys()].sort()).toEqual([line(4).msisdn, line(5).msisdn])
    expect(await db.transact((tx) => lockSubscribers(tx, [], now))).toEqual(new Map())
    expect(await findSubscriber(db, line(4).msisdn, now)).toMatchObject({ lastYesAt: now + 7 })
    expect(await findSubscriber(db, line(5).msisdn, now)).toMatchObject({ lastYesAt: null })
  })

  test('transactions that lock the same numbers in any order take turns and never deadlock', async () => {
    const numbers = Array.from({ length: 12 }, (_, i) => line(100 + i))
    for (const each of numbers) await introduce(db, each, now)
    const msisdns = numbers.map(({ msisdn }) => msisdn)
    const shuffled = (seed: number) => msisdns.map((_, i) => msisdns[(i * 5 + seed) % 12] ?? '')
    let runs = 0
    const addOne = (seed: number) =>
      db.transact(async (tx) => {
        runs += 1
        const rows = await lockSubscribers(tx, shuffled(seed), now)
        saveLastYes(
          tx,
          [...rows.values()].map((row) => ({ msisdn: row.msisdn, at: (row.lastYesAt ?? 0) + 1 })),
        )
      })
    await Promise.all(Array.from({ length: 64 }, (_, i) => addOne(i)))
    const after = await db.transact((tx) => lockSubscribers(tx, msisdns, now))
    expect([...after.values()].map((row) => row.lastYesAt)).toEqual(msisdns.map(() => 64))
    // A deadlock would have made the database run a transaction again.
    expect(runs).toBe(64)
  })
})
