/** What makes PGlite safe for money; each of these fails when its protection is taken away. */
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { bothEngines } from '../../../test/database.ts'
import { type DatabaseOptions, openDatabase } from './index.ts'

describe.runIf(bothEngines.includes('pglite'))('PGlite on files', () => {
  let root: string
  let dataDir: string
  const open = (options: DatabaseOptions = {}) => openDatabase({ dataDir, ...options })

  beforeAll(async () => {
    root = fs.mkdtempSync(join(tmpdir(), 'telepurse-pglite-'))
    dataDir = join(root, 'data')
    const db = await open()
    await db.transact(async (tx) => tx.write('create table note (id int8 primary key)'))
    await db.close()
  })
  afterAll(() => fs.rmSync(root, { recursive: true, force: true }))

  test('every commit is on the disk before it is answered', async () => {
    const db = await open()
    const [settings] = await db.query(
      `select current_setting('fsync') as fsync, current_setting('wal_sync_method') as method`,
    )
    expect(settings).toEqual({ fsync: 'on', method: 'fsync' })
    const sync = vi.spyOn(fs, 'fdatasyncSync')
    for (let id = -1; id > -11; id -= 1) {
      const before = sync.mock.calls.length
      await db.transact(async (tx) => tx.write('insert into note values ($1)', [id]))
      expect(sync.mock.calls.length).toBeGreaterThan(before)
    }
    sync.mockClear()
    await db.query('checkpoint')
    // At least the log, a table, the commit states and the control file.
    expect(sync.mock.calls.length).toBeGreaterThanOrEqual(4)
    sync.mockRestore()
    await db.close()
  })

  test.runIf(spawnSync('strace', ['-V']).status === 0)(
    'the kernel sees it: one call per commit or more',
    async () => {
      const trace = join(root, 'trace')
      const strace = ['strace', '-f', '-y', '-e', 'trace=fsync,fdatasync', '-o', trace]
      const child = startChild('pglite-writer.ts', [dataDir, '20'], strace)
      expect(await child.ended).toEqual({ code: 0, signal: null })
      const calls = fs.readFileSync(trace, 'utf8').split('\n')
      const ofLog = calls.filter((call) => /f(data)?sync\(.*\/pg_wal\/[0-9A-F]{24}>/.test(call))
      expect(ofLog.length).toBeGreaterThanOrEqual(20)
    },
  )

  test('one process at a time; kill -9 gives the directory back with every acknowledged commit', async () => {
    for (let round = 0; round < 1; round += 1) {
      const child = startChild('pglite-writer.ts', [dataDir])
      await child.printed(30)
      await expect(open()).rejects.toMatchObject({
        name: 'DirectoryInUse',
        message: expect.stringContaining(`in use by process ${child.process.pid}`),
      })
      await child.kill()
      const acknowledged = child.lines.slice(1).map(BigInt)
      expect(acknowledged.length).toBeGreaterThan(0)
      const db = await open()
      const rows = await db.query<{ id: bigint }>('select id from note')
      const found = new Set(rows.map((row) => row.id))
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
      await db.close()
    }
  })

  test('of two processes that start together exactly one opens', async () => {
    const children = [1, 2].map(() => startChild('pglite-writer.ts', [dataDir, '0']))
    await Promise.all(children.map((child) => child.ended))
    const [winner, loser] = children.toSorted((a, b) => b.lines.length - a.lines.length)
    expect([winner?.lines, loser?.lines]).toEqual([['open', 'closed'], []])
    expect(loser?.complaints()).toContain('is in use by process')
  })

  test('checkpoints are made again and again while something is written, and at the end', async () => {
    const db = await open({ checkpoints: { pollMs: 10, polls: 1, logBytes: 1_000_000_000n } })
    const lastCheckpoint = async () => {
      const [row] = await db.query<{ at: string }>(
        'select redo_lsn::text as at from pg_control_checkpoint()',
      )
      return row?.at
    }
    for (let round = 0; round < 3; round += 1) {
      const before = await lastCheckpoint()
      await db.transact(async (tx) =>
        tx.write('insert into note select generate_series($1::int8 - 999, $1::int8)', [
          -10_000 * (round + 1),
        ]),
      )
      await vi.waitUntil(async () => (await lastCheckpoint()) !== before, { timeout: 20_000 })
    }
    await db.close()
    // The state of the cluster in the control file: 1 is shut down, all that was logged is in place.
    const control = fs.readFileSync(join(dataDir, 'postgres/global/pg_control'))
    expect(control.readInt32LE(16)).toBe(1)
  })

  test('a first start that was killed in the middle is begun anew', async () => {
    const unfinished = join(root, 'unfinished-data')
    fs.mkdirSync(join(unfinished, 'postgres'), { recursive: true })
    fs.writeFileSync(join(unfinished, 'postgres/PG_VERSION'), '18\n')
    fs.writeFileSync(join(unfinished, 'unfinished'), '')
    const db = await open({ dataDir: unfinished })
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }])
    expect(fs.readdirSync(unfinished)).toEqual(['lock', 'postgres'])
    await db.close()
  })

  test('a statement that never answers ends the process', async () => {
    const child = startChild('pglite-writer.ts', [dataDir, 'hang'])
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' })
    expect(child.lines).toEqual(['open'])
    expect(child.complaints()).toContain('gave no answer')
  })
})
