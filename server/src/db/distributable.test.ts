import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import { unfitIn } from './distributable.ts'
import { firstDistributed, placements, tablesOf } from './placement.ts'

describe('the schema, as Citus would see it', () => {
  let made: TestDatabase
  beforeAll(async () => {
    made = await testDatabase()
  })
  afterAll(() => made.close())

  const tablesWith = async (condition: string) =>
    (
      await made.db.query<{ name: string }>(
        `select c.relname as name from pg_class c
          where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace and ${condition}
          order by 1`,
      )
    ).map((row) => row.name)

  test('every table has a place, and every place a table', async () => {
    expect(await tablesWith('true')).toEqual([...placements.keys()].toSorted())
  })

  test('what has a bucket is distributed, but for the jobs', async () => {
    const withBucket = await tablesWith(
      `exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'bucket')`,
    )
    expect(withBucket).toEqual(['job', ...tablesOf('distributed')].toSorted())
    expect(tablesOf('distributed')[0]).toBe(firstDistributed)
  })

  test('every distributed table fits: keys begin with bucket, no foreign keys, no triggers', async () => {
    expect(await unfitIn(made.db)).toEqual([])
  })

  test.each([
    ['create table bad (bucket smallint not null, id int)', ['bad: has no primary key']],
    [
      'create table bad (bucket smallint not null, id int primary key)',
      ['bad: the key bad_pkey does not begin with bucket'],
    ],
    [
      'create table bad (bucket smallint, id int, primary key (id)); create unique index bad_id on bad (id, bucket)',
      [
        'bad: has no column bucket smallint not null',
        'bad: the key bad_id does not begin with bucket',
        'bad: the key bad_pkey does not begin with bucket',
      ],
    ],
    [
      'create table bad (bucket int, id int, primary key (bucket, id))',
      ['bad: has no column bucket smallint not null'],
    ],
    [
      'create table bad (bucket smallint, id text, merchant text references merchant, primary key (bucket, id))',
      ['bad: the foreign key bad_merchant_fkey'],
    ],
    [
      `create table bad (bucket smallint, id int, primary key (bucket, id));
       create function nothing() returns trigger language plpgsql as 'begin return new; end';
       create trigger watch before insert on bad for each row execute function nothing()`,
      ['bad: the trigger watch'],
    ],
  ])('%s: found', async (ddl, faults) => {
    const undo = new Error('undo')
    const attempt = made.db.transact(async (tx) => {
      for (const statement of ddl.split(/;(?![^']*end')\s*/)) await tx.query(statement)
      expect(await unfitIn(tx, ['bad'])).toEqual(faults)
      throw undo
    })
    await expect(attempt).rejects.toBe(undo)
  })
})
