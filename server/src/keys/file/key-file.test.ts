/** Whatever happens to the file, it gives the right keys or none, and says why in one line. */
import fs from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockDirectory } from '../../db/directory-lock.ts'
import { createIds, manualClock, Secret, SecretBytes } from '../../kernel/index.ts'
import { checkValueOf } from '../check-value.ts'
import { createKeyStore } from '../create-key-store.ts'
import { type KeyFileOptions, openKeyFile } from './file-module.ts'
import { KeyFileRefused } from './key-file.ts'

const ids = createIds()
const clock = manualClock(Date.UTC(2026, 10, 27, 4))
const card = { name: 'card:pan', use: 'card-data', algorithm: 'aes-256' } as const
const secret = new Secret('a master secret for tests, 32 characters or more')
let folder: string
let path: string

beforeEach(() => {
  folder = fs.mkdtempSync(join(tmpdir(), 'telepurse-key-file-'))
  path = join(folder, 'keys')
})
afterEach(() => fs.rmSync(folder, { recursive: true }))

const open = (options: Partial<KeyFileOptions> = {}) =>
  createKeyStore(
    openKeyFile({ folder, ids, cost: 16, master: { from: 'field-key', secret }, ...options }),
    { clock, ids },
  )

const seal = (keys: ReturnType<typeof open>) =>
  keys.seal(card.name, new SecretBytes(Buffer.from('data')), '')

/** A file with two keys, one of them rotated, and something sealed. */
async function filled(): Promise<{ readonly text: string; readonly sealed: string }> {
  const keys = open()
  await keys.generate(card)
  const sealed = seal(keys)
  await keys.rotate(card.name)
  await keys.generate({ name: 'card:lookup', use: 'lookup', algorithm: 'hmac-256' })
  return { text: fs.readFileSync(path, 'utf8'), sealed }
}

const lineOf = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    expect(error).toBeInstanceOf(KeyFileRefused)
    return (error as Error).message
  }
  return 'taken'
}

test('only its owner reads the file, and no draft stays beside it', async () => {
  await filled()
  expect(fs.statSync(path).mode & 0o777).toBe(0o600)
  expect(fs.readdirSync(folder).toSorted()).toEqual(['keys', 'lock'])
})

test('wherever the file is cut, it is refused', async () => {
  const { text } = await filled()
  for (let end = 0; end < text.length; end += 1) {
    fs.writeFileSync(path, text.slice(0, end))
    expect(lineOf(() => open().list())).toMatch(/is cut short|was edited|does not begin/)
  }
})

test('a bit that is flipped anywhere is found', async () => {
  const { text } = await filled()
  const bytes = Buffer.from(text)
  fc.assert(
    fc.property(fc.nat(bytes.length - 1), fc.nat(7), (at, bit) => {
      const changed = Buffer.from(bytes)
      changed[at] = (changed[at] ?? 0) ^ (1 << bit)
      fs.writeFileSync(path, changed)
      expect(lineOf(() => open().list())).not.toBe('taken')
    }),
    { numRuns: 400 },
  )
})

test.each<[string, (lines: string[], older: string[]) => string[], string]>([
  ['an older line in place of a newer', (now, older) => now.with(1, older[1] ?? ''), 'was edited'],
  ['a line left out', (now) => now.toSpliced(2, 1), 'was edited'],
  ['a line twice', (now) => now.toSpliced(2, 0, now[2] ?? ''), 'was edited'],
  [
    'two lines that changed places',
    ([a = '', b = '', c = '', ...rest]) => [a, c, b, ...rest],
    'was edited',
  ],
  ['the tag of an older file', (now, older) => now.with(-2, older.at(-2) ?? ''), 'was edited'],
  [
    'a later revision',
    (now) => now.with(0, now[0]?.replace('"revision":3', '"revision":4') ?? ''),
    'was edited',
  ],
  [
    'a newer form',
    (now) => now.with(0, now[0]?.replace('"version":1', '"version":2') ?? ''),
    'was written by a newer program',
  ],
  ['no tag', (now) => now.toSpliced(-2, 1), 'is cut short'],
  ['something else', () => ['hello', 'world', ''], 'does not begin like'],
])('%s is refused', async (_, change, why) => {
  const keys = open()
  await keys.generate(card)
  const older = fs.readFileSync(path, 'utf8').split('\n')
  await keys.rotate(card.name)
  await keys.generate({ name: 'card:lookup', use: 'lookup', algorithm: 'hmac-256' })
  const changed = change(fs.readFileSync(path, 'utf8').split('\n'), older)
  expect(changed.join('\n')).not.toBe(fs.readFileSync(path, 'utf8'))
  fs.writeFileSync(path, changed.join('\n'))
  const line = lineOf(() => open().list())
  expect(line).toContain(`the key file ${path} ${why}`)
  expect(line).not.toContain('\n')
  // Nothing is written over a file that is not understood.
  await expect(open().rotate(card.name)).rejects.toThrow(KeyFileRefused)
})

