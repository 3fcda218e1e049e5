/** What can be said of the machine without a database: Node, the data directory, the disk. */
import {
  accessSync,
  closeSync,
  constants,
  fsyncSync,
  mkdirSync,
  openSync,
  rmSync,
  statfsSync,
  writeSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import { bad, type Finding, good, warning } from './finding.ts'

const nodeMin = { major: 20, minor: 20 }

export function checkNode(text: string = process.versions.node): Finding {
  const [major = 0, minor = 0] = text.split('.').map(Number)
  const enough = major > nodeMin.major || (major === nodeMin.major && minor >= nodeMin.minor)
  return enough
    ? good('node', text)
    : bad('node', text, `install Node ${nodeMin.major}.${nodeMin.minor} or later`)
}

const roomMin = 1_000_000_000

/** The directory can be written, has room, and its disk keeps what it is told to keep. */
export function checkDirectory(dataDir: string): Finding[] {
  const folder = resolve(dataDir)
  try {
    mkdirSync(folder, { recursive: true })
    accessSync(folder, constants.W_OK)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return [
      bad(
        'data directory',
        `${folder} cannot be written (${code})`,
        'set TELEPURSE_DATA, or chown',
      ),
    ]
  }
  const { bavail, bsize } = statfsSync(folder)
  const room = bavail * bsize
  const gigabytes = `${(room / 1e9).toFixed(1)} GB free in ${folder}`
  return [
    room < roomMin
      ? bad('data directory', gigabytes, 'free some space: a full disk stops the database')
      : good('data directory', gigabytes),
    checkSync(folder),
  ]
}

const syncs = 20
/** No disk without a battery-backed cache answers faster. */
const syncMinMs = 0.02

/** Writes and syncs a few blocks: a disk that answers at once may forget them in a power cut. */
function checkSync(folder: string): Finding {
  const file = join(folder, `sync-check-${process.pid}`)
  const descriptor = openSync(file, 'w')
  try {
    const block = Buffer.alloc(8_192, 1)
    const begun = process.hrtime.bigint()
    for (let i = 0; i < syncs; i += 1) {
      writeSync(descriptor, block, 0, block.length, i * block.length)
      fsyncSync(descriptor)
    }
    const each = Number(process.hrtime.bigint() - begun) / 1e6 / syncs
    const says = `a write reaches it in ${each.toFixed(2)} ms`
    return each < syncMinMs
      ? warning('disk', says, 'that is memory speed: fine for tests, not for money')
      : good('disk', says)
  } finally {
    closeSync(descriptor)
    rmSync(file)
  }
}
