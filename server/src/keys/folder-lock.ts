/** One change of keys at a time over all processes of a machine; the next one waits a moment for it. */
import { mkdirSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { DirectoryInUse, lockDirectory } from '../db/directory-lock.ts'

const waitMs = 5_000
const stepMs = 50

/** Throws `DirectoryInUse`, which names the other process, when that takes longer. */
export async function whileLocked<Value>(
  folder: string,
  work: () => Value,
  patienceMs = waitMs,
): Promise<Value> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lock = await patiently(folder, patienceMs)
  try {
    return work()
  } finally {
    await lock.release()
  }
}

async function patiently(folder: string, patienceMs: number) {
  for (let waitedMs = 0; ; waitedMs += stepMs) {
    try {
      return await lockDirectory(folder)
    } catch (error) {
      if (!(error instanceof DirectoryInUse) || waitedMs >= patienceMs) throw error
      await sleep(stepMs)
    }
  }
}
