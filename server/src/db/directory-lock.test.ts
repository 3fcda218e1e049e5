import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startChild } from '../../../test/child.ts'
import { DirectoryInUse, lockDirectory } from './directory-lock.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** A process whose path leads nowhere finds no `flock`. */
const withoutFlock = ['env', 'PATH=/nowhere']

test.each([
  ['none has flock', withoutFlock, () => 'no flock' as const],
  ['one has flock', withoutFlock, undefined],
  ['the other has flock', [], () => 'no flock' as const],
])('two processes on one directory: the second refuses, where %s', async (_, before, lock) => {
  const child = startChild('lock-holder.ts', [folder], before)
  await child.printed(1)
  await expect(lockDirectory(folder, lock)).rejects.toBeInstanceOf(DirectoryInUse)
  await child.kill()
  await (await lockDirectory(folder, lock)).release()
})

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
