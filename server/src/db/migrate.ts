/**
 * Brings the schema up to date from a folder of SQL files, `0001_db.sql` and so on, in one transaction
 * and only ever forward. Processes that start at the same time take turns. A file that was applied and
 * then changed is refused: what runs would no longer be what is written.
 */
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runner } from 'node-pg-migrate'
import type { ClientBase } from 'pg'
import { texts } from './array.ts'
import { sessionsBelow } from './database.ts'
import { isTransient } from './errors.ts'
import type { Session } from './session.ts'
import type { Database } from './tx.ts'

/** Everyone who migrates a database takes this lock. */
const lock = 7_016_996_765_293_437n

/** Answers the names of the files it applied. */
export async function migrate(db: Database, folder: string): Promise<string[]> {
  const files = await filesOf(folder)
  return sessionsBelow(db).lend(
    (session) => alone(session, () => patiently(() => run(session, folder, files))),
    { patient: true },
  )
}

/** A table that someone holds: all traffic queues behind us meanwhile, so we step aside and try again. */
const lockTimeoutMs = 2_000
const lockTries = 15
const stepAsideMs = 1_000

async function patiently<Value>(work: () => Promise<Value>): Promise<Value> {
  for (let attempt = 1; ; attempt += 1)
    try {
      return await work()
    } catch (error) {
      const cause = error instanceof Error ? (error.cause ?? error) : error
      if (!isTransient(cause) || attempt === lockTries) throw error
      await sleep(stepAsideMs)
    }
}

/** Applied migrations, in order: for `/ready`, which waits for all of them. */
export async function appliedMigrations(db: Database): Promise<string[]> {
  const [found] = await db.query<{ there: boolean }>(
    `select to_regclass('migration') is not null as there`,
  )
  if (!found?.there) return []
  const rows = await db.query<{ name: string }>('select name from migration order by id')
  return rows.map((row) => row.name)
}

/** Runs `work` with the lock and the right to write, and takes both away again. */
async function alone<Value>(session: Session, work: () => Promise<Value>): Promise<Value> {
  const before = await session.send(
    `select current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock`,
  )
  const { statement, lock: lockTimeout } = before.rows[0] as { statement: string; lock: string }
  await session.send('set statement_timeout = 0; set lock_timeout = 0')
  await session.send(`select pg_advisory_lock(${lock})`)
  try {
    await session.send(
      `set default_transaction_read_only = off; set lock_timeout = ${lockTimeoutMs}`,
    )
    return await work()
  } finally {
    await session.send(
      `set default_transaction_read_only = on; set statement_timeout = '${statement}';
       set lock_timeout = '${lockTimeout}'; select pg_advisory_unlock(${lock})`,
    )
  }
}

interface File {
  readonly name: string
  readonly checksum: string
}

async function run(session: Session, folder: string, files: readonly File[]): Promise<string[]> {
  await session.send(
    'create table if not exists migration_checksum (name text primary key, checksum text not null)',
  )
  await refuseChanged(session, files)
  // Written before the files run: an applied file without a checksum would never be checked.
  await session.send(
    `insert into migration_checksum (name, checksum)
     select * from unnest($1::text[], $2::text[])
     on conflict (name) do update set checksum = excluded.checksum`,
    [texts(files.map((file) => file.name)), texts(files.map((file) => file.checksum))],
  )
  const client = {
    query: (text: string, values?: unknown[]) => session.send(text, values),
  } as unknown as ClientBase
  let current = ''
  const follow = (line: string) => {
    current = /^### MIGRATION (\S+)/.exec(line)?.[1] ?? current
  }
  const applied = await runner({
    dbClient: client,
    dir: resolve(folder),
    direction: 'up',
    migrationsTable: 'migration',
    singleTransaction: true,
    checkOrder: true,
    noLock: true,
    logger: { info: follow, warn: () => {}, error: () => {} },
  }).catch((error: unknown) => {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`migration ${current}: ${reason}`, { cause: error })
  })
  return applied.map((migration) => migration.name)
}

async function refuseChanged(session: Session, files: readonly File[]): Promise<void> {
  const { rows: tables } = await session.send(`select to_regclass('migration') as name`)
  if ((tables[0] as { name: string | null }).name === null) return
  const { rows } = await session.send(
    'select name, checksum from migration join migration_checksum using (name) order by name',
  )
  const known = new Map(files.map((file) => [file.name, file.checksum]))
  for (const applied of rows as File[]) {
    const checksum = known.get(applied.name)
    if (checksum === undefined)
      throw new Error(`migration ${applied.name} was applied to this database, its file is missing`)
    if (checksum !== applied.checksum)
      throw new Error(
        `migration ${applied.name} was changed after it was applied to this database: undo the change and add a new file`,
      )
  }
}

async function filesOf(folder: string): Promise<File[]> {
  const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).sort()
  const wrong = names.find((name) => !/^\d{4}_[a-z0-9_]+\.sql$/.test(name))
  if (wrong !== undefined)
    throw new Error(`${join(folder, wrong)}: a migration is called like 0001_what_it_adds.sql`)
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/, ''),
      checksum: createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    })),
  )
}
