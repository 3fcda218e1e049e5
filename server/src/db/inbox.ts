/**
 * What this process has written and handed to its own worker, claimed from birth. Only as much as will
 * soon be done: the rest waits in the table, where any process finds it, and so does everything while
 * older jobs wait there.
 */
import type { Clock } from '../kernel/index.ts'
import type { Job } from './job.ts'
import type { Taker } from './takers.ts'

export interface InboxOptions {
  readonly clock: Clock
  readonly leaseMs: number
  /** How much may wait here; a transaction under way may bring as many again as it has. */
  readonly room: number
  /** At least this often the table is searched too: there are timers, and jobs of others. */
  readonly pollMs: number
  readonly batch: number
  readonly isReady?: () => boolean
  readonly onTaken: () => void
}

export interface Inbox extends Taker {
  /** The next batch; empty when nothing was handed over, or when it is time to search the table. */
  next(): readonly Job[]
  /** What has waited so long that its lease may end before it is done, taken out. */
  late(): readonly Job[]
  /** The table was searched, and there may be more there. */
  searched(isBehind: boolean): void
  isEmpty(): boolean
  /** All that is left, taken out. */
  rest(): readonly Job[]
}

export function createInbox(options: InboxOptions): Inbox {
  const { clock, leaseMs, room, pollMs, batch, onTaken } = options
  let waiting: Job[] = []
  let searchAt = clock.now()
  let isBehind = true

  /** A clock set back must not keep the table from being searched. */
  const isTimeToSearch = (now: number) => now >= searchAt || now < searchAt - pollMs

  return {
    claim({ bucket, topic, subject, dueAt, payload }) {
      const now = clock.now()
      if (dueAt > now || isBehind || waiting.length >= room) return undefined
      if (options.isReady?.() === false) return undefined
      return { bucket, topic, subject, dueAt: now + leaseMs, attempts: 1, payload }
    },
    take(jobs) {
      waiting.push(...jobs)
      onTaken()
    },
    next() {
      const now = clock.now()
      if (isTimeToSearch(now)) {
        searchAt = now + pollMs
        return []
      }
      return waiting.splice(0, batch)
    },
    late() {
      const now = clock.now()
      const isLate = (job: Job) => job.dueAt - now <= leaseMs / 2
      // They came in order, so that a look at the first is enough.
      if (!waiting[0] || !isLate(waiting[0])) return []
      const late = waiting.filter(isLate)
      waiting = waiting.filter((job) => !isLate(job))
      return late
    },
    searched(more) {
      isBehind = more
    },
    isEmpty: () => waiting.length === 0,
    rest() {
      const left = waiting
      waiting = []
      return left
    },
  }
}
