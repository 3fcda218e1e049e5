import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKeys } from '../../composition/keys.ts'
import { readConfig } from '../../config/index.ts'
import { createIds, Secret, systemClock } from '../../kernel/index.ts'
import { checkKeys } from './keys.ts'

test('the doctor says how many keys there are, and what keeps them from being used', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-doctor-keys-'))
  const fieldKey = Buffer.alloc(32, 7).toString('base64')
  const found = (more: Record<string, string> = { FIELD_KEY: fieldKey }) => {
    const read = readConfig({ TELEPURSE_DATA: folder, ...more })
    if (!read.ok) throw new Error(read.refusal.join())
    return checkKeys(read.value)
  }
  expect(found({})).toEqual([])
  expect(found()).toMatchObject([{ state: 'good', says: 'none in the file' }])
  const read = readConfig({ TELEPURSE_DATA: folder })
  if (!read.ok) throw new Error(read.refusal.join())
  const tools = { fieldKey: new Secret(fieldKey), clock: systemClock, ids: createIds() }
  await openKeys(read.value, tools).generate({
    ...{ name: 'card:pan', use: 'card-data', algorithm: 'aes-256' },
  })
  expect(found()).toMatchObject([{ state: 'good', says: '1 in the file' }])
  writeFileSync(join(folder, 'keys', 'keys'), 'half a fi')
  expect(found()).toMatchObject([{ state: 'bad', says: expect.stringContaining('is cut short') }])
  expect(found({ FIELD_KEY: fieldKey, KEY_STORE: 'pkcs11' })).toMatchObject([
    { state: 'bad', says: expect.stringContaining('PKCS11_MODULE') },
  ])
  rmSync(folder, { recursive: true })
})
