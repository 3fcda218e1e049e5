/**
 * The disk stalls: PostgreSQL's processes stand still for longer than anybody waits, or each fsync of
 * PGlite takes its time. Callers may hear that nobody knows; none hears a yes that is not there, and what was not
 * answered happens once or not at all.
 */
import fs, { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Database, isOutage, migrate, openDatabase } from '../../server/src/db/index.ts'
import { offencesIn } from '../books.ts'
import { engines, migrationsFolder, testDatabase } from '../database.ts'
import { introduceLine } from '../lane.ts'
import { createWorld, type World } from '../world.ts'

const customers = 40
const msisdnOf = (n: number) => `+8613266${String(n).padStart(6, '0')}`

const order = (world: World, n: number) =>
  world.payments.order({
    msisdn: msisdnOf(n),
    merchantId: '6022',
    what: { amount: 10n },
    channel: 'api',
    consent: 'token',
    flow: 'charge',
    keys: [{ scope: 'slow', key: String(n), contentHash: 'a' }],
    merchantOrderId: `slow-${n}`,
  })

/** The payment each heard of; undefined where nobody knows. */
const orderAll = (world: World) =>
  Promise.all(
    Array.from({ length: customers }, (_, n) =>
      order(world, n).then(
        (placed) => (placed.ok ? placed.value.payment.id : placed.refusal),
        (error: unknown) => {
          if (!isOutage(error)) throw error
          return undefined
        },
      ),
    ),
  )

async function introduceAll(world: World): Promise<void> {
  for (let n = 0; n < customers; n += 1)
    await introduceLine(world.db, msisdnOf(n), world.clock.now())
}

/** Said again under the same numbers, everybody has one payment, and it is the one they heard of. */
async function settleAll(world: World, db: Database, heard: readonly (string | undefined)[]) {
  const now = await orderAll(world)
  expect(now).not.toContain(undefined)
  for (const [n, id] of heard.entries()) if (id !== undefined) expect(now[n]).toBe(id)
  const [row] = await db.query<{ count: bigint }>('select count(*) from payment')
  expect(row?.count).toBe(BigInt(customers))
  await world.settle()
  expect(world.carrier.charges.size).toBe(customers)
  expect(await offencesIn(db)).toEqual([])
}

describe.runIf(engines.includes('postgres'))('PostgreSQL', () => {
  /** Below the patience of the client, and beyond it: statements are given up after 1 s and 5 s more. */
  test.each([2_000, 9_000])('stands still for %i ms', async (stillMs) => {
    const made = await testDatabase({ engine: 'postgres' })
    const name = `stalled ${stillMs}`
    const db = await openDatabase({
      url: made.url ?? '',
      poolMax: 4,
      statementTimeoutMs: 1_000,
      waitMs: 2_000,
      applicationName: name,
    })
    const world = await createWorld({ db })
    onTestFinished(async () => {
      await world.close()
      await db.close()
      await made.close()
    })
    await introduceAll(world)
    const rows = await made.db.query<{ pid: number }>(
      `select pid from pg_stat_activity where application_name = $1 or backend_type in
         ('checkpointer', 'walwriter', 'background writer')`,
      [name],
    )
    const heard = orderAll(world)
    await sleep(Math.random() * 30)
    for (const { pid } of rows) process.kill(pid, 'SIGSTOP')
    try {
      await sleep(stillMs)
    } finally {
      for (const { pid } of rows) process.kill(pid, 'SIGCONT')
    }
    const answers = await heard
    console.log(`${answers.filter((id) => id === undefined).length} of ${customers} heard nothing`)
    await settleAll(world, made.db, answers)
  })
})

describe.runIf(engines.includes('pglite'))('PGlite', () => {
  test('with a tenth of a second for each fsync is slow and loses nothing', async () => {
    const root = mkdtempSync(join(tmpdir(), 'telepurse-slow-'))
    const db = await openDatabase({ dataDir: join(root, 'data') })
    await migrate(db, migrationsFolder)
    const world = await createWorld({ db })
    onTestFinished(async () => {
      await world.close()
      await db.close()
      rmSync(root, { recursive: true })
    })
    await introduceAll(world)
    const real = fs.fdatasyncSync
    const slow = vi.spyOn(fs, 'fdatasyncSync').mockImplementation((descriptor) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100)
      real(descriptor)
    })
    const heard = await orderAll(world)
    expect(slow.mock.calls.length).toBeGreaterThan(0)
    slow.mockRestore()
    expect(heard).not.toContain(undefined)
    await settleAll(world, db, heard)
  })
})
