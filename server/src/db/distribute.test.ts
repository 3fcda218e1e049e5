/**
 * Distributing against a stand-in: Citus's catalogue and functions by their names, which remember how
 * they were called. What Citus itself does with a table is not seen here.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bothEngines, type TestDatabase, testDatabase } from '../../../test/database.ts'
import { layout, planDistribution, runDistribution } from './distribute.ts'
import { openDatabase } from './open.ts'
import { placements, tablesOf } from './placement.ts'
import type { Database } from './tx.ts'

const standIn = `
  create schema stand_in;
  create table stand_in.pg_dist_node (noderole text, isactive boolean, shouldhaveshards boolean);
  create table stand_in.pg_dist_partition (
    logicalrelid oid primary key, partmethod text, partkey text, colocationid int, repmodel text);
  create function stand_in.column_to_column_name(oid, text) returns text language sql as 'select $2';
  create function stand_in.create_reference_table(t regclass) returns void language sql as
    $$insert into stand_in.pg_dist_partition values (t, 'n', null, 1, 't')$$;
  create function stand_in.create_distributed_table(
      t regclass, c text, colocate_with text, shard_count int default null) returns void language sql as
    $$insert into stand_in.pg_dist_partition values (t, 'h', c, 2, 's')$$;
  create function stand_in.truncate_local_data_after_distributing_table(t regclass) returns void
    language plpgsql as $$begin execute 'truncate ' || t; end$$`

describe.runIf(bothEngines.includes('postgres'))('a server with the functions of Citus', () => {
  let made: TestDatabase
  let db: Database
  const options = { shards: 32, force: false }

  beforeEach(async () => {
    made = await testDatabase({ engine: 'postgres', poolMax: 1 })
    await made.db.transact(async (tx) => {
      await tx.query(standIn)
      const [row] = await tx.query<{ name: string }>('select current_database() as name')
      await tx.query(`alter database ${row?.name} set search_path = public, stand_in`)
    })
    db = await openDatabase({ url: made.url ?? '', poolMax: 1 })
    await change(`insert into pg_dist_node values ('primary', true, true)`)
  })
  afterEach(async () => {
    await db.close()
    await made.close()
  })

  const change = (sql: string) => db.transact((tx) => tx.query(sql))
  async function steps() {
    const plan = await planDistribution(db, options)
    if (!plan.ok) throw new Error(`${plan.refusal.reason}: ${plan.refusal.details}`)
    return plan.value
  }
  async function refusal(given: Partial<typeof options> = {}) {
    const plan = await planDistribution(db, { ...options, ...given })
    return plan.ok ? 'none' : plan.refusal
  }

  test('every table that is not local is placed once, and nothing is left to do', async () => {
    const planned = await steps()
    expect(planned.map((step) => step.sql)).toEqual(
      layout([...placements.keys()], 32).map((step) => step.sql),
    )
    const done: string[] = []
    await runDistribution(db, planned, (step) => done.push(step.table))
    expect(done).toEqual([...tablesOf('distributed'), ...tablesOf('reference')])
    await runDistribution(db, await steps(), () => {})
    expect(await steps()).toEqual([])
  })

  test('begun and interrupted, it goes on where it was', async () => {
    await runDistribution(db, (await steps()).slice(0, 5), () => {})
    const left = (await steps()).map((step) => step.table)
    expect(left).toEqual([...tablesOf('distributed').slice(5), ...tablesOf('reference')])
  })

  test('rows left on the coordinator are removed when their table has gone', async () => {
    await runDistribution(db, await steps(), () => {})
    expect((await steps()).map(({ table, becomes }) => [table, becomes])).toEqual([
      ['catalogue_version', 'emptied'],
    ])
  })

  test('a table that was distributed in another way is refused', async () => {
    await change(`select create_distributed_table('account', 'name', 'none')`)
    expect(await refusal()).toEqual({ reason: 'placed_otherwise', details: ['account'] })
    await change('delete from pg_dist_partition')
    await change(`select create_distributed_table('account', 'bucket', 'none')`)
    await change(
      `insert into pg_dist_partition values ('payment'::regclass, 'h', 'bucket', 3, 's')`,
    )
    expect(await refusal()).toEqual({ reason: 'placed_otherwise', details: ['payment'] })
  })

  test('a cluster without machines for shards, or with copies of them, is refused', async () => {
    await change('update pg_dist_node set shouldhaveshards = false')
    expect(await refusal()).toMatchObject({ reason: 'no_workers' })
    await change('update pg_dist_node set shouldhaveshards = true')
    await change(`select set_config('citus.shard_replication_factor', '2', false)`)
    expect(await refusal()).toMatchObject({ reason: 'shards_are_replicated' })
  })

  test('a table without a place, or missing, or unfit is refused by name', async () => {
    await change('create table stranger (id int primary key)')
    expect(await refusal()).toEqual({ reason: 'table_without_place', details: ['stranger'] })
    await change('drop table stranger')
    await change('create unique index odd on payment (id)')
    expect(await refusal()).toEqual({
      reason: 'unfit',
      details: ['payment: the key odd does not begin with bucket'],
    })
    await change('drop table checkout')
    expect(await refusal()).toEqual({ reason: 'tables_missing', details: ['checkout'] })
  })

  test('PostgreSQL as it comes is not Citus', async () => {
    expect(await planDistribution(made.db, { ...options, force: true })).toEqual({
      ok: false,
      refusal: { reason: 'not_citus', details: [] },
    })
  })

  test('full tables are not moved unless told so', async () => {
    await change(`alter table inbound_message alter column key set storage external`)
    await change(`insert into inbound_message (bucket, key, received_at, window_ms)
      select n, repeat('x', 2000) || n, 0, 0 from generate_series(1, 100) n`)
    expect(await refusal()).toBe('none')
    expect(await planDistribution(db, options, 100_000n)).toMatchObject({
      ok: false,
      refusal: { reason: 'too_full' },
    })
    expect(await planDistribution(db, { ...options, force: true }, 100_000n)).toMatchObject({
      ok: true,
    })
  })
})
