/** Losing the connection at every moment of a transaction, on a real server. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type FaultyProxy, startFaultyProxy } from '../../../test/faulty-proxy.ts'
import {
  createCoalescer,
  type Database,
  int8s,
  isOutage,
  OutcomeUnknown,
  openDatabase,
  type Tx,
} from './index.ts'

/** The last statement as it travels: the settings of a connection contain the word too. */
const COMMIT = 'commit\0'

describe.runIf(bothEngines.includes('postgres'))('a lost connection', () => {
  let made: TestDatabase
  let proxy: FaultyProxy
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine: 'postgres', migrations: null })
    const url = new URL(made.url ?? '')
    proxy = await startFaultyProxy({ host: url.hostname, port: Number(url.port) })
    url.port = String(proxy.port)
    db = await openDatabase({ url: url.href, poolMax: 4 })
    await made.db.transact(async (tx) => tx.write('create table note (id int8 primary key)'))
  })
  afterAll(async () => {
    await db?.close()
    await proxy?.close()
    await made?.close()
  })

  const add = (id: number) => async (tx: Tx) => tx.write('insert into note values ($1)', [id])
  const noted = async (id: number) => {
    // The server may still be busy with what it received before the connection was cut.
    await made.db.transact((tx) => tx.query('lock table note in access exclusive mode'))
    return (await made.db.query('select 1 from note where id = $1', [id])).length === 1
  }

  test('at BEGIN is an outage: nothing happened', async () => {
    proxy.cutAt('begin read write', 'before')
    const work = db.transact(async (tx) => {
      await tx.query('insert into note values (1)')
    })
    const error = await work.catch((caught: unknown) => caught)
    expect(error).not.toBeInstanceOf(OutcomeUnknown)
    expect(isOutage(error)).toBe(true)
    expect(await noted(1)).toBe(false)
  })

  test('in the middle is an outage: nothing happened', async () => {
    proxy.cutAt('select 42', 'after')
    const work = db.transact(async (tx) => {
      await add(2)(tx)
      await tx.query('select 42')
    })
    const error = await work.catch((caught: unknown) => caught)
    expect(error).not.toBeInstanceOf(OutcomeUnknown)
    expect(isOutage(error)).toBe(true)
    expect(await noted(2)).toBe(false)
  })

  test('before COMMIT arrived is unknown, and it did not happen', async () => {
    proxy.cutAt(COMMIT, 'before')
    const work = db.transact(async (tx) => {
      await tx.query('insert into note values (3)')
    })
    await expect(work).rejects.toBeInstanceOf(OutcomeUnknown)
    expect(await noted(3)).toBe(false)
  })

  test('after COMMIT arrived is unknown too, and it did happen', async () => {
    proxy.cutAt(COMMIT, 'after')
    const work = db.transact(async (tx) => {
      await tx.query('insert into note values (4)')
    })
    await expect(work).rejects.toBeInstanceOf(OutcomeUnknown)
    expect(await noted(4)).toBe(true)
  })

  test('by the server, which ends the session, breaks that session only', async () => {
    const work = db.transact(async (tx) => {
      const [row] = await tx.query<{ pid: number }>('select pg_backend_pid() as pid')
      await made.db.query('select pg_terminate_backend($1)', [row?.pid ?? 0])
      await sleep(50)
      await add(5)(tx)
    })
    await expect(work).rejects.toThrow()
    expect(await noted(5)).toBe(false)
    await db.transact(add(6))
    expect(await noted(6)).toBe(true)
  })

  test('in COMMIT is resolved by running the batch again: every command happens once', async () => {
    const lane = createCoalescer<number, string>({
      now: () => 0,
      run: (ids) =>
        db.transact(async (tx) => {
          const text =
            'insert into note select unnest($1::int8[]) on conflict do nothing returning id'
          const added = await tx.query<{ id: bigint }>(text, [int8s(ids)])
          const fresh = new Set(added.map((row) => Number(row.id)))
          return ids.map((id) => (fresh.has(id) ? 'added' : 'was there'))
        }),
    })
    for (const when of ['before', 'after'] as const) {
      proxy.cutAt(COMMIT, when)
      const ids = when === 'before' ? [101, 102, 103] : [201, 202, 203]
      const results = await Promise.all(ids.map((id) => lane.submit(id)))
      expect(results).toEqual(ids.map(() => (when === 'before' ? 'added' : 'was there')))
      for (const id of ids) expect(await noted(id)).toBe(true)
    }
    await lane.close()
  })
})

describe.runIf(bothEngines.includes('postgres'))('contention', () => {
  test('a deadlock is run again, and both transactions happen', async () => {
    const { db, close } = await testDatabase({ engine: 'postgres', migrations: null })
    await db.transact(async (tx) => {
      tx.write('create table purse (id int8 primary key, amount int8 not null)')
      tx.write('insert into purse values (1, 0), (2, 0)')
    })
    let runs = 0
    let arrived = () => {}
    const both = new Promise<void>((resolve) => {
      arrived = resolve
    })
    const lock = (tx: Tx, id: number) =>
      tx.query('update purse set amount = amount + 1 where id = $1', [id])
    const cross = (first: number, second: number) =>
      db.transact(async (tx) => {
        runs += 1
        await lock(tx, first)
        if (runs === 2) arrived()
        await both
        await lock(tx, second)
      })
    await Promise.all([cross(1, 2), cross(2, 1)])
    expect(runs).toBe(3)
    expect(await db.query('select amount from purse')).toEqual([{ amount: 2n }, { amount: 2n }])
    await close()
  })

  test('no free connection in time is said as such', async () => {
    const { db, close } = await testDatabase({ migrations: null, poolMax: 1, waitMs: 3_000 })
    const work = db.transact(() => db.query('select 1'))
    await expect(work).rejects.toMatchObject({ name: 'DatabaseBusy' })
    await close()
  })

  test('a statement that takes too long is ended by the server', async () => {
    const { db, close } = await testDatabase({ migrations: null, statementTimeoutMs: 100 })
    await expect(db.query('select pg_sleep(60)')).rejects.toMatchObject({ code: '57014' })
    await close()
  })
})
