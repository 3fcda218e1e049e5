import { setTimeout as sleep } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { bothEngines, testDatabase } from '../../../test/database.ts'
import { databaseFolders, watchDiskRoom } from './disk-room.ts'
import { DiskLow, isOutage } from './index.ts'

const lines: string[] = []
const note = (_: unknown, text: string) => void lines.push(text)
const log = { info: note, warn: note, error: note }

async function watch(free: Record<string, number>, minBytes = 100) {
  lines.length = 0
  const folders = Object.keys(free)
  const freeIn = async (folder: string) => {
    const bytes = free[folder] ?? 0
    if (bytes < 0) throw new Error('no such folder')
    return bytes
  }
  const room = await watchDiskRoom({ folders, minBytes, log, pollMs: 5, freeIn })
  onTestFinished(room.stop)
  return room
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(1)
}

test('the fullest disk counts, and it comes back by itself', async () => {
  const free = { data: 1_000, log: 99 }
  const room = await watch(free)
  expect(room.state()).toEqual({ freeBytes: 99, low: true })
  expect(room.require).toThrow(DiskLow)
  free.log = 100
  await until(() => !room.state().low)
  expect(room.require).not.toThrow()
  expect(lines).toEqual(['the disk is nearly full: orders wait', 'the disk has room again'])
})

test('what cannot be seen stops nobody', async () => {
  const room = await watch({ data: -1 })
  expect(room.state()).toEqual({ freeBytes: null, low: false })
  expect(room.require).not.toThrow()
  expect(lines).toContain('the room on the disk cannot be seen')
  expect((await watch({})).state()).toEqual({ freeBytes: null, low: false })
})

test('a full disk is an outage and no answer about a purchase', () => {
  expect(isOutage(new DiskLow('99 bytes are free'))).toBe(true)
})

test.runIf(bothEngines.includes('postgres'))(
  'a server on this machine tells its folder',
  async () => {
    const { db, close } = await testDatabase({ engine: 'postgres', migrations: null })
    const [row] = await db.query<{ folder: string }>(
      `select current_setting('data_directory') as folder`,
    )
    expect(await databaseFolders(db)).toEqual([row?.folder])
    await close()
  },
)
