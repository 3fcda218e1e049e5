import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { Database } from './index.ts'

describe.each(engines)('on %s', (engine) => {
  let made: TestDatabase
  let db: Database
  beforeAll(async () => {
    made = await testDatabase({ engine, migrations: null })
    db = made.db
  })
  afterAll(() => made?.close())

  test('x', async () => {
    await db.transact(async (tx) => {
      tx.write('create table thing (id int8 primary key)')
      tx.write('insert into thing values (1), (9007199254740993)')
    })
    expect(await db.query('select id from thing order by id')).toEqual([
      { id: 1n },
      { id: 9007199254740993n },
    ])
    await expect(db.query('insert into thing values (7)')).rejects.toMatchObject({ code: '25006' })
    await expect(db.transact(async () => db.query('select 1'))).rejects.toThrow(/x/)
  })
})
