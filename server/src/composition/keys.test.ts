/** What is set up wrongly is said in one line, at the start, and without the secret. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { type Config, readConfig } from '../config/index.ts'
import { createIds, manualClock, Secret } from '../kernel/index.ts'
import { KeyStoreRefused } from '../keys/index.ts'
import { openKeys } from './keys.ts'

const folder = mkdtempSync(join(tmpdir(), 'telepurse-open-keys-'))
afterAll(() => rmSync(folder, { recursive: true }))

const tools = {
  fieldKey: new Secret('a field key for tests, 32 characters or more'),
  clock: manualClock(0),
  ids: createIds(),
}

function configOf(environment: Record<string, string>): Config {
  const read = readConfig({ TELEPURSE_DATA: folder, ...environment })
  if (!read.ok) throw new Error(read.refusal.join())
  return read.value
}

function file(name: string, text: string, mode: number): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  chmodSync(path, mode)
  return path
}

const card = { name: 'card:pan', use: 'card-data', algorithm: 'aes-256' } as const

test('without settings keys are in the data directory, under FIELD_KEY', async () => {
  const keys = openKeys(configOf({}), tools)
  expect(keys.list()).toEqual([])
  expect(await keys.generate(card)).toMatchObject({ ok: true })
  expect(openKeys(configOf({ KEY_FOLDER: join(folder, 'keys') }), tools).list()).toHaveLength(1)
  const other = { ...tools, fieldKey: new Secret('another field key, 32 characters or more') }
  expect(() => openKeys(configOf({}), other).list()).toThrow('another master key')
})

test('a passphrase takes the place of FIELD_KEY', async () => {
  const environment = {
    KEY_FOLDER: join(folder, 'phrase'),
    KEY_PASSPHRASE_FILE: file('phrase.txt', 'correct horse battery\n', 0o600),
  }
  await openKeys(configOf(environment), tools).generate(card)
  const other = { ...tools, fieldKey: new Secret('another field key, 32 characters or more') }
  expect(openKeys(configOf(environment), other).list()).toHaveLength(1)
})

test.each<[string, () => Record<string, string>, string]>([
  ['a file that is not there', () => ({ KEY_PASSPHRASE_FILE: join(folder, 'none') }), 'not there'],
  [
    'a passphrase that others can read',
    () => ({ KEY_PASSPHRASE_FILE: file('open.txt', 'canary phrase', 0o640) }),
    'chmod 600',
  ],
  ['an empty file', () => ({ KEY_PASSPHRASE_FILE: file('empty.txt', '\n', 0o600) }), 'is empty'],
  ['a token without settings', () => ({ KEY_STORE: 'pkcs11' }), 'needs PKCS11_MODULE'],
  [
    'a token whose PIN others can read',
    () => ({
      KEY_STORE: 'pkcs11',
      PKCS11_MODULE: '/nowhere.so',
      PKCS11_TOKEN: 'wallet',
      PKCS11_PIN_FILE: file('pin', 'canary phrase', 0o644),
    }),
    'chmod 600',
  ],
])('%s is refused', (_, environment, line) => {
  let said = ''
  try {
    openKeys(configOf(environment()), tools)
  } catch (error) {
    expect(error).toBeInstanceOf(KeyStoreRefused)
    said = String((error as Error).message)
  }
  expect(said).toContain(line)
  expect(said).not.toMatch(/canary|\n/)
})
