import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database } from '../db/index.ts'
import {
  changeStatus,
  coolOffUntil,
  findSubscriber,
  introduce,
  type LineFacts,
  lockSubscribers,
  raiseWaitMs,
  saveLastYes,
  setOwnLimits,
  simChanged,
} from './index.ts'

const now = Date.UTC(2026, 10, 23, 4)
const day = 86_400_000
const hour = 3_600_000
/** Closing with nothing to let go of. */
const closing = { now, release: async () => {} }
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
    await db.transact((tx) => changeStatus(tx, { msisdn, status: 'closed' }, closing))
    expect(
      await db.transact((tx) => changeStatus(tx, { msisdn, status: 'active' }, closing)),
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

  test('closing lets go of what hangs on the number, once, and not without it', async () => {
    const { msisdn } = line(20)
    await introduce(db, line(20), now)
    const released: unknown[] = []
    const set = (status: 'active' | 'suspended' | 'closed', fails = false) =>
      db.transact((tx) =>
        changeStatus(
          tx,
          { msisdn, status },
          {
            now,
            async release(_, number, at) {
              released.push([number, at])
              if (fails) throw new Error('held')
            },
          },
        ),
      )
    await set('suspended')
    expect(released).toEqual([])
    await expect(set('closed', true)).rejects.toThrow('held')
    expect(await findSubscriber(db, msisdn, now)).toMatchObject({ status: 'suspended' })
    await set('closed')
    await set('closed')
    expect(released).toEqual([
      [msisdn, now],
      [msisdn, now],
    ])
  })

  test('a change of SIM begins the cool-off, news of an older one do not shorten it', async () => {
    const { msisdn } = line(21)
    await introduce(db, line(21), now)
    let signedOut = 0
    const signOut = async () => {
      signedOut += 1
    }
    const change = (at: number, of = msisdn) =>
      db.transact((tx) => simChanged(tx, { msisdn: of, at }, { now, signOut }))
    const policy = { simCoolOffHours: 72 }
    const until = async () => {
      const found = await findSubscriber(db, msisdn, now)
      return found && coolOffUntil(found, policy)
    }
    expect(await until()).toBeNull()
    expect(await change(now - hour)).toMatchObject({
      value: { before: { simChangedAt: null }, after: { simChangedAt: now - hour } },
    })
    expect(await until()).toBe(now + 71 * hour)
    await change(now - 5 * hour)
    expect(await until()).toBe(now + 71 * hour)
    await change(now - hour)
    expect(signedOut).toBe(1)
    await change(now - hour / 2)
    expect(signedOut).toBe(2)
    await change(now - hour)
    expect(signedOut).toBe(2)
    const locked = await db.transact((tx) => lockSubscribers(tx, [msisdn], now))
    expect(locked.get(msisdn)).toMatchObject({ simChangedAt: now - hour / 2 })
    expect(await change(now + 1)).toMatchObject({ refusal: 'sim_change_in_future' })
    expect(await change(now, line(998).msisdn)).toMatchObject({ refusal: 'number_unknown' })
    await db.transact((tx) => changeStatus(tx, { msisdn, status: 'closed' }, closing))
    expect(await change(now)).toMatchObject({ refusal: 'number_closed' })
    // Whoever has the number next begins without it.
    await introduce(db, line(21), now + 90 * day)
    expect(await until()).toBeNull()
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