test.each<[string, Partial<KeyFileOptions>]>([
  ['another field key', { master: { from: 'field-key', secret: new Secret('another secret') } }],
  ['a passphrase that reads the same', { master: { from: 'passphrase', secret } }],
])('under %s the file is refused, and says so', async (_, options) => {
  const { text } = await filled()
  expect(lineOf(() => open(options).list())).toContain('another master key')
  await expect(open(options).rotate(card.name)).rejects.toThrow('another master key')
  expect(fs.readFileSync(path, 'utf8')).toBe(text)
})

test('a wrong passphrase is refused, and the right one is not', async () => {
  const master = { from: 'passphrase', secret } as const
  const keys = open({ master })
  await keys.generate(card)
  const sealed = seal(keys)
  expect(open({ master }).open(card.name, sealed, '').length).toBe(4)
  const wrong = { from: 'passphrase', secret: new Secret('a wrong one') } as const
  expect(lineOf(() => open({ master: wrong }).list())).toContain('another master key')
})

test('a crash between writing and moving leaves the old file, and the next change works', async () => {
  const { text, sealed } = await filled()
  const crashing = open({
    beforeMove: () => {
      throw new Error('the machine stops here')
    },
  })
  await expect(crashing.rotate(card.name)).rejects.toThrow('stops here')
  expect(fs.readFileSync(path, 'utf8')).toBe(text)
  expect(fs.existsSync(`${path}.draft`)).toBe(true)
  const keys = open()
  expect(await keys.rotate(card.name)).toMatchObject({ value: { version: 3 } })
  expect(keys.open(card.name, sealed, '').length).toBe(4)
  expect(fs.existsSync(`${path}.draft`)).toBe(false)
})

test('half a draft of a crashed process is never taken for keys', async () => {
  const { text } = await filled()
  fs.writeFileSync(`${path}.draft`, text.slice(0, 100))
  const keys = open()
  expect(keys.list()).toHaveLength(3)
  await keys.rotate(card.name)
  expect(open().list()).toHaveLength(4)
})

test('a running process does not go back to an older file; one that is started takes it', async () => {
  const { text } = await filled()
  const keys = open()
  await keys.rotate(card.name)
  fs.writeFileSync(path, text)
  expect(lineOf(() => keys.list())).toContain('went back from change 4 to 3')
  expect(open().list()).toHaveLength(3)
  fs.rmSync(path)
  expect(lineOf(() => keys.list())).toContain('is gone')
  expect(open().list()).toEqual([])
})

test('a change waits for the one before it, and gives up with the name of who holds the lock', async () => {
  const { text } = await filled()
  const lock = await lockDirectory(folder)
  const late = open().rotate(card.name)
  setTimeout(() => void lock.release(), 300)
  expect(await late).toMatchObject({ ok: true })
  const again = await lockDirectory(folder)
  await expect(open({ lockWaitMs: 100 }).rotate(card.name)).rejects.toThrow(
    `in use by process ${process.pid}`,
  )
  await again.release()
  expect(fs.readFileSync(path, 'utf8')).not.toBe(text)
})

test('neither the file, nor a message, nor what is printed holds octets of a key', async () => {
  const canary = Buffer.from('canary key octets, 32 in number!')
  const halves = [Buffer.alloc(32, 0x5a), canary.map((octet) => octet ^ 0x5a)]
  const keys = open()
  const put = await keys.importComponents(
    card,
    halves.map((clear) => ({
      checkValue: checkValueOf('aes-256', clear),
      octets: new SecretBytes(Uint8Array.from(clear)),
    })),
    checkValueOf('aes-256', canary),
  )
  const opened = keys.open(card.name, seal(keys), '')
  const refusals = [
    lineOf(() => open({ master: { from: 'passphrase', secret } }).list()),
    String(opened),
    JSON.stringify({ opened, keys: keys.list() }),
  ]
  const shown = [fs.readFileSync(path, 'latin1'), inspect(put), inspect(keys.list()), ...refusals]
  for (const text of [...shown, inspect(opened)])
    for (const form of [canary, ...halves])
      for (const coding of ['latin1', 'hex', 'base64', 'base64url'] as const)
        expect(text).not.toContain(form.toString(coding).slice(0, 20))
  expect(inspect(opened)).toBe('••••')
})
