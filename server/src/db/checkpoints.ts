/**
 * Checkpoints for PGlite, which has no background process and never makes one: its log of changes
 * would grow for ever, and so would the time to start after a crash.
 */
import type { Log } from './log.ts'
import type { Reader } from './tx.ts'

export interface CheckpointPolicy {
  /** How often to look. */
  readonly pollMs: number
  /** A checkpoint after this many looks when anything was written, */
  readonly polls: number
  /** or at once after this many bytes of log. */
  readonly logBytes: bigint
}

export const checkpointPolicy: CheckpointPolicy = {
  pollMs: 5_000,
  polls: 12,
  logBytes: 64n * 1024n * 1024n,
}

export interface Checkpoints {
  /** Waits for one that is being made. Closing the engine makes the last one by itself. */
  stop(): Promise<void>
}

export function startCheckpoints(
  reader: Reader,
  log: Log,
  policy: CheckpointPolicy = checkpointPolicy,
): Checkpoints {
  let since = -1n
  let polls = 0
  let running: Promise<void> = Promise.resolve()

  const position = async () => {
    const [row] = await reader.query<{ at: bigint }>(
      `select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::int8 as at`,
    )
    return row?.at ?? 0n
  }
  const checkpoint = async () => {
    await reader.query('checkpoint')
    since = await position()
    polls = 0
  }
  const look = async () => {
    polls += 1
    const written = since < 0n ? policy.logBytes : (await position()) - since
    if (written >= policy.logBytes || (written > 0n && polls >= policy.polls)) await checkpoint()
  }
  let busy = false
  const timer = setInterval(() => {
    if (busy) return
    busy = true
    running = look()
      .catch((error: unknown) => log.warn({ err: error }, 'a checkpoint failed'))
      .finally(() => {
        busy = false
      })
  }, policy.pollMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
