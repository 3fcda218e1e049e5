/**
 * Room on the disks the database writes to. Below a minimum nothing new is begun, so that what has begun
 * can still be finished: a full disk stops a database in the middle of things. Looking is cheap and
 * done now and then; between two looks the last one counts.
 */
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { DiskLow } from './errors.ts'
import type { Log } from './log.ts'
import type { Database } from './tx.ts'

export interface DiskRoom {
  /** Throws DiskLow when there is too little. */
  require(): void
  /** `freeBytes` is of the fullest disk, null where none can be seen. */
  state(): { readonly freeBytes: number | null; readonly low: boolean }
  stop(): void
}

export interface DiskRoomOptions {
  readonly folders: readonly string[]
  readonly minBytes: number
  readonly log: Log
  readonly pollMs?: number
  readonly freeIn?: (folder: string) => Promise<number>
}

export async function watchDiskRoom(options: DiskRoomOptions): Promise<DiskRoom> {
  const { folders, minBytes, log, pollMs = 5_000, freeIn = freeBytesIn } = options
  let freeBytes: number | null = null
  const isLow = () => freeBytes !== null && freeBytes < minBytes

  const look = async () => {
    const was = isLow()
    const found = await Promise.all(folders.map(freeIn)).catch((error: unknown) => {
      log.warn({ err: error }, 'the room on the disk cannot be seen')
      return []
    })
    freeBytes = found.length > 0 ? Math.min(...found) : null
    if (isLow() && !was) log.error({ freeBytes, minBytes }, 'the disk is nearly full: orders wait')
    if (was && !isLow()) log.info({ freeBytes }, 'the disk has room again')
  }
  await look()
  const timer = setInterval(() => void look(), pollMs).unref()
  return {
    require() {
      if (isLow()) throw new DiskLow(`${freeBytes} bytes are free, ${minBytes} are needed`)
    },
    state: () => ({ freeBytes, low: isLow() }),
    stop: () => clearInterval(timer),
  }
}

async function freeBytesIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}

const statement = {
  name: 'db.place',
  text: `select coalesce(host(inet_server_addr()), 'socket') as address,
    (select setting from pg_settings where name = 'data_directory') as folder`,
}

/**
 * Where a PostgreSQL of this machine keeps its files, as far as it tells: the folder is shown to a role
 * with `pg_read_all_settings` only. Of another machine nothing can be seen from here.
 */
export async function databaseFolders(db: Database): Promise<string[]> {
  const [row] = await db.query<{ address: string; folder: string | null }>(statement)
  if (!row?.folder || !['socket', '127.0.0.1', '::1'].includes(row.address)) return []
  return existsSync(row.folder) ? [row.folder] : []
}
