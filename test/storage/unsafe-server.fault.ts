/** `serve` does not start on a PostgreSQL that may forget what it acknowledged. Real servers, each setting. */
import { execFileSync } from 'node:child_process'
import { chownSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { composeServer } from '../../server/src/compose.ts'
import { readConfig } from '../../server/src/config/index.ts'
import { systemClock } from '../../server/src/kernel/index.ts'
import { engines } from '../database.ts'
import { binary, hasBinaries } from './binaries.ts'
import { createServerFiles, type ServerFiles } from './server-files.ts'

const log = { info: () => {}, warn: () => {}, error: () => {} }

async function serveOn(url: string, more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-unsafe-'))
  const config = readConfig({
    TELEPURSE_DATA: folder,
    DATABASE_URL: url,
    PORT: '0',
    SMSC_URL: 'smpp://u:p@127.0.0.1:1',
    CARRIER_URL: 'http://127.0.0.1:1',
    CARRIER_TOKEN: 'none',
    FIELD_KEY: Buffer.alloc(32).toString('base64'),
    ...more,
  })
  if (!config.ok) throw new Error(config.refusal.join())
  try {
    const server = await composeServer(config.value, { clock: systemClock, log })
    await server.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

describe.runIf(engines.includes('postgres'))('serve', () => {
  let files: ServerFiles
  beforeAll(async () => {
    files = await createServerFiles()
  })
  afterAll(() => files?.remove())

  test.each([
    ['fsync', 'fsync is off'],
    ['full_page_writes', 'full_page_writes is off'],
    ['synchronous_commit', 'synchronous_commit is off'],
  ])('refuses a server without %s', async (setting, complaint) => {
    const { url } = await files.start({ [setting]: 'off' })
    await expect(serveOn(url)).rejects.toThrow(complaint)
  })

  test.runIf(hasBinaries)('refuses a server without checksums, unless told otherwise', async () => {
    await files.stop()
    const checksums = (action: string) =>
      execFileSync(binary('pg_checksums'), [action, '-D', files.folder], { stdio: 'ignore' })
    checksums('--disable')
    const { url } = await files.start()
    await expect(serveOn(url)).rejects.toThrow('data checksums are off')
    await serveOn(url, { UNSAFE_DATABASE: 'yes' })
    await files.stop()
    checksums('--enable')
    await serveOn((await files.start()).url)
  })

  test('refuses a replica', async () => {
    await files.stop()
    const signal = join(files.folder, 'standby.signal')
    writeFileSync(signal, '')
    const { uid, gid } = statSync(files.folder)
    chownSync(signal, uid, gid)
    const { url } = await files.start()
    await expect(serveOn(url)).rejects.toThrow('this server is a replica')
  })
})
