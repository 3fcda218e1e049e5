import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { type Database, type Reader, type Statement, type Tx, texts } from './index.ts'

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine, migrations: null })
    db = made.db
    await db.transact(async (tx) => tx.write('create table note (id int8 primary key, text text)'))
  })
  afterAll(() => made?.close())

  const add = (tx: Tx, id: number, text = '') =>
    tx.write('insert into note (id, text) values ($1, $2)', [id, text])
  const noted = async (reader: Reader, id: number) =>
    (await reader.query('select 1 from note where id = $1::int8', [id])).length === 1

  test('int8 arrives as bigint, alone, in lists and beyond 2^53; dates arrive as text', async () => {
    const [row] = await db.query(
      `select 1::int8 as small, 9007199254740993 as large, array[1, null, 9007199254740993]::int8[] as list,
        count(*) as counted, '2026-11-23'::date as day, array['2026-11-23'::date] as days,
        1::int2 as short, '{"n": 1}'::jsonb as json, array['a,"b', null] as words`,
    )
    expect(row).toEqual({
      small: 1n,
      large: 9007199254740993n,
      list: [1n, null, 9007199254740993n],
      counted: 1n,
      day: '2026-11-23',
      days: ['2026-11-23'],
      short: 1,
      json: { n: 1 },
      words: ['a,"b', null],
    })
    const [echo] = await db.query(
      'select $1::int8 as id, $2::text[] as texts, $3::bool as flag, $4::text as nothing',
      [9007199254740993n, texts(['a"b', 'c\\d', '手机钱包', null]), true, null],
    )
    expect(echo).toEqual({
      id: 9007199254740993n,
      texts: ['a"b', 'c\\d', '手机钱包', null],
      flag: true,
      nothing: null,
    })
  })

  test('the database itself refuses a write outside of transact', async () => {
    const readOnly = { code: '25006' }
    const write = 'insert into note values (1)'
    await expect(db.query(write)).rejects.toMatchObject(readOnly)
    await expect(db.snapshot((reader) => reader.query(write))).rejects.toMatchObject(readOnly)
    expect(await noted(db, 1)).toBe(false)
  })

  test('writes are there after transact, with its value, and afterCommit has run', async () => {
    const events: string[] = []
    const value = await db.transact(async (tx) => {
      add(tx, 10)
      tx.afterCommit(() => events.push('committed'))
      tx.afterCommit(() => {
        throw new Error('a hook must not matter')
      })
      tx.afterCommit(() => events.push('still'))
      events.push((await noted(tx, 10)) ? 'seen inside' : 'missing')
      return 'value'
    })
    expect(value).toBe('value')
    expect(events).toEqual(['seen inside', 'committed', 'still'])
    expect(await noted(db, 10)).toBe(true)
  })

  test('an error of the work undoes everything, is thrown as it is, and runs no hook', async () => {
    const error = new Error('changed my mind')
    let hooks = 0
    const work = db.transact(async (tx) => {
      add(tx, 20)
      tx.afterCommit(() => {
        hooks += 1
      })
      throw error
    })
    await expect(work).rejects.toBe(error)
    expect([await noted(db, 20), hooks]).toEqual([false, 0])
  })

  test('a failed write fails the transaction with its own error, wherever it was sent', async () => {
    const duplicate = { code: '23505' }
    await db.transact(async (tx) => add(tx, 30))
    const last = db.transact(async (tx) => {
      add(tx, 31)
      add(tx, 30)
    })
    await expect(last).rejects.toMatchObject(duplicate)
    const followed = db.transact(async (tx) => {
      add(tx, 30)
      add(tx, 31)
      await noted(tx, 31)
    })
    await expect(followed).rejects.toMatchObject(duplicate)
    expect(await noted(db, 31)).toBe(false)
  })

  test('a swallowed failure still fails: COMMIT is answered by ROLLBACK', async () => {
    const work = db.transact(async (tx) => {
      add(tx, 40)
      await tx.query('select 1 / 0').catch(() => undefined)
      return 'all is well'
    })
    await expect(work).rejects.toMatchObject({ code: '22012' })
    expect(await noted(db, 40)).toBe(false)
  })

  test('a deferred constraint that fails in COMMIT is a failure, not an unknown outcome', async () => {
    await db.transact(async (tx) =>
      tx.write('create table seat (id int8 unique deferrable initially deferred)'),
    )
    const work = db.transact(async (tx) => tx.write('insert into seat values (1), (1)'))
    await expect(work).rejects.toMatchObject({ code: '23505' })
  })

  test('what cannot be sent is refused before anything is committed', async () => {
    for (const value of [undefined, { a: 1 }, [1], new Date(0), Symbol('s')]) {
      const work = db.transact(async (tx) => {
        add(tx, 50)
        tx.write('insert into note (id, text) values (51, $1)', [value])
      })
      await expect(work).rejects.toThrow(TypeError)
    }
    expect(await noted(db, 50)).toBe(false)
  })

  test('one name for two statements is refused', async () => {
    const first: Statement = { name: 'test.name', text: 'select 1 as one' }
    expect(await db.query(first)).toEqual([{ one: 1 }])
    expect(await db.query(first)).toEqual([{ one: 1 }])
    await expect(db.query({ ...first, text: 'select 2 as two' })).rejects.toThrow('test.name')
  })

  test('a transaction that is over takes no more statements', async () => {
    let kept: Tx | undefined
    await db.transact(async (tx) => {
      kept = tx
    })
    expect(() => kept?.write('insert into note values (60)')).toThrow('over')
    expect(await noted(db, 60)).toBe(false)
  })

  test('a snapshot sees one instant', async () => {
    const isolation = await db.snapshot((reader) =>
      reader.query(
        `select current_setting('transaction_isolation') as level, current_setting('transaction_read_only') as read_only`,
      ),
    )
    expect(isolation).toEqual([{ level: 'repeatable read', read_only: 'on' }])
  })

  test('connections work in UTC and commit durably', async () => {
    const [row] = await db.query(
      `select current_setting('timezone') as zone, current_setting('synchronous_commit') as durable,
        current_setting('jit') as jit`,
    )
    expect(row).toEqual({ zone: 'UTC', durable: 'on', jit: 'off' })
  })

  test('concurrent transactions all happen', async () => {
    const ids = Array.from({ length: 40 }, (_, index) => 1_000 + index)
    await Promise.all(ids.map((id) => db.transact(async (tx) => add(tx, id))))
    const [row] = await db.query('select count(*) as n from note where id between 1000 and 1039')
    expect(row).toEqual({ n: 40n })
  })

  test('disk and corruption errors reach onFatal', async () => {
    const fatal: unknown[] = []
    const other = await testDatabase({
      engine,
      migrations: null,
      onFatal: (error) => fatal.push(error),
    })
    const full = `do $$ begin raise exception 'no space' using errcode = '53100'; end $$`
    await expect(other.db.query(full)).rejects.toMatchObject({ code: '53100' })
    await expect(other.db.query('select 1 / 0')).rejects.toMatchObject({ code: '22012' })
    expect(fatal).toMatchObject([{ code: '53100' }])
    await other.close()
  })
})

test.runIf(bothEngines.includes('pglite'))(
  'with one connection, using the database inside a transaction fails instead of hanging',
  async () => {
    const { db, close } = await testDatabase({ engine: 'pglite', migrations: null })
    const complaint = 'used inside a transaction'
    const inner: (() => Promise<unknown>)[] = [
      () => db.query('select 1'),
      () => db.transact(async () => 1),
      () => db.snapshot(async () => 1),
    ]
    for (const nested of inner) {
      await expect(db.transact(() => nested())).rejects.toThrow(complaint)
      await expect(db.snapshot(() => nested())).rejects.toThrow(complaint)
    }
    // What a transaction started and left behind may use the database once the transaction is over.
    let later: Promise<unknown> | undefined
    let release = () => {}
    const over = new Promise<void>((resolve) => {
      release = resolve
    })
    await db.transact(async () => {
      later = over.then(() => db.query('select 1 as one'))
    })
    release()
    expect(await later).toEqual([{ one: 1 }])
    await close()
  },
)
