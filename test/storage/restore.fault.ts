/**
 * A backup made under load, and the way back as docs/operating/running.md tells it: what was acknowledged
 * before the backup is there, the books are sound, no number the carrier knows is given again, and what
 * was on its way goes on under its own id.
 */
import { execFileSync, spawn } from 'node:child_process'
import { chownSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Database, migrate, openDatabase } from '../../server/src/db/index.ts'
import { manualClock } from '../../server/src/kernel/index.ts'
import { offencesIn } from '../books.ts'
import { createTestCarrier, type TestCarrier } from '../carrier.ts'
import { migrationsFolder } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { startPostgres } from '../postgres.ts'
import { createWorld, tenOClock, type World } from '../world.ts'
import { binary, hasBinaries } from './binaries.ts'

const customers = 8

/** Customers who buy until they are stopped; what was acknowledged is kept in order. */
function startBuying(world: World) {
  const acknowledged: string[] = []
  let isOpen = true
  let numbers = 0
  const buy = async () => {
    while (isOpen) {
      numbers += 1
      acknowledged.push(await buyOne(world, `+8613288${String(numbers).padStart(6, '0')}`))
    }
  }
  const buying = Promise.all(Array.from({ length: customers }, buy))
  return {
    acknowledged,
    async stop() {
      isOpen = false
      await buying
    },
  }
}

async function buyOne(world: World, msisdn: string): Promise<string> {
  await introduceLine(world.db, msisdn, world.clock.now())
  const placed = await world.payments.order({
    msisdn,
    merchantId: '6022',
    what: { amount: 10n },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
  })
  if (!placed.ok) throw new Error(placed.refusal)
  return placed.value.payment.id
}

async function open(url: string, carrier: TestCarrier) {
  const db = await openDatabase({ url, poolMax: 10 })
  onTestFinished(() => db.close())
  const clock = manualClock(tenOClock)
  const world = async () => {
    const made = await createWorld({ db, carrier, clock, policy: {} })
    onTestFinished(() => made.close())
    return made
  }
  return { db, world }
}

function ownAs(folder: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    chownSync(join(entry.parentPath, entry.name), uid, gid)
  chownSync(folder, uid, gid)
}

async function backup(url: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-backup-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const how = ['--checkpoint=fast', '--wal-method=stream', '-D', folder, '-d', url]
  const child = spawn(binary('pg_basebackup'), how, { stdio: 'inherit' })
  const code = await new Promise((resolve) => child.once('close', resolve))
  expect(code).toBe(0)
  execFileSync(binary('pg_verifybackup'), [folder], { stdio: 'ignore' })
  return folder
}

/** A command as an operator gives it. */
const telepurse = (command: string, url: string) =>
  execFileSync(
    process.execPath,
    [
      ...['--conditions=source', '--import', import.meta.resolve('tsx')],
      ...[join(import.meta.dirname, '../../server/src/main.ts'), command],
    ],
    { encoding: 'utf8', env: { ...process.env, DATABASE_URL: url } },
  )

const chargeIds = async (db: Database) =>
  (
    await db.query<{ id: string }>(
      'select charge_id as id from payment where charge_id is not null',
    )
  ).map(({ id }) => id)

describe.runIf(hasBinaries)('a database from a backup', () => {
  test('has what was acknowledged before it, gives no number twice, and goes on', async () => {
    const server = await startPostgres({ fsync: true })
    onTestFinished(() => server.stop())
    const carrier = createTestCarrier()
    const { db, world } = await open(server.url, carrier)
    await migrate(db, migrationsFolder)
    const first = await world()
    first.payments.start()
    const buying = startBuying(first)
    while (buying.acknowledged.length < 100) await sleep(20)
    const before = [...buying.acknowledged]
    const folder = await backup(server.url)
    const after = buying.acknowledged.length
    while (buying.acknowledged.length < after + 100) await sleep(20)
    await buying.stop()
    await first.settle()
    const known = new Set(carrier.charges.keys())

    ownAs(folder, statSync(server.dataDir))
    const restored = await startPostgres({ fsync: true, dataDir: folder })
    onTestFinished(() => restored.stop())
    expect(telepurse('migrate', restored.url)).toContain('up to date')
    expect(telepurse('verify', restored.url)).toContain('every rule holds')
    const { db: back, world: reopen } = await open(restored.url, carrier)
    const there = new Set(
      (await back.query<{ id: string }>('select id from payment')).map(({ id }) => id),
    )
    expect(before.filter((id) => !there.has(id))).toEqual([])
    const missing = buying.acknowledged.filter((id) => !there.has(id))
    expect(missing.length).toBeGreaterThanOrEqual(100)
    const inBackup = new Set(await chargeIds(back))
    console.log(
      `${before.length} acknowledged before the backup, ${there.size} in it, ${missing.length} after`,
    )

    const said = telepurse('after-restore', restored.url)
    expect(said).toContain('order numbers go on at 100')
    expect(said).toContain('compare with the carrier all it charged')
    const second = await reopen()
    for (let n = 0; n < 20; n += 1) await buyOne(second, `+8613277${String(n).padStart(6, '0')}`)
    await second.settle()
    const fresh = (await chargeIds(back)).filter((id) => !inBackup.has(id))
    expect(fresh).toHaveLength(20)
    expect(fresh.filter((id) => known.has(id))).toEqual([])
    expect(await offencesIn(back)).toEqual([])
    // What the carrier has beyond us are the sales after the backup, and nothing else.
    const ours = new Set(await chargeIds(back))
    const beyond = [...carrier.charges.keys()].filter((id) => !ours.has(id))
    expect(beyond).toHaveLength(missing.length)
  })

  test('would give numbers again without being told', async () => {
    const server = await startPostgres({ fsync: true })
    onTestFinished(() => server.stop())
    const carrier = createTestCarrier()
    const { db, world } = await open(server.url, carrier)
    await migrate(db, migrationsFolder)
    const first = await world()
    const folder = await backup(server.url)
    await buyOne(first, '+8613288000000')
    await first.settle()
    ownAs(folder, statSync(server.dataDir))
    const restored = await startPostgres({ fsync: true, dataDir: folder })
    onTestFinished(() => restored.stop())
    const { db: back, world: reopen } = await open(restored.url, carrier)
    await buyOne(await reopen(), '+8613277000000')
    expect(await chargeIds(back)).toEqual(await chargeIds(db))
  })
})
