/** The platform, its database and its carrier, each a process of its own, and what kills them. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase, type Reader } from '../../server/src/db/index.ts'
import { type PostgresServer, startPostgres } from '../postgres.ts'
import { type LineProcess, startLineProcess } from './line-process.ts'

/** What dies: the platform, PostgreSQL with all its processes, one connection, or one of its processes. */
export type Victim = 'app' | 'db' | 'connection' | 'backend'

export interface Stage {
  readonly carrier: LineProcess
  /** Where there are cards. */
  readonly banks?: LineProcess
  /** The process of the moment: it is another one after a kill. */
  wallet(): LineProcess
  /** Kill -9, without warning; what does not come back by itself is started again. */
  kill(victim: Victim): Promise<void>
  /** Reads the database beside the platform where there can be two, through it where not. */
  readonly reader: Reader
  /** Puts the platform's clock forward. */
  advance(ms: number): Promise<void>
  /** What the platform's clock says. */
  now(): number
  close(): Promise<void>
}

export type Place = 'postgres' | 'pglite'

const here = import.meta.dirname
const migrations = join(here, '../../server/migrations')

/** The rules read whole tables, on a machine that is busy with the next kill's load. */
const patientMs = 600_000

/** How many in a hundred charges are made by the carrier whose link drops before it says so. */
const lostAnswers = 3

export async function openStage(place: Place, hasBanks = false): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-kill-'))
  const [carrier, banks] = await Promise.all([
    startLineProcess(join(here, 'carrier-process.ts'), [join(folder, 'carrier.jsonl')]),
    hasBanks ? startLineProcess(join(here, 'bank-process.ts'), [folder]) : undefined,
  ])
  const carrierUrl = await carrier.ask<string>({ ask: 'url' })
  const server = place === 'postgres' ? await openServer() : undefined
  const database = server?.url() ?? join(folder, 'data')
  let ahead = 0
  const startWallet = () =>
    startLineProcess(join(here, 'wallet-process.ts'), [database, carrierUrl, String(ahead), folder])
  let wallet = await startWallet()
  if (banks) await wallet.ask({ ask: 'enrol' }, patientMs)
  await carrier.ask({ ask: 'fault', percent: lostAnswers })
  if (banks)
    for (const on of ['purchase', 'credit'])
      await banks.ask({ ask: 'fault', kind: 'approves_and_drops_link', on, percent: lostAnswers })
  const through: Reader = {
    query: (statement, values = []) =>
      wallet.ask(
        {
          ask: 'query',
          text: typeof statement === 'string' ? statement : statement.text,
          values,
        },
        patientMs,
      ),
  }
  return {
    carrier,
    ...(banks && { banks }),
    wallet: () => wallet,
    reader: server?.reader ?? through,
    async kill(victim) {
      if (victim === 'app') {
        await wallet.kill()
        wallet = await startWallet()
      } else if (server) await server.kill(victim)
      else throw new Error(`PGlite has no ${victim} of its own`)
    },
    async advance(ms) {
      await banks?.ask({ ask: 'advance', ms })
      ahead = await wallet.ask<number>({ ask: 'advance', ms })
    },
    now: () => Date.now() + ahead,
    async close() {
      await wallet.kill()
      await carrier.kill()
      await banks?.kill()
      await server?.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function openServer() {
  let postgres: PostgresServer = await startPostgres({ fsync: true })
  const { dataDir, url } = postgres
  const port = Number(new URL(url).port)
  const first = await openDatabase({ url, poolMax: 1 })
  await migrate(first, migrations)
  await first.close()
  const reader = await openDatabase({
    url,
    poolMax: 1,
    applicationName: 'onlooker',
    statementTimeoutMs: patientMs,
  })
  return {
    url: () => url,
    reader,
    async kill(victim: Victim) {
      if (victim === 'connection') return void (await reader.query(terminateOne))
      if (victim === 'backend') {
        const [row] = await reader.query<{ pid: number }>(chooseOne)
        return killIfThere(row?.pid)
      }
      const backends = childrenOf(postgres.pid)
      const gone = postgres.kill()
      for (const pid of backends) killIfThere(pid)
      await gone
      postgres = await startPostgres({ fsync: true, dataDir, port })
    },
    async close() {
      await reader.close()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

/** One that works rather than one that waits. */
const chooseOne = `select pid from pg_stat_activity where application_name = 'telepurse'
  order by state = 'idle', random() limit 1`
const terminateOne = `select pg_terminate_backend(pid) from (${chooseOne}) chosen`

/** The processes a process has started (Linux). */
const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)

function killIfThere(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
