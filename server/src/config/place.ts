/** Where this program stands: its version, its migrations, its database. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './settings.ts'

/** The package is two folders up from here, in the sources as in what is built from them. */
const packageFolder = join(import.meta.dirname, '../..')

export const migrationsFolder = join(packageFolder, 'migrations')

/** Demonstration banks. */
export const binTableFile = join(packageFolder, 'data/bins.json')

export function version(): string {
  const file = readFileSync(join(packageFolder, 'package.json'), 'utf8')
  return (JSON.parse(file) as { version: string }).version
}

/** PostgreSQL when there is a URL, else the embedded database. */
export const placeOf = ({ databaseUrl, dataDir }: Config): { url: string } | { dataDir: string } =>
  databaseUrl ? { url: databaseUrl.reveal() } : { dataDir }
