/**
 * The ledger alone: lists of transfers through `executeTransfers`, with the history and its indexes.
 * Beside it one transfer at a time on the very same tables, and the ledger on the embedded database.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Database, openDatabase } from '../../../server/src/db/index.ts'
import { checkLedger, executeTransfers } from '../../../server/src/ledger/index.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres.ts'
import { cpuSecondsOf, ownCpuSeconds } from '../cpu.ts'
import type { BenchOptions } from '../main.ts'
import { familyMbOf, ownMb } from '../memory.ts'
import { startProgram } from '../processes.ts'
import type { Figure } from '../report.ts'
import { type Contestant, inTurns } from '../rounds.ts'
import { ledgerNames } from '../targets.ts'
import {
  connections,
  inFunction,
  inTransaction,
  openBaseline,
  transferFunction,
} from './baselines.ts'
import type { EmbeddedAnswers } from './embedded.ts'
import { createLists, listLength, type Mix, seedAccounts, settle } from './world.ts'

/** Multiples of the number of buckets. */
const small = 9_984
const large = { quick: 99_840, full: 999_936 }
const plan = {
  quick: { warmMs: 500, roundMs: 1_000, rounds: 3 },
  full: { warmMs: 2_000, roundMs: 4_000, rounds: 3 },
}

export async function measureLedger({ isQuick }: BenchOptions): Promise<readonly Figure[]> {
  const closers: (() => Promise<unknown>)[] = []
  try {
    const pg = await startPostgres({ fsync: true, settings: productionLike })
    closers.unshift(() => pg.stop())
    const [db, largeDb] = await Promise.all([
      openWorld(pg, { name: 'small', accounts: small }),
      openWorld(pg, { name: 'large', accounts: isQuick ? large.quick : large.full }),
    ])
    closers.unshift(() => Promise.all([db.close(), largeDb.close()]))
    const contestants = await contestantsOf(pg, { db, largeDb, isQuick }, (close) =>
      closers.unshift(close),
    )
    const figures = await inTurns(contestants, isQuick ? plan.quick : plan.full)
    await mustBeSound(db)
    await mustBeSound(largeDb)
    return figures
  } finally {
    for (const close of closers) await close()
  }
}

/** As a server of this size would be set up; all of it reaches the disk. */
export const productionLike = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
}

async function openWorld(pg: PostgresServer, world: { name: string; accounts: number }) {
  const admin = await openDatabase({ url: pg.url, poolMax: 1 })
  await admin.query('set default_transaction_read_only = off')
  await admin.query(`create database ${world.name}`)
  await admin.close()
  const url = urlOf(pg, world.name)
  const db = await openDatabase({ url, poolMax: 3, statementTimeoutMs: 600_000 })
  await seedAccounts(db, world.accounts)
  await settle(url)
  return db
}

const urlOf = (pg: PostgresServer, name: string) => pg.url.replace(/[^/]+$/, name)

async function contestantsOf(
  pg: PostgresServer,
  world: { readonly db: Database; readonly largeDb: Database; readonly isQuick: boolean },
  later: (close: () => Promise<unknown>) => void,
): Promise<Contestant[]> {
  const { db, largeDb, isQuick } = world
  await db.transact((tx) => tx.query(transferFunction))
  const { one } = createLists(small, 'uniform')
  const url = urlOf(pg, 'small')
  const [transaction, call] = await Promise.all([
    openBaseline(url, inTransaction, one),
    openBaseline(url, inFunction, one),
  ])
  later(() => Promise.all([transaction.close(), call.close()]))
  const embedded = startProgram<EmbeddedAnswers>('ledger/embedded.ts')
  const dataDir = mkdtempSync(join(tmpdir(), 'telepurse-bench-'))
  later(async () => {
    await embedded.end()
    rmSync(dataDir, { recursive: true, force: true })
  })
  await embedded.ask('open', { accounts: small, dataDir })

  const parts = {
    cpu: () => ({ client: ownCpuSeconds(), postgres: cpuSecondsOf(pg.pid) }),
    memory: () => ({ client: ownMb(), postgres: familyMbOf(pg.pid) }),
  }
  const lists = (name: string, where: Database, accounts: number, mix: Mix): Contestant => {
    const { next } = createLists(accounts, mix)
    return { name, load: pg.version, ...parts, run: runLists(where, next) }
  }
  const largeCount = isQuick ? large.quick : large.full
  return [
    lists(ledgerNames.uniform, db, small, 'uniform'),
    lists(ledgerNames.hot, db, small, 'hot'),
    lists(ledgerNames.held, db, small, 'held'),
    lists(ledgerNames.large, largeDb, largeCount, 'uniform'),
    {
      name: ledgerNames.embedded,
      load: 'PGlite',
      cpu: () => ({ process: cpuSecondsOf(embedded.pid) }),
      memory: () => ({ process: familyMbOf(embedded.pid) }),
      async run(until, note) {
        const { took } = await embedded.ask('run', { ms: until - performance.now() })
        for (const ms of took) note(ms, listLength)
      },
    },
    ...[
      { name: ledgerNames.transaction, run: transaction.run },
      { name: ledgerNames.function, run: call.run },
    ].map((it) => ({ ...it, ...parts, load: `${connections} connections, ${pg.version}` })),
  ]
}

/** One list after the other, as whoever gathers commands does: the next while none is under way. */
export const runLists =
  (db: Database, next: ReturnType<typeof createLists>['next']): Contestant['run'] =>
  async (until, note) => {
    while (performance.now() < until) {
      const begun = performance.now()
      const now = Date.now()
      const list = next(listLength, now)
      const results = await db.transact((tx) => executeTransfers(tx, list, now))
      const refused = results.find((result) => !result.ok)
      if (refused) throw new Error(`a transfer was refused: ${JSON.stringify(refused)}`)
      note(performance.now() - begun, listLength)
    }
  }

async function mustBeSound(db: Database): Promise<void> {
  const broken = (await checkLedger(db)).filter(({ offences }) => offences > 0n)
  if (broken.length > 0)
    throw new Error(`the books are not sound: ${broken.map(({ invariant }) => invariant.name)}`)
}
