import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lockDirectory } from './directory-lock.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

test.each([
  ['flock', () => lockDirectory(folder)],
  ['a socket, where flock is missing', () => lockDirectory(folder, () => 'no flock')],
])('a directory has one holder at a time, by %s', async (_, lock) => {
  for (let round = 0; round < 2; round += 1) {
    const held = await lock()
    await expect(lock()).rejects.toThrow(
      `the data directory ${folder} is in use by process ${process.pid}: stop it first`,
    )
    await held.release()
  }
})
