/** A PostgreSQL of its own whose files outlive it: stopped, spoiled, and started again. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type PostgresServer, startPostgres } from '../postgres.ts'

export interface ServerFiles {
  readonly folder: string
  start(settings?: Readonly<Record<string, string>>): Promise<PostgresServer>
  /** Shuts it down cleanly: a crash would repair pages from the log. */
  stop(): Promise<void>
  remove(): Promise<void>
}

export async function createServerFiles(): Promise<ServerFiles> {
  let server: PostgresServer | undefined = await startPostgres({ fsync: true })
  const folder = server.dataDir
  const stop = async () => {
    if (!server) return
    process.kill(server.pid, 'SIGINT')
    while (existsSync(join(folder, 'postmaster.pid'))) await sleep(20)
    await server.kill()
    server = undefined
  }
  return {
    folder,
    stop,
    async start(settings = {}) {
      await stop()
      server = await startPostgres({ fsync: true, dataDir: folder, settings })
      return server
    },
    async remove() {
      await server?.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** Changes one bit of a file where these bytes are. */
export function flipBit(file: string, where: Buffer): void {
  const bytes = readFileSync(file)
  const at = bytes.indexOf(where)
  if (at < 0) throw new Error(`${file} does not hold what is to be spoiled`)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  writeFileSync(file, bytes)
}
