/**
 * PGlite's files with real fsync. As shipped it never calls it: its file system layer has no fsync, so
 * a power cut can lose money that was acknowledged. The hook is set before the engine starts, because
 * recovery after a crash ends with a checkpoint that must be on the disk too. PostgreSQL must also be
 * told to sync at all (`durableStart`), and by fsync: the layer answers fdatasync without doing it.
 * The place of the hook belongs to the pinned version of PGlite; a test counts the system calls.
 */
import fs from 'node:fs'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

/** PGlite's start parameters without `-F` (no fsync). */
export const durableStart: string[] = [
  ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
  ...['-c', 'wal_sync_method=fsync'],
]

/** WASI's number for an input/output error: PostgreSQL panics on it, as it should. */
const inputOutputError = 29

type Init = NodeFS['init']
type Options = Parameters<Init>[1]
type Module = Parameters<NonNullable<Options['preRun']>[number]>[0]

/** What the layer keeps of an open file or directory. */
interface Stream {
  readonly nfd: number
}

export class DurableFiles extends NodeFS {
  override async init(...[pg, options]: Parameters<Init>): ReturnType<Init> {
    const { emscriptenOpts } = await super.init(pg, options)
    return {
      emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), hook] },
    }
  }
}

function hook(module: Module): void {
  const layer = module.NODEFS as unknown as { readonly stream_ops: Record<string, unknown> }
  layer.stream_ops.fsync = ({ nfd }: Stream) => {
    try {
      fs.fdatasyncSync(nfd)
      return 0
    } catch {
      return inputOutputError
    }
  }
}

/** Makes a whole directory durable: a new database is copied into place without any fsync. */
export function syncTree(folder: string): void {
  for (const entry of fs.readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) syncTree(path)
    else if (entry.isFile()) syncPath(path)
  }
  syncPath(folder)
}

export function syncPath(path: string): void {
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}
