/**
 * One bit of an account changes on the disk. With checksums the database says so, loudly, and no balance
 * is ever read from the page; without them `verify` names the account.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { type Database, migrate, openDatabase } from '../../server/src/db/index.ts'
import { accountBalances, accountFlags, executeTransfers } from '../../server/src/ledger/index.ts'
import { offencesIn } from '../books.ts'
import { engines, migrationsFolder } from '../database.ts'
import { binary, hasBinaries } from './binaries.ts'
import { createServerFiles, flipBit, type ServerFiles } from './server-files.ts'

/** An amount that is found again among the bytes of a page. */
const amount = 1_234_567_890_123n
const bytes = Buffer.alloc(8)
bytes.writeBigInt64LE(amount)

const account = (name: string) => ({ bucket: 0, name, flags: accountFlags.none })

async function post(db: Database): Promise<void> {
  await migrate(db, migrationsFolder)
  await db.transact((tx) =>
    executeTransfers(
      tx,
      [
        {
          kind: 'transfer',
          id: '01990000-0000-7000-8000-000000000000',
          bucket: 0,
          debit: account('left'),
          credit: account('right'),
          amount,
          subject: 'flip',
          reason: 'flip',
          businessDate: '2026-09-12',
        },
      ],
      0,
    ),
  )
}

describe.runIf(engines.includes('postgres'))('a flipped bit', () => {
  let files: ServerFiles
  let db: Database
  afterEach(async () => {
    await db?.close()
    await files?.remove()
  })

  /** A server with one transfer, stopped, and a bit of an account's page changed. */
  async function spoil(): Promise<void> {
    files = await createServerFiles()
    db = await openDatabase({ url: (await files.start()).url })
    await post(db)
    const [row] = await db.query<{ path: string }>(`select pg_relation_filepath('account') as path`)
    await db.close()
    await files.stop()
    flipBit(join(files.folder, row?.path ?? ''), bytes)
  }

  test('is an error that ends the process, and no balance', async () => {
    await spoil()
    const check = () => spawnSync(binary('pg_checksums'), ['--check', '-D', files.folder])
    if (hasBinaries) expect(check().stdout.toString()).toMatch(/Bad checksums:\s+1/)
    const fatal: unknown[] = []
    const { url } = await files.start()
    db = await openDatabase({ url, onFatal: (error) => fatal.push(error) })
    await expect(accountBalances(db, { names: ['left', 'right'] })).rejects.toMatchObject({
      code: 'XX001',
    })
    expect(fatal).toHaveLength(1)
    await expect(offencesIn(db)).rejects.toMatchObject({ code: 'XX001' })
  })

  test.runIf(hasBinaries)('without checksums is found by verify', async () => {
    await spoil()
    execFileSync(binary('pg_checksums'), ['--disable', '-D', files.folder], { stdio: 'ignore' })
    db = await openDatabase({ url: (await files.start()).url })
    const offences = await offencesIn(db)
    expect(offences).toContain('ledger_balances_equal_their_transfers: 1')
    expect(offences).toContain('ledger_debits_equal_credits: 1')
  })
})
