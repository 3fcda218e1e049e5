/** PostgreSQL's own tools, where Debian puts them; the one from npm brings none. */
import { existsSync } from 'node:fs'

const folders = [15, 16, 17, 18].map((version) => `/usr/lib/postgresql/${version}/bin`)
const folder = folders.find((path) => existsSync(`${path}/pg_basebackup`))

export const hasBinaries = folder !== undefined

export const binary = (name: string): string => `${folder ?? ''}/${name}`
