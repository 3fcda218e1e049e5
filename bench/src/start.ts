/** From the start of the process to the first time `/ready` says yes: embedded, and on PostgreSQL. */
import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { startPostgres } from '../../test/postgres.ts'
import { migrationsFolder } from './ledger/world.ts'
import type { BenchOptions } from './main.ts'
import { figureOfRuns, type Timed, timeCommand } from './once.ts'
import { startProgram } from './processes.ts'
import type { Figure } from './report.ts'
import {
  carrierToken,
  type SurroundingsAnswers,
  smscPassword,
  smscUser,
} from './surroundings-contract.ts'

const patienceMs = 120_000

export async function measureStart({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const rounds = isQuick ? 1 : 5
  const pg = await startPostgres({ fsync: true })
  const surroundings = startProgram<SurroundingsAnswers>('surroundings.ts')
  const runs: Record<'postgres' | 'first' | 'again', Timed[]> = {
    postgres: [],
    first: [],
    again: [],
  }
  try {
    const db = await openDatabase({ url: pg.url, poolMax: 1 })
    await migrate(db, migrationsFolder)
    await db.close()
    const { smscPort, carrierUrl } = await surroundings.ask('open')
    const settings = {
      SMSC_URL: `smpp://${smscUser}:${smscPassword}@127.0.0.1:${smscPort}`,
      CARRIER_URL: carrierUrl,
      CARRIER_TOKEN: carrierToken,
      FIELD_KEY: randomBytes(32).toString('base64'),
    }
    for (let round = 0; round < rounds; round += 1) {
      const folder = mkdtempSync(join(tmpdir(), 'telepurse-bench-'))
      const embedded = { ...settings, TELEPURSE_DATA: folder, DATABASE_URL: '' }
      runs.postgres.push(await timeStart({ ...embedded, DATABASE_URL: pg.url }, pg.pid))
      runs.first.push(await timeStart(embedded))
      runs.again.push(await timeStart(embedded))
      rmSync(folder, { recursive: true, force: true })
    }
  } finally {
    await surroundings.end()
    await pg.stop()
  }
  return [
    figureOfRuns({ name: 'ready', load: pg.version, count: 1 }, runs.postgres),
    figureOfRuns({ name: 'ready', load: 'embedded, first start', count: 1 }, runs.first),
    figureOfRuns({ name: 'ready', load: 'embedded, after a kill', count: 1 }, runs.again),
  ]
}

async function timeStart(env: Readonly<Record<string, string>>, databasePid?: number) {
  const port = await freePort()
  return timeCommand({
    args: ['serve'],
    env: { ...env, PORT: String(port) },
    ...(databasePid !== undefined && { databasePid }),
    done: (child) => untilReady(child, `http://127.0.0.1:${port}/ready`),
  })
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + patienceMs
  while (child.exitCode === null && performance.now() < deadline) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await sleep(10)
  }
  throw new Error(`${url} never said yes`)
}

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
