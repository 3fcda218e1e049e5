/**
 * Kills the platform and its database under load, again and again, each time by `kill -9` and without
 * warning, and compares what customers were told with what is there.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate, openDatabase } from '../../server/src/db/index.ts'
import { type PostgresServer, startPostgres } from '../postgres.ts'
import { type Buyers, createBuyers } from './buyers.ts'
import { type Comparison, compare, openCount } from './comparison.ts'
import { type LineProcess, startLineProcess } from './line-process.ts'

export interface KillOptions {
  /** How often the platform is killed, and how often PostgreSQL with all its processes. */
  readonly app: number
  readonly db: number
  /** How long customers buy before each kill, at least; a part of it is left to chance. */
  readonly loadMs?: number
  readonly log?: (line: string) => void
}

export interface KillFigures {
  readonly appKills: number
  readonly dbKills: number
  readonly acknowledged: number
  readonly refunds: number
  readonly repeated: number
  readonly charged: number
  readonly lost: readonly string[]
  readonly doubled: readonly string[]
  readonly offences: readonly string[]
  /** The longest time from a kill to the first answer after it. */
  readonly backMs: number
}

const here = import.meta.dirname
const program = (name: string) => join(here, name)

export async function runKillLoop(options: KillOptions): Promise<KillFigures> {
  const { app, db, loadMs = 600, log = () => {} } = options
  const place = await startPlace()
  const found: Comparison[] = []
  let backMs = 0
  try {
    for (const victim of turns(app, db)) {
      place.buyers.start()
      await sleep(loadMs + Math.random() * loadMs)
      const killedAt = performance.now()
      await (victim === 'app' ? place.killWallet() : place.killDatabase())
      await place.answers()
      backMs = Math.max(backMs, performance.now() - killedAt)
      await sleep(200)
      await place.buyers.stop()
      await place.settle()
      const one = await compare(place.url(), place.carrier, place.buyers)
      found.push(one)
      log(
        `killed ${victim}: ${place.buyers.acknowledged.length} acknowledged, ${one.charged} charged, ` +
          `${one.lost.length} lost, ${one.doubled.length} doubled, ${one.offences.length} offences`,
      )
    }
    const { acknowledged, refunds, repeated } = place.buyers
    return {
      appKills: app,
      dbKills: db,
      acknowledged: acknowledged.length,
      refunds: refunds.size,
      repeated,
      charged: found.at(-1)?.charged ?? 0,
      lost: found.flatMap((one) => one.lost),
      doubled: found.flatMap((one) => one.doubled),
      offences: found.flatMap((one) => one.offences),
      backMs: Math.round(backMs),
    }
  } finally {
    await place.close()
  }
}

/** Both kinds spread over the run, the database not last. */
function turns(app: number, db: number): ('app' | 'db')[] {
  const all = Array.from({ length: app + db }, (_, n) =>
    Math.floor(((n + 1) * db) / (app + db)) > Math.floor((n * db) / (app + db)) ? 'db' : 'app',
  )
  return [...all].reverse() as ('app' | 'db')[]
}

interface Place {
  readonly carrier: LineProcess
  readonly buyers: Buyers
  url(): string
  killWallet(): Promise<void>
  killDatabase(): Promise<void>
  /** Waits until the platform does its work again. */
  answers(): Promise<void>
  /** Waits until nothing waits for the carrier. */
  settle(): Promise<void>
  close(): Promise<void>
}

async function startPlace(): Promise<Place> {
  let postgres: PostgresServer = await startPostgres({ fsync: true })
  const { dataDir } = postgres
  const port = Number(new URL(postgres.url).port)
  const db = await openDatabase({ url: postgres.url, poolMax: 1 })
  await migrate(db, join(here, '../../server/migrations'))
  await db.close()
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-kill-'))
  const journal = join(folder, 'carrier.jsonl')
  const carrier = await startLineProcess(program('carrier-process.ts'), [journal])
  const carrierUrl = await carrier.ask<string>({ ask: 'url' })
  await carrier.ask({ ask: 'fault', percent: 3 })
  let ahead = 0
  const startWallet = () =>
    startLineProcess(program('wallet-process.ts'), [postgres.url, carrierUrl, String(ahead)])
  let wallet = await startWallet()
  const buyers = createBuyers(() => wallet)

  async function advance(ms: number): Promise<void> {
    ahead = await wallet.ask<number>({ ask: 'advance', ms })
  }
  return {
    carrier,
    buyers,
    url: () => postgres.url,
    async killWallet() {
      await wallet.kill()
      wallet = await startWallet()
    },
    async killDatabase() {
      const backends = childrenOf(postgres.pid)
      const gone = postgres.kill()
      for (const pid of backends) killIfThere(pid)
      await gone
      postgres = await startPostgres({ fsync: true, dataDir, port })
    },
    async answers() {
      for (let attempt = 0; attempt < 200; attempt += 1) {
        const isBack = await wallet.ask({ ask: 'ping' }, 5_000).catch(() => undefined)
        if (isBack) return
        await sleep(50)
      }
      throw new Error('the platform does not come back')
    },
    async settle() {
      // First past the leases of the dead, then from question to question.
      for (const ms of [46_000, 5_000, 30_000, ...Array.from({ length: 60 }, () => 60_000)]) {
        await advance(ms)
        for (let look = 0; look < 10; look += 1) {
          if ((await openCount(postgres.url)) === 0) return
          await sleep(100)
        }
      }
      throw new Error('something still waits for the carrier')
    },
    async close() {
      await wallet.kill()
      await carrier.kill()
      await postgres.stop()
      for (const one of [dataDir, folder]) rmSync(one, { recursive: true, force: true })
    },
  }
}

/** The processes a process has started (Linux). */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
