/** What is fetched is whole, whoever writes it, and nothing else is left behind. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeWhole } from './whole-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'telepurse-whole-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a file that many write at once is always one of theirs, whole', async () => {
  const size = 200_000
  const versions = [1, 2, 3, 4, 5, 6].map((n) => new Uint8Array(size).fill(n))
  await writeWhole(folder, { name: 'a.txt', bytes: versions[0] ?? new Uint8Array() })
  let isOver = false
  const writing = Promise.all(
    versions.map(async (bytes) => {
      for (let n = 0; n < 5; n += 1) await writeWhole(folder, { name: 'a.txt', bytes })
    }),
  ).finally(() => {
    isOver = true
  })
  const kinds = new Set<string>()
  while (!isOver) {
    const bytes = readFileSync(join(folder, 'a.txt'))
    kinds.add(`${bytes.length} octets of ${[...new Set(bytes)].join()}`)
    await new Promise(setImmediate)
  }
  await writing
  for (const kind of kinds) expect(kind).toMatch(/^200000 octets of [1-6]$/)
  expect(readdirSync(folder)).toEqual(['a.txt'])
})

test('nothing is left of a file that could not be put in its place', async () => {
  const wrong = { name: 'no/such/folder.txt', bytes: new Uint8Array(3) }
  await expect(writeWhole(folder, wrong)).rejects.toThrow('ENOENT')
  expect(readdirSync(folder)).toEqual(['a.txt'])
})
