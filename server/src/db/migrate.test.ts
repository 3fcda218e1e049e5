import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  bothEngines,
  migrationsFolder,
  type TestDatabase,
  testDatabase,
} from '../../../test/database.ts'
import { appliedMigrations, type Database, migrate, openDatabase } from './index.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'migrations-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const write = (files: Record<string, string>) => {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
}

describe.each(bothEngines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine, migrations: null })
    db = made.db
  })
  beforeEach(() =>
    db.transact(async (tx) => tx.write('drop schema public cascade; create schema public')),
  )
  afterAll(() => made?.close())

  const tables = async () => {
    const rows = await db.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'public'
         and tablename not like 'migration%' order by 1`,
    )
    return rows.map((row) => row.name)
  }

  test('files are applied in order, once, and new ones later', async () => {
    expect(await appliedMigrations(db)).toEqual([])
    write({ '0002_b.sql': 'alter table a add column b int8', '0001_a.sql': 'create table a ()' })
    expect(await migrate(db, folder)).toEqual(['0001_a', '0002_b'])
    expect(await migrate(db, folder)).toEqual([])
    write({ '0003_c.sql': 'create table c ();\ncreate table d (text text default $$it;s$$);' })
    expect(await migrate(db, folder)).toEqual(['0003_c'])
    expect(await appliedMigrations(db)).toEqual(['0001_a', '0002_b', '0003_c'])
    expect(await tables()).toEqual(['a', 'c', 'd'])
  })

  test('a mistake in one file leaves nothing of any, and says which', async () => {
    write({
      '0001_a.sql': 'create table a ()',
      '0002_b.sql': 'create table b (); create tabel c ()',
    })
    await expect(migrate(db, folder)).rejects.toThrow(/0002_b.*tabel/)
    expect(await tables()).toEqual([])
    write({ '0002_b.sql': 'create table b ()' })
    expect(await migrate(db, folder)).toEqual(['0001_a', '0002_b'])
  })

  test('a file that was changed or lost after it was applied is refused', async () => {
    write({ '0001_a.sql': 'create table a ()', '0002_b.sql': 'create table b ()' })
    await migrate(db, folder)
    write({ '0001_a.sql': 'create table a (id int8)' })
    await expect(migrate(db, folder)).rejects.toThrow(/0001_a was changed after it was applied/)
    write({ '0001_a.sql': 'create table a ()' })
    rmSync(join(folder, '0002_b.sql'))
    await expect(migrate(db, folder)).rejects.toThrow(/0002_b was applied .* missing/)
  })

  test('a file that comes before an applied one is refused', async () => {
    write({ '0002_b.sql': 'create table b ()' })
    await migrate(db, folder)
    write({ '0001_a.sql': 'create table a ()' })
    await expect(migrate(db, folder)).rejects.toThrow('0001_a')
    expect(await tables()).toEqual(['b'])
  })

  test('a file with another kind of name is refused', async () => {
    for (const name of ['0001_Wrong.sql', '1_a.sql', '0001_a.js', 'readme.md']) {
      write({ [name]: 'select 1' })
      await expect(migrate(db, folder)).rejects.toThrow(name)
      rmSync(join(folder, name))
    }
  })

  test('afterwards the connection is read only again and has its time-outs', async () => {
    write({ '0001_a.sql': 'create table a ()' })
    const settings = `select current_setting('statement_timeout') as statement,
      current_setting('lock_timeout') as lock, current_setting('default_transaction_read_only') as read_only`
    const before = await db.query(settings)
    await migrate(db, folder)
    write({ '0002_b.sql': 'create tabel b ()' })
    await expect(migrate(db, folder)).rejects.toThrow()
    expect(await db.query(settings)).toEqual(before)
    await expect(db.query('create table c ()')).rejects.toMatchObject({ code: '25006' })
  })
})

describe.runIf(bothEngines.includes('postgres'))('on a real server', () => {
  test('processes that start together take turns, and all succeed', async () => {
    const { url = '', close } = await testDatabase({ engine: 'postgres', migrations: null })
    write({
      '0001_a.sql': 'create table a (); select pg_sleep(0.1)',
      '0002_b.sql': 'create table b ()',
    })
    const processes = await Promise.all([1, 2, 3, 4].map(() => openDatabase({ url, poolMax: 1 })))
    const applied = await Promise.all(processes.map((db) => migrate(db, folder)))
    expect(applied.flat()).toEqual(['0001_a', '0002_b'])
    await Promise.all(processes.map((db) => db.close()))
    await close()
  })

  test('a table that is in use is waited for, and traffic does not queue behind the wait', async () => {
    const { db, url = '', close } = await testDatabase({ engine: 'postgres', migrations: null })
    write({ '0001_a.sql': 'create table a ()' })
    await migrate(db, folder)
    write({ '0002_b.sql': 'alter table a add column b int8' })
    const migrating = await openDatabase({ url, poolMax: 1 })
    let applied: Promise<string[]> | undefined
    await db.transact(async (tx) => {
      await tx.query('select * from a')
      applied = migrate(migrating, folder)
      const queued = `select 1 from pg_locks where not granted and relation = 'a'::regclass`
      while ((await db.query(queued)).length === 0) await new Promise(setImmediate)
      // Behind the migration in the queue, and answered while the table is still in use.
      expect(await db.query('select * from a')).toEqual([])
    })
    expect(await applied).toEqual(['0002_b'])
    await migrating.close()
    await close()
  })

  test('a migration that was killed in the middle leaves nothing, and the next start succeeds', async () => {
    const { db, url = '', close } = await testDatabase({ engine: 'postgres', migrations: null })
    write({ '0001_a.sql': 'create table a (); select pg_sleep(60)' })
    const doomed = await openDatabase({ url, applicationName: 'doomed', poolMax: 1 })
    const migrating = migrate(doomed, folder).catch((error: unknown) => error)
    const kill = `select pg_terminate_backend(pid) from pg_stat_activity
      where application_name = 'doomed' and query like '%pg_sleep(60)%'`
    while ((await db.query(kill)).length === 0) await new Promise(setImmediate)
    expect(await migrating).toBeInstanceOf(Error)
    await doomed.close()
    write({ '0001_a.sql': 'create table a ()' })
    expect(await migrate(db, folder)).toEqual(['0001_a'])
    await close()
  })
})

test.each(bothEngines)('the product’s own migrations apply on %s', async (engine) => {
  const { db, close } = await testDatabase({ engine, migrations: migrationsFolder })
  expect(await appliedMigrations(db)).toContain('0001_db')
  expect(await migrate(db, migrationsFolder)).toEqual([])
  await close()
})
