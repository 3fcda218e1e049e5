/** The workers of bills: they go to the biller for what is due, remind, and compare its days. */
import { createWorker, eachJob, type Job, type JobOutcome, type Worker } from '../db/index.ts'
import { compareDay } from './day.ts'
import type { Lane } from './lane.ts'
import { remind } from './reminder.ts'
import { tables } from './store.ts'
import { type Timer, topics } from './topics.ts'
import { tripFor } from './trip.ts'

/** Longer than the longest trip: two at once would do no harm, for the biller knows the payment by its id. */
const leaseMs = 120_000
/** A batch waits for its slowest trip; while one biller is slow, other lanes serve the rest. */
const lanes = { batch: 32, concurrency: 4 }

export function createWorkers(lane: Lane, running: boolean): Worker[] {
  const { db, clock, log, billers } = lane
  const worker = (topic: string, handle: (job: Job) => Promise<JobOutcome>) => {
    const onError = (error: unknown) => log.error({ err: error, topic }, 'work on bills failed')
    const handler = eachJob({ clock, handle, onError })
    const concurrency = running ? lanes.concurrency : 0
    return createWorker({
      ...{ db, clock, topic, leaseMs, onError, handler, batch: lanes.batch, concurrency },
    })
  }
  return [
    worker(topics.bill, async ({ subject: billId, payload, attempts: attempt }) => {
      const [bill] = await tables.bill.byIds(db, [billId])
      if (!bill) return { kind: 'done' }
      const named = { ...(payload as Timer), billId }
      if (bill.state === 'inquired') {
        await lane.run({ kind: 'lapse', ...named })
        return { kind: 'settled' }
      }
      const outcome = await tripFor(billers.get(bill.biller), bill, clock.now())
      if (outcome === null) return { kind: 'done' }
      if ('detail' in outcome)
        log.warn({ bill: billId, biller: bill.biller, why: outcome.detail }, 'a biller is silent')
      const answer = await lane.run({ kind: 'answered', ...named, outcome, attempt })
      if (answer?.isContradiction)
        log.error({ bill: billId, outcome: outcome.kind }, 'a biller contradicts itself')
      const dueAt = answer?.askAgainAt ?? null
      return dueAt === null ? { kind: 'settled' } : { kind: 'again', dueAt }
    }),
    worker(topics.reminder, (job) => remind(lane, job)),
    worker(topics.day, (job) => compareDay(lane, job)),
  ]
}
