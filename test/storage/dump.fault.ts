/**
 * Makes the fixture of a release, for `upgrade.test.ts` of all later ones, before the release is out:
 * `TELEPURSE_DUMP=0.2.0 npm run storage-faults dump`. It needs pg_dump, and is never made again.
 */
import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { offencesIn } from '../books.ts'
import { testDatabase } from '../database.ts'
import { createWorld } from '../world.ts'
import { binary } from './binaries.ts'
import { live } from './life.ts'

const version = process.env.TELEPURSE_DUMP ?? ''
const file = join(import.meta.dirname, 'fixtures', `${version}.sql`)

test.runIf(version !== '' && !existsSync(file))(`a database as ${version} leaves it`, async () => {
  const made = await testDatabase({ engine: 'postgres' })
  const world = await createWorld({ db: made.db })
  await live(world)
  expect(await offencesIn(made.db)).toEqual([])
  const how = ['--no-owner', '--no-privileges', '--inserts', '--rows-per-insert=200']
  const dump = execFileSync(binary('pg_dump'), [...how, made.url ?? ''], {
    encoding: 'utf8',
    maxBuffer: 100 * 1024 * 1024,
  })
  writeFileSync(file, plain(dump))
  await world.close()
  await made.close()
})

/** Without remarks, empty lines, settings, and what only psql understands. */
const plain = (dump: string) =>
  dump.replace(/^(--.*|\\.*|SET .*|SELECT pg_catalog\.set_config.*|)\n/gm, '')
