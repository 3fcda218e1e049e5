/** The workers of payments: they go to the carrier for what is due, and keep the deadlines. */
import {
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
  type Worker,
} from '../db/index.ts'
import type { Clock, Msisdn } from '../kernel/index.ts'
import type { Catalogue } from '../merchants/index.ts'
import type { Funding } from './carrier.ts'
import type { Command, CommandResult } from './command.ts'
import { tripFor, tripForRefund, tripToUndo } from './drive.ts'
import type { Payment } from './payment.ts'
import type { ReadPayment } from './payment-reader.ts'
import { refundsByIds } from './store.ts'
import { queryDelay, topics } from './topics.ts'

export interface WorkersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly context: { readonly catalogue: Catalogue }
  readonly fundingFor: (payment: Payment) => Funding
  readonly log: Log
}

/** Without a deadline it waits as long as it takes: what the carrier said must be written down. */
export type Run = <Kind extends CommandResult['kind']>(
  command: Command,
  kind: Kind,
  deadline?: number,
) => Promise<Extract<CommandResult, { kind: Kind }>>

/**
 * A trip is at most three calls, and each may wait its turn and then for its answer, 5 s and 5 s: the
 * lease must be longer. Where it is not, two trips at once do no harm but say things twice.
 */
const leaseMs = 45_000
const oneLane = { batch: 100, concurrency: 1 }
/** A batch waits for its slowest trip; while the carrier is slow for some, other lanes serve the rest. */
const carrierLanes = { batch: 64, concurrency: 4 }

export function createWorkers(
  options: WorkersOptions,
  { run, read }: { readonly run: Run; readonly read: ReadPayment },
  running = true,
): Worker[] {
  const { db, clock, log } = options
  const worker = (
    topic: string,
    handle: (job: Job) => Promise<JobOutcome>,
    lanes: { readonly batch: number; readonly concurrency: number } = oneLane,
  ) => {
    const onError = (error: unknown) => log.error({ err: error, topic }, 'a payment job failed')
    const handler = eachJob({ clock, handle, onError })
    const { batch, concurrency } = lanes
    return createWorker({
      db,
      clock,
      topic,
      leaseMs,
      onError,
      handler,
      batch,
      concurrency: running ? concurrency : 0,
    })
  }
  const settled = { kind: 'settled' } as const
  const outcome = (askAgainAt: number | null | undefined): JobOutcome =>
    typeof askAgainAt === 'number' ? { kind: 'again', dueAt: askAgainAt } : settled

  return [
    worker(
      topics.drive,
      async (job) => {
        const payment = await read({ bucket: job.bucket, id: job.subject })
        if (!payment) return { kind: 'done' }
        const name = options.context.catalogue.merchant(payment.merchantId)?.name
        const carrier = options.fundingFor(payment)
        const trip = await tripFor(carrier, payment, name ?? { zh: '', en: '' }, clock.now())
        if (trip === null) return { kind: 'done' }
        const { msisdn, id: paymentId } = payment
        const { attempts: attempt } = job
        const answered = await run(
          { kind: 'carrier_answered', msisdn, paymentId, outcome: trip, attempt },
          'carrier_answered',
        )
        return outcome(answered.result?.askAgainAt)
      },
      carrierLanes,
    ),
    worker(
      topics.refund,
      async (job) => {
        const [refund] = await refundsByIds(db, [{ bucket: job.bucket, id: job.subject }])
        const payment = refund && (await read({ bucket: job.bucket, id: refund.paymentId }))
        if (!refund || !payment) return { kind: 'done' }
        const trip = await tripForRefund(options.fundingFor(payment), payment, refund)
        const { msisdn, id: paymentId } = payment
        const { attempts: attempt, subject: refundId } = job
        const answered = await run(
          { kind: 'refund_answered', msisdn, paymentId, refundId, outcome: trip, attempt },
          'refund_answered',
        )
        return outcome(answered.result?.askAgainAt)
      },
      carrierLanes,
    ),
    worker(topics.release, async (job) => {
      const payment = await read({ bucket: job.bucket, id: job.subject })
      if (!payment?.chargeId) return { kind: 'done' }
      const answer = await options.fundingFor(payment).release(payment.chargeId)
      const certain = answer.outcome === 'done' || answer.outcome === 'refused'
      // The carrier drops a reservation by itself after five minutes; an hour of asking is plenty.
      if (certain || job.attempts > 20) return { kind: 'done' }
      return { kind: 'again', dueAt: clock.now() + Math.min(job.attempts, 6) * 30_000 }
    }),
    worker(topics.undo, async (job) => {
      const payment = await read({ bucket: job.bucket, id: job.subject })
      if (!payment?.chargeId) return { kind: 'done' }
      if (await tripToUndo(options.fundingFor(payment), payment.chargeId)) return { kind: 'done' }
      return { kind: 'again', dueAt: clock.now() + queryDelay(job.attempts) }
    }),
    worker(topics.deadline, async (job) => {
      const msisdn = msisdnOf(job)
      await run({ kind: 'expire', msisdn, paymentId: job.subject }, 'step')
      return { kind: 'done' }
    }),
    worker(topics.delivery, async (job) => {
      const msisdn = msisdnOf(job)
      await run({ kind: 'delivery', msisdn, paymentId: job.subject, result: 'unknown' }, 'step')
      // While the goods are still open the step has set the timer anew, and that one stays.
      return { kind: 'done' }
    }),
  ]
}

const msisdnOf = (job: Job): Msisdn => (job.payload as { readonly msisdn: Msisdn }).msisdn
