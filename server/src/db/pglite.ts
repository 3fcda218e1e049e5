/**
 * PostgreSQL inside this process (PGlite), on files or in memory. On files it is made safe for money:
 * one process, real fsync, checkpoints, and an end to statements that never answer.
 */
import fs from 'node:fs'
import { join, resolve } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import type { PoolConfig } from 'pg'
import { type DirectoryLock, lockDirectory } from './directory-lock.ts'
import { DurableFiles, durableStart, syncPath, syncTree } from './durable-files.ts'
import type { Database } from './tx.ts'

export const inMemory = 'memory://'

export interface Engine {
  readonly lite: PGlite
  readonly config: PoolConfig
  close(): Promise<void>
}

export async function openEngine(dataDir: string, image: Blob | undefined): Promise<Engine> {
  if (dataDir === inMemory) {
    const lite = await PGlite.create({ dataDir, ...(image && { loadDataDir: image }) })
    return { lite, config: configOf(lite), close: () => lite.close() }
  }
  const folder = resolve(dataDir)
  fs.mkdirSync(folder, { recursive: true })
  const lock = await lockDirectory(folder)
  try {
    const lite = await openFiles(folder)
    return { lite, config: configOf(lite), close: () => closeFiles(lite, lock) }
  } catch (error) {
    await lock.release()
    throw error
  }
}

/**
 * A first start that was killed leaves files that look like a database and are none. A mark says that
 * the database is not finished; what is found together with the mark is thrown away.
 */
async function openFiles(folder: string): Promise<PGlite> {
  const files = join(folder, 'postgres')
  const mark = join(folder, 'unfinished')
  if (fs.existsSync(mark)) fs.rmSync(files, { recursive: true, force: true })
  const isNew = !fs.existsSync(files)
  if (isNew) fs.writeFileSync(mark, '')
  syncPath(folder)
  const lite = await PGlite.create({ fs: new DurableFiles(files), startParams: durableStart })
  if (isNew) {
    syncTree(files)
    syncPath(folder)
    fs.rmSync(mark)
    syncPath(folder)
  }
  return lite
}

async function closeFiles(lite: PGlite, lock: DirectoryLock): Promise<void> {
  try {
    await lite.close()
  } finally {
    await lock.release()
  }
}

const configOf = (lite: PGlite) => createPgConfig(lite) as unknown as PoolConfig

const engines = new WeakMap<Database, PGlite>()

export const rememberEngine = (db: Database, lite: PGlite): void => void engines.set(db, lite)

/** All files of a PGlite database, to begin another one from (`image`). */
export async function dumpOf(db: Database): Promise<Blob> {
  const lite = engines.get(db)
  if (!lite) throw new Error('only a PGlite database can be dumped')
  return lite.dumpDataDir('none')
}
