import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from '../../config/index.ts'
import { checkDatabase } from './database.ts'
import { lineOf } from './finding.ts'
import { checkLinks } from './links.ts'
import { checkDirectory, checkNode } from './machine.ts'

const folder = mkdtempSync(join(tmpdir(), 'telepurse-doctor-'))
afterAll(() => rmSync(folder, { recursive: true }))

function config(environment: Readonly<Record<string, string>>) {
  const read = readConfig({ TELEPURSE_DATA: join(folder, 'data'), ...environment })
  if (!read.ok) throw new Error(read.refusal.join('\n'))
  return read.value
}

test.each([
  ['18.20.8', 'bad'],
  ['20.19.9', 'bad'],
  ['20.20.0', 'good'],
  ['22.1.0', 'good'],
  ['24.0.0', 'good'],
])('Node %s is %s', (version, state) => {
  expect(checkNode(version).state).toBe(state)
})

test('a directory is tried out, and left as it was', () => {
  const findings = checkDirectory(folder)
  expect(findings.map(({ what }) => what)).toEqual(['data directory', 'disk'])
  expect(readdirSync(folder)).toEqual([])
})

test('a directory that cannot be made is named, with what to do', () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  const [finding] = checkDirectory(join(file, 'data'))
  expect(finding).toMatchObject({ state: 'bad', says: expect.stringContaining(file) })
  expect(finding && lineOf(finding)).toContain('→ set TELEPURSE_DATA')
})

test('a link that listens is good, one that does not is bad', async () => {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const environment = {
    SMSC_URL: `smpp://u:p@127.0.0.1:${port}`,
    CARRIER_URL: `http://127.0.0.1:${port}/charging`,
    CARRIER_TOKEN: 't',
  }
  expect((await checkLinks(config(environment))).map(({ state }) => state)).toEqual([
    'good',
    'good',
  ])
  await new Promise((resolve) => server.close(resolve))
  expect((await checkLinks(config(environment))).map(({ says }) => says)).toEqual([
    `127.0.0.1:${port}: ECONNREFUSED`,
    `127.0.0.1:${port}: ECONNREFUSED`,
  ])
})

test('a fresh embedded database is safe and lacks its tables', async () => {
  const findings = await checkDatabase(config({}))
  expect(findings.map(({ what, state }) => `${what} ${state}`)).toEqual([
    'database good',
    'durability good',
    'tables warning',
  ])
})

test('a database that is away is one bad line, without a stack', async () => {
  const findings = await checkDatabase(
    config({ DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/x' }),
  )
  expect(findings).toEqual([expect.objectContaining({ what: 'database', state: 'bad' })])
  expect(JSON.stringify(findings)).not.toContain('secret')
})
