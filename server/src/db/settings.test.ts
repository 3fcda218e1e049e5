import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bothEngines, testDatabase } from '../../../test/database.ts'
import { type PostgresServer, startPostgres } from '../../../test/postgres.ts'
import { systemClock } from '../kernel/index.ts'
import { checkSettings, openDatabase, type Reader } from './index.ts'

const healthy = {
  version: 150_000,
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  data_checksums: 'on',
  autovacuum: 'on',
  encoding: 'UTF8',
  replica: false,
  free_connections: 97,
  now: 1_000_000n,
}
const clock = { now: () => 1_000_000 }
const check = (found: Partial<typeof healthy>, connections = 20) => {
  const reader: Reader = { query: async () => [{ ...healthy, ...found }] as never }
  return checkSettings(reader, { clock, connections })
}

test('nothing is said of a healthy server', async () => {
  expect(await check({})).toEqual([])
  expect(await check({ synchronous_commit: 'remote_apply', now: 1_002_000n }, 97)).toEqual([])
})

test.each([
  [{ version: 140_012 }, 'fatal', 'this is 14'],
  [{ fsync: 'off' }, 'fatal', 'fsync'],
  [{ full_page_writes: 'off' }, 'fatal', 'full_page_writes'],
  [{ synchronous_commit: 'off' }, 'fatal', 'synchronous_commit'],
  [{ data_checksums: 'off' }, 'fatal', 'checksums'],
  [{ encoding: 'SQL_ASCII' }, 'fatal', 'SQL_ASCII'],
  [{ replica: true }, 'fatal', 'replica'],
  [{ free_connections: 19 }, 'fatal', 'max_connections'],
  [{ now: 1_002_001n }, 'fatal', '2001 ms ahead'],
  [{ now: 997_999n }, 'fatal', '-2001 ms ahead'],
  [{ autovacuum: 'off' }, 'warning', 'autovacuum'],
])('%o is %s', async (found, severity, text) => {
  expect(await check(found)).toEqual([{ severity, text: expect.stringContaining(text) }])
})

test.each(bothEngines)('%s answers what is asked', async (engine) => {
  const { db, close } = await testDatabase({ engine, migrations: null })
  const problems = await checkSettings(db, { clock: systemClock, connections: 20 })
  // Test databases run without fsync, and nothing else may be wrong with them.
  const unsafe = engine === 'pglite' ? ['fsync'] : ['fsync', 'full_page_writes']
  expect(problems.map((problem) => problem.text.split(' ')[0])).toEqual(unsafe)
  await close()
})

describe.runIf(bothEngines.includes('postgres'))('a server with default settings', () => {
  let server: PostgresServer
  beforeAll(async () => {
    server = await startPostgres({ fsync: true })
  })
  afterAll(() => server?.stop())

  test('is good enough', async () => {
    const db = await openDatabase({ url: server.url })
    expect(await checkSettings(db, { clock: systemClock, connections: 20 })).toEqual([])
    await db.close()
  })
})
