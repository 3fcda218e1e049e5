/**
 * A fresh, migrated database for a test: on the PostgreSQL of this run, cloned from a template, or on
 * PGlite in memory, begun from a stored image. `TELEPURSE_DB` picks an engine, or `both`.
 */
import { execFileSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Client } from 'pg'
import { inject } from 'vitest'
import {
  type Database,
  type DatabaseOptions,
  migrate,
  openDatabase,
} from '../server/src/db/index.ts'
import { dumpOf } from '../server/src/db/pglite.ts'

export type Engine = Database['engine']

const both: readonly Engine[] = ['postgres', 'pglite']
const wanted = process.env.TELEPURSE_DB

/** Both, for the database and the ledger, on which all else stands: `describe.each(bothEngines)`. */
export const bothEngines: readonly Engine[] = both.filter(
  (engine) => !wanted || wanted === 'both' || wanted === engine,
)

/**
 * Engines of this run, for `describe.each(engines)`. Without a wish it is PostgreSQL: pages and commands are tested on
 * the embedded one anyway, and `npm run test:both` runs everything on both.
 */
export const engines: readonly Engine[] = wanted ? bothEngines : ['postgres']

export const migrationsFolder = join(import.meta.dirname, '../server/migrations')

export interface TestDatabaseOptions extends Omit<DatabaseOptions, 'url' | 'dataDir' | 'image'> {
  /** PostgreSQL when this run has it. */
  readonly engine?: Engine
  /** The folder to migrate from; null for a database without tables. */
  readonly migrations?: string | null
}

export interface TestDatabase {
  readonly db: Database
  /** Where the database is; undefined on PGlite. */
  readonly url: string | undefined
  close(): Promise<void>
}

export async function testDatabase(options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const { engine = engines[0], migrations: folder = migrationsFolder, ...rest } = options
  if (engine === 'pglite') {
    const db = await openDatabase({ dataDir: 'memory://', image: await imageOf(folder), ...rest })
    return { db, url: undefined, close: () => db.close() }
  }
  const { url, drop } = await createPostgresDatabase(folder)
  const db = await openDatabase({ url, ...rest })
  return {
    db,
    url,
    async close() {
      await db.close()
      await drop()
    },
  }
}

async function createPostgresDatabase(folder: string | null) {
  const server = inject('postgresUrl')
  if (server === '')
    throw new Error('this test needs PostgreSQL: run it without TELEPURSE_DB=pglite')
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const template = folder === null ? 'template1' : await templateOn(server, folder)
  await asAdmin(server, (admin) => admin.query(`create database ${name} template ${template}`))
  return {
    url: databaseAt(server, name),
    drop: () =>
      asAdmin(server, (admin) => admin.query(`drop database if exists ${name} with (force)`)),
  }
}

/** The template is made by whichever test comes first; the others wait for it. */
function templateOn(server: string, folder: string): Promise<string> {
  const name = `template_${hashOf(folder)}`
  return asAdmin(server, async (admin) => {
    await admin.query('select pg_advisory_lock(1)')
    const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [name])
    if (rowCount) return name
    const draft = `draft_${randomUUID().replaceAll('-', '')}`
    await admin.query(`create database ${draft}`)
    const db = await openDatabase({ url: databaseAt(server, draft), poolMax: 1 })
    try {
      await migrate(db, folder)
    } finally {
      await db.close()
    }
    await admin.query(`alter database ${draft} rename to ${name}`)
    return name
  })
}

/** The embedded database of a new installation, with its tables: what else the first start takes seconds for. */
export async function installDatabaseIn(dataDir: string): Promise<void> {
  const files = join(dataDir, 'postgres')
  mkdirSync(files, { recursive: true, mode: 0o700 })
  const image = await imageFileOf(migrationsFolder)
  execFileSync('tar', ['-xf', image, '-C', files], { stdio: 'ignore' })
}

const imageOf = async (folder: string | null): Promise<Blob> =>
  new Blob([readFileSync(await imageFileOf(folder))])

async function imageFileOf(folder: string | null): Promise<string> {
  const cache = join(import.meta.dirname, '../.cache')
  const file = join(cache, `pglite-${folder === null ? 'empty' : hashOf(folder)}.tar`)
  if (!existsSync(file)) {
    const db = await openDatabase({ dataDir: 'memory://' })
    if (folder !== null) await migrate(db, folder)
    mkdirSync(cache, { recursive: true })
    const draft = `${file}.${process.pid}`
    writeFileSync(draft, Buffer.from(await (await dumpOf(db)).arrayBuffer()))
    renameSync(draft, file)
    await db.close()
    forgetOldImages(cache)
  }
  return file
}

/** Each is 40 MB, and a migration that changes makes a new one. */
function forgetOldImages(cache: string): void {
  const images = readdirSync(cache)
    .filter((name) => name.startsWith('pglite-'))
    .map((name) => ({ path: join(cache, name), changedAt: statSync(join(cache, name)).mtimeMs }))
    .toSorted((a, b) => b.changedAt - a.changedAt)
  for (const { path } of images.slice(6)) rmSync(path, { force: true })
}

function hashOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder).sort())
    hash.update(name).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}

async function asAdmin<Value>(server: string, use: (admin: Client) => Promise<Value>) {
  const admin = new Client({ connectionString: server })
  await admin.connect()
  try {
    return await use(admin)
  } finally {
    await admin.end()
  }
}

const databaseAt = (server: string, name: string) => {
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}
