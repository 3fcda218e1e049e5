/**
 * The engine below webhooks and notices. The handler only starts sends and answers at once, so that a
 * slow receiver holds up no batch; an errand ends its job in a transaction of its own. Each receiver
 * has a lane. A process that dies in between sends again when the lease ends.
 */
import {
  createWorker,
  type Database,
  type Job,
  type JobOutcome,
  type Worker,
} from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { createLanes } from './lanes.ts'

export interface Errand {
  /** Who is sent to: errands of one receiver share its lane. */
  readonly receiver: string
  /** It may not run before something else is done: when to look again; null when it may. */
  readonly blockedUntil: number | null
  /** Answers whether the receiver took it. Ends or re-arms the job itself. */
  run(job: Job): Promise<boolean>
}

export interface SenderOptions {
  readonly db: Database
  readonly clock: Clock
  readonly topic: string
  /** The errands of the jobs, by subject. A job without one is finished. */
  readonly load: (jobs: readonly Job[]) => Promise<ReadonlyMap<string, Errand>>
  readonly onError: (error: unknown) => void
  readonly pollMs?: number
}

/** Longer than an errand waits in its lane and a send takes. */
const leaseMs = 60_000
/** An errand begun with less of its lease left could be begun elsewhere too. */
const leaseLeftMinMs = 20_000
const batchMax = 200

export function createSender(options: SenderOptions): Worker {
  const { db, clock, topic, load, onError, pollMs } = options
  const lanes = createLanes()
  const underWay = new Set<string>()
  let stopping = false

  async function run(job: Job, errand: Errand): Promise<boolean> {
    try {
      // Not begun, the job comes back by itself when its lease ends, here or elsewhere.
      const tooLate = clock.now() + leaseLeftMinMs > job.dueAt
      return stopping || tooLate || (await errand.run(job))
    } catch (error) {
      onError(error)
      return false
    } finally {
      underWay.delete(job.subject)
    }
  }

  function start(job: Job, errand: Errand): JobOutcome {
    const now = clock.now()
    if (errand.blockedUntil !== null)
      return { kind: 'again', dueAt: Math.max(now, errand.blockedUntil) }
    // The lease ended while it was under way: that run will finish it.
    if (underWay.has(job.subject)) return { kind: 'again', dueAt: now + leaseMs }
    underWay.add(job.subject)
    const comeAgainMs = lanes.enter(errand.receiver, () => run(job, errand))
    if (comeAgainMs === 0) return { kind: 'settled' }
    underWay.delete(job.subject)
    return { kind: 'again', dueAt: now + Math.ceil(comeAgainMs) }
  }

  const worker = createWorker({
    db,
    clock,
    topic,
    async handler(jobs) {
      const errands = await load(jobs)
      return jobs.map((job) => {
        const errand = errands.get(job.subject)
        return errand ? start(job, errand) : { kind: 'done' }
      })
    },
    onError,
    batch: batchMax,
    leaseMs,
    ...(pollMs !== undefined && { pollMs }),
  })
  return {
    kick: worker.kick,
    step: worker.step,
    async stop() {
      stopping = true
      await worker.stop()
      await lanes.idle()
    },
  }
}
