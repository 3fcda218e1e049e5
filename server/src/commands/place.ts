/** Where this program stands: its version, its migrations, its settings, its database. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, processEnvironment, readConfig } from '../config/index.ts'
import { type Database, openDatabase } from '../db/index.ts'
import { CannotGoOn } from './output.ts'

/** The package is two folders up from here, in the sources as in what is built from them. */
const packageFolder = join(import.meta.dirname, '../..')

export const migrationsFolder = join(packageFolder, 'migrations')

export function version(): string {
  const file = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}

/** `preset` counts where the environment says nothing. */
export function configOrStop(preset: Readonly<Record<string, string>> = {}): Config {
  const read = readConfig({ ...preset, ...given(processEnvironment()) })
  if (!read.ok) throw new CannotGoOn(...read.refusal)
  return read.value
}

const given = (environment: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(environment).filter(([, text]) => text?.trim()))

/** Checks and files read whole tables: they may take their time, and need one connection. */
const patientMs = 3_600_000

export async function withDatabase<Value>(
  config: Config,
  use: (db: Database) => Promise<Value>,
): Promise<Value> {
  const db = await openDatabase({
    ...placeOf(config),
    poolMax: 1,
    statementTimeoutMs: patientMs,
    applicationName: 'telepurse command',
  })
  try {
    return await use(db)
  } finally {
    await db.close()
  }
}

/** PostgreSQL when there is a URL, else the embedded database. */
export const placeOf = ({ databaseUrl, dataDir }: Config): { url: string } | { dataDir: string } =>
  databaseUrl ? { url: databaseUrl.reveal() } : { dataDir }
