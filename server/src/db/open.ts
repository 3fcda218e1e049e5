/**
 * Opens the database: PostgreSQL at `url`, or PGlite in this process. Above this file nothing knows
 * which. Every connection is read only by default, so that only `transact` can write.
 */
import { type ClientBase, Pool, type PoolConfig } from 'pg'
import { type CheckpointPolicy, startCheckpoints } from './checkpoints.ts'
import { createDatabase } from './database.ts'
import type { Log } from './log.ts'
import { inMemory, openEngine, rememberEngine } from './pglite.ts'
import { createSessions } from './session.ts'
import type { Database } from './tx.ts'
import { columnTypes } from './types.ts'
import { createWatchdog } from './watchdog.ts'

export interface DatabaseOptions {
  /** PostgreSQL 15 or later. Without it, PGlite. */
  readonly url?: string
  /** PGlite's directory, or `memory://` (the default). */
  readonly dataDir?: string
  /** Begins a database in memory from this dump of another (`dumpOf`). */
  readonly image?: Blob
  readonly poolMax?: number
  readonly applicationName?: string
  readonly statementTimeoutMs?: number
  /** How long a caller waits for a free connection before DatabaseBusy. */
  readonly waitMs?: number
  readonly checkpoints?: CheckpointPolicy
  readonly log?: Log
  /** Disk full, corruption, an engine that fell over: end the process here, a restart recovers. */
  readonly onFatal?: (error: Error) => void
}

const silent: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** The server ends a long statement by itself; this much later it must have gone silent. */
const graceMs = 5_000

export async function openDatabase(options: DatabaseOptions): Promise<Database> {
  const settings = {
    log: options.log ?? silent,
    statementTimeoutMs: options.statementTimeoutMs ?? 30_000,
    waitMs: options.waitMs ?? 10_000,
    onFatal: (error: Error) => {
      settings.log.error({ err: error }, 'the database cannot go on')
      options.onFatal?.(error)
    },
  }
  return options.url === undefined
    ? openPglite(options, settings)
    : openPostgres(options.url, options, settings)
}

interface Settings {
  readonly log: Log
  readonly statementTimeoutMs: number
  readonly waitMs: number
  readonly onFatal: (error: Error) => void
}

async function openPostgres(url: string, options: DatabaseOptions, settings: Settings) {
  const pool = new Pool({
    ...poolConfig(settings),
    connectionString: url,
    application_name: options.applicationName ?? 'telepurse',
    max: options.poolMax ?? 10,
    keepAlive: true,
  })
  const deadlineMs = settings.statementTimeoutMs + graceMs
  const sessions = createSessions({ ...settings, engine: 'postgres', pool, deadlineMs })
  const db = createDatabase(sessions, settings.log)
  try {
    await db.query('select 1')
  } catch (error) {
    await db.close()
    throw error
  }
  return db
}

async function openPglite(options: DatabaseOptions, settings: Settings): Promise<Database> {
  const dataDir = options.dataDir ?? inMemory
  const { lite, config, close } = await openEngine(dataDir, options.image)
  const deadlineMs = settings.statementTimeoutMs + graceMs
  const watchdog = dataDir === inMemory ? undefined : createWatchdog(deadlineMs)
  const pool = new Pool({ ...poolConfig(settings), ...config, max: 1, idleTimeoutMillis: 0 })
  const sessions = createSessions({
    ...settings,
    engine: 'pglite',
    pool,
    deadlineMs,
    ...(watchdog && { watch: watchdog }),
    beforeClose: async () => checkpoints?.stop(),
    async close() {
      await close()
      await watchdog?.stop()
    },
  })
  const db = createDatabase(sessions, settings.log)
  rememberEngine(db, lite)
  const checkpoints =
    dataDir === inMemory ? undefined : startCheckpoints(db, settings.log, options.checkpoints)
  return db
}

const poolConfig = (settings: Settings): PoolConfig => ({
  types: columnTypes,
  pipeline: true,
  connectionTimeoutMillis: settings.waitMs,
  onConnect: (client) => prepare(client, settings.statementTimeoutMs),
})

// A plan for each call costs more than most calls: statements go through their keys whatever the values.
async function prepare(client: ClientBase, statementTimeoutMs: number): Promise<void> {
  await client.query(
    `set default_transaction_read_only = on; set timezone = 'UTC'; set jit = off; set plan_cache_mode = force_generic_plan;
     set default_transaction_isolation = 'read committed';
     set statement_timeout = ${statementTimeoutMs}; set lock_timeout = ${Math.min(5_000, statementTimeoutMs)};
     set idle_in_transaction_session_timeout = ${statementTimeoutMs}`,
  )
}
