/**
 * A database as an earlier release left it, with open purchases and a closed day: after the migrations
 * every balance is what it was, every rule holds, and what was open goes on to its end.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { appliedMigrations, type Database, migrate } from '../../server/src/db/index.ts'
import { manualClock } from '../../server/src/kernel/index.ts'
import { offencesIn } from '../books.ts'
import { type Engine, engines, migrationsFolder, testDatabase } from '../database.ts'
import { createWorld, tenOClock } from '../world.ts'
import { numberOfLife } from './life.ts'

const hour = 3_600_000
const fixtures = join(import.meta.dirname, 'fixtures')
const releases = readdirSync(fixtures).map((name) => name.replace(/\.sql$/, ''))
const places = engines.flatMap((engine) => releases.map((release) => ({ engine, release })))

/** As the release left it; its life ended a day and an hour after it began. */
async function leftBy(release: string, engine: Engine) {
  const made = await testDatabase({ engine, migrations: null })
  onTestFinished(() => made.close())
  const sql = readFileSync(join(fixtures, `${release}.sql`), 'utf8')
  await made.db.transact(async (tx) => tx.write(sql))
  return { ...made, clock: manualClock(tenOClock + 25 * hour) }
}

const moneyIn = async (db: Database) => ({
  accounts: await db.query('select * from account order by bucket, name'),
  transfers: await db.query('select id, kind, amount from transfer order by bucket, id'),
  payments: await db.query('select id, state, amount, refunded from payment order by id'),
  refunds: await db.query('select id, state, amount from refund order by id'),
  limits: await db.query(
    'select subject, period, sum(used) as used from limit_counter group by 1, 2 order by 1, 2',
  ),
})

const statesOf = async (db: Database, table: 'payment' | 'refund') =>
  (await db.query<{ state: string }>(`select distinct state from ${table} order by 1`)).map(
    ({ state }) => state,
  )

describe.each(places)('a database of $release on $engine', ({ engine, release }) => {
  test('keeps every balance through the migrations, and goes on', async () => {
    const { db, clock } = await leftBy(release, engine)
    const before = await moneyIn(db)
    expect(before.transfers.length).toBeGreaterThan(30)
    const known = await appliedMigrations(db)
    const applied = await migrate(db, migrationsFolder)
    expect([...known, ...applied]).toEqual(
      readdirSync(migrationsFolder)
        .sort()
        .map((name) => name.replace(/\.sql$/, '')),
    )
    expect(await moneyIn(db)).toEqual(before)
    expect(await offencesIn(db)).toEqual([])

    const world = await createWorld({ db, clock })
    onTestFinished(() => world.close())
    const msisdn = numberOfLife(1)
    const keys = [{ scope: 'life', key: 'order-1', contentHash: 'a' }]
    const order = { msisdn, merchantId: '6021', what: { product: '100' }, keys } as const
    const how = { channel: 'api', consent: 'token', flow: 'charge' } as const
    const again = await world.payments.order({ ...order, ...how })
    expect(again).toMatchObject({ ok: true, value: { replayed: true } })
    const fresh = await world.payments.order({ ...order, ...how, keys: [] })
    expect(fresh).toMatchObject({ ok: true, value: { replayed: false } })
    for (let waited = 0; waited < 8; waited += 1) {
      await world.settle()
      clock.advance(4 * hour)
    }
    expect(await statesOf(db, 'refund')).toEqual(['denied', 'succeeded'])
    const open = ['charging', 'charge_unknown', 'reserved', 'awaiting_confirm', 'reversing']
    const ended = await statesOf(db, 'payment')
    expect(ended.filter((state) => open.includes(state))).toEqual([])
    expect(ended).toContain('delivered')
    expect(await offencesIn(db)).toEqual([])
  }, 120_000)
})
