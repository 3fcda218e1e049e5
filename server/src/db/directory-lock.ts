/**
 * One process at a time in a directory. Two PGlite engines on the same files destroy them without an
 * error. The kernel holds the lock for an open file and drops it when the process ends in any way, so
 * nothing stale is left behind. Node cannot ask for such a lock itself: the `flock` program does it on
 * a descriptor we share with it. A listening socket is a second lock, for where one of the processes has
 * no such program.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface DirectoryLock {
  release(): Promise<void>
}

export class DirectoryInUse extends Error {
  override readonly name = 'DirectoryInUse'
}

/** Throws DirectoryInUse when another process, or another part of this one, holds the directory. */
export async function lockDirectory(
  folder: string,
  lock: typeof lockByFlock = lockByFlock,
): Promise<DirectoryLock> {
  const file = join(folder, 'lock')
  const descriptor = fs.openSync(file, 'a+')
  const answer = lock(descriptor)
  const taken = answer === 'held elsewhere' ? answer : await lockBySocket(folder)
  if (taken === 'held elsewhere') {
    fs.closeSync(descriptor)
    const holder = fs.readFileSync(file, 'utf8').trim()
    throw new DirectoryInUse(
      `the data directory ${folder} is in use by process ${holder || 'unknown'}: stop it first, or give this one another directory`,
    )
  }
  fs.ftruncateSync(descriptor)
  fs.writeSync(descriptor, `${process.pid}\n`)
  return {
    async release() {
      fs.closeSync(descriptor)
      await new Promise((resolve) => taken.close(resolve))
    },
  }
}

/** Code of `flock` for a lock that is held by someone else. */
const conflict = 1

/** The lock belongs to the open file, not to `flock`: it stays with us when that program ends. */
function lockByFlock(descriptor: number): 'held here' | 'held elsewhere' | 'no flock' {
  const { status, error } = spawnSync('flock', ['-n', '-x', '3'], {
    stdio: ['ignore', 'ignore', 'ignore', descriptor],
  })
  if (error) return 'no flock'
  return status === conflict ? 'held elsewhere' : status === 0 ? 'held here' : 'no flock'
}

async function lockBySocket(folder: string): Promise<Server | 'held elsewhere'> {
  const name = createHash('sha256').update(fs.realpathSync(folder)).digest('hex').slice(0, 24)
  // Linux and Windows drop these names with the process; elsewhere a file may be left behind.
  const path =
    process.platform === 'linux'
      ? `\0telepurse-${name}`
      : process.platform === 'win32'
        ? `\\\\.\\pipe\\telepurse-${name}`
        : join(tmpdir(), `telepurse-${name}`)
  const server = await listen(path)
  if (server) return server
  if (path.startsWith('\0') || (await answers(path))) return 'held elsewhere'
  fs.rmSync(path, { force: true })
  return (await listen(path)) ?? 'held elsewhere'
}

const listen = (path: string) =>
  new Promise<Server | undefined>((resolve) => {
    const server = createServer((socket) => socket.destroy())
    server.once('error', () => resolve(undefined))
    server.listen(path, () => resolve(server.unref()))
  })

const answers = (path: string) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(path)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
