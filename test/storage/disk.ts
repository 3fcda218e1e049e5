/** A small disk of its own, in memory: it can be filled, and given room again. Needs the right to mount. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly folder: string
  freeBytes(): number
  /** Writes until only so much is left. */
  fill(leaveBytes: number): void
  /** Takes away what filled it. */
  empty(): void
  unmount(): void
}

const mount = (...args: readonly string[]) => spawnSync('mount', args).status === 0
const unmount = (folder: string) => spawnSync('umount', ['-l', folder]).status === 0

export function canMount(): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-mount-'))
  const is = mount('-t', 'tmpfs', '-o', 'size=1m', 'telepurse-test', folder)
  if (is) unmount(folder)
  rmSync(folder, { recursive: true })
  return is
}

export function createSmallDisk(megabytes: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'telepurse-disk-'))
  if (!mount('-t', 'tmpfs', '-o', `size=${megabytes}m,mode=755`, 'telepurse-test', folder))
    throw new Error('a disk of its own cannot be mounted')
  const ballast = join(folder, 'ballast')
  const freeBytes = () => {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize
  }
  return {
    folder,
    freeBytes,
    fill(leaveBytes) {
      const file = openSync(ballast, 'a')
      const block = Buffer.alloc(64 * 1024)
      while (freeBytes() > leaveBytes) writeSync(file, block)
      closeSync(file)
    },
    empty: () => rmSync(ballast, { force: true }),
    unmount() {
      unmount(folder)
      rmSync(folder, { recursive: true })
    },
  }
}
