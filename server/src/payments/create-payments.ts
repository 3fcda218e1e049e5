/**
 * Puts the payments lane together: callers' commands are coalesced into batches, each batch is one
 * transaction, and what it leaves to do is done by workers that take it from the job table.
 */
import {
  createCoalescer,
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
  type Worker,
} from '../db/index.ts'
import { bucketOf, bucketOfId, type Clock, type Ids, type Msisdn, refuse } from '../kernel/index.ts'
import type { Carrier } from './carrier.ts'
import type { Command, CommandResult } from './command.ts'
import { runCommands } from './commands.ts'
import { tripFor, tripForRefund, tripToUndo } from './drive.ts'
import { createTurns } from './in-turn.ts'
import { CarrierAway } from './known-numbers.ts'
import { createLanes } from './lanes.ts'
import { listPayments } from './list-store.ts'
import type { BatchContext } from './load.ts'
import { createOrderNumbers } from './order-numbers.ts'
import type { Payment, Refund } from './payment.ts'
import { createPaymentReader, type ReadPayment } from './payment-reader.ts'
import type { Payments } from './payments.ts'
import { refundsByIds, refundsOfPayment } from './store.ts'
import { queryDelay, topics } from './topics.ts'
import { isUrgent, patienceMs } from './urgency.ts'
import { createWaiting } from './waiting.ts'

export interface PaymentsOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly context: Omit<BatchContext, 'ids' | 'orderNumbers'>
  /** Which carrier serves this payment (a test client's payments go to the sandbox). */
  readonly carrierFor: (payment: Payment) => Carrier
  /** Brings catalogue and policy up to date, before each batch; cheap when they are. */
  readonly refresh: () => Promise<unknown>
  /** Asks about a number before its first order (`known-numbers.ts`). */
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly log: Log
  /** How many batches may be in flight, each of other buckets (`lanes.ts`); one without it. */
  readonly lanes?: number
}

export interface PaymentsModule extends Payments {
  /** Starts the workers that go to the carrier and keep the deadlines. */
  start(): void
  /** Works off one round of what is due, where `start` is not called: tests, simulation. */
  work(): Promise<number>
  /** Stops taking commands, finishes the batch and the trips under way. */
  close(): Promise<void>
  /** How many commands wait for the next batch. */
  readonly waiting: number
  /** Wakes the workers: the clock was moved. */
  kick(): void
}

const batchMax = 500
/** Some seconds of work: what comes behind it would be late anyway. */
const queueMax = 10_000
/** Only answers, steps and timers may take the last fifth of the queue. */
const reserved = 0.2

export function createPayments(options: PaymentsOptions): PaymentsModule {
  const { db, clock, ids } = options
  const laneCount = options.lanes ?? 1
  const waiting = createWaiting()
  const inTurn = createTurns()
  const lane = createLanes(laneCount, () => {
    // Order numbers are taken from blocks that one batch at a time has filled.
    const context: BatchContext = { ...options.context, ids, orderNumbers: createOrderNumbers() }
    return createCoalescer<Command, CommandResult>({
      batchMax,
      queueMax: Math.ceil(queueMax / laneCount),
      reserved,
      now: clock.now,
      run: async (commands, mustBeInTime) => {
        await options.refresh()
        const done = await db.transact(async (tx) => {
          const decided = await runCommands(tx, context, commands, clock.now())
          mustBeInTime()
          return decided
        })
        waiting.changed(done.changed)
        return done.results
      },
    })
  })
  const run: Run = (command, kind, deadline) =>
    lane
      .submit(command, { urgent: isUrgent(command), ...(deadline !== undefined && { deadline }) })
      .then((result) => expect(result, kind))
  const soon = (deadline = clock.now() + patienceMs) => deadline
  let workers: Worker[] = []
  const read = createPaymentReader(options)
  const get = async (id: string) => {
    const bucket = bucketOfId(id)
    return bucket === undefined ? undefined : read({ bucket, id })
  }
  const getRefund = async (id: string) => {
    const bucket = bucketOfId(id)
    return bucket === undefined ? undefined : (await refundsByIds(db, [{ bucket, id }]))[0]
  }
  const step = async (
    command: Extract<Command, { readonly paymentId: string }>,
    deadline?: number,
  ) =>
    // What is no id of ours can be no payment, and must not reach a batch that others are in.
    bucketOfId(command.paymentId) === undefined
      ? refuse('payment_not_found' as const)
      : (await run(command, 'step', deadline)).result
  const idFor = (msisdn: Msisdn) => ids.next(bucketOf(msisdn), clock.now())

  return {
    async order(order, asked) {
      const deadline = soon(asked)
      try {
        await options.knowNumber(order.msisdn)
      } catch (error) {
        if (error instanceof CarrierAway) return { ...refuse('carrier_away'), payment: null }
        throw error
      }
      const placed = { ...order, paymentId: idFor(order.msisdn) }
      const command = { kind: 'order', msisdn: order.msisdn, order: placed } as const
      return (await run(command, 'order', deadline)).result
    },
    // An order that has to ask the carrier who this is must not be overtaken by its own yes.
    text: (incoming) =>
      inTurn(incoming.from, async () => {
        await options.knowNumber(incoming.from)
        const bucket = bucketOf(incoming.from)
        const text = { ...incoming, bucket, paymentId: idFor(incoming.from) }
        await run({ kind: 'text', msisdn: incoming.from, text }, 'text', soon())
      }),
    validate: (one, deadline) => step({ kind: 'validate', ...one }, soon(deadline)),
    confirm: (one, deadline) => step({ kind: 'confirm', ...one }, soon(deadline)),
    cancel: (one, deadline) => step({ kind: 'cancel', ...one }, soon(deadline)),
    remind: (one, deadline) => step({ kind: 'remind', ...one }, soon(deadline)),
    delivery: (one, deadline) => step({ kind: 'delivery', ...one }, deadline),
    async refund(order, deadline) {
      const placed = { ...order, refundId: idFor(order.msisdn) }
      const { msisdn, paymentId } = order
      if (bucketOfId(paymentId) === undefined) return refuse('payment_not_found')
      const command = { kind: 'refund', msisdn, paymentId, order: placed } as const
      return (await run(command, 'refund', soon(deadline))).result
    },
    get,
    getRefund,
    list: (filter) => listPayments(db, filter),
    async refundsOf(paymentId) {
      const bucket = bucketOfId(paymentId)
      return bucket === undefined ? [] : refundsOfPayment(db, bucket, paymentId)
    },
    settled: (id, timeoutMs) =>
      waiting.until(id, timeoutMs, get, (p) => p.state !== 'charging' && p.state !== 'reserving'),
    async refundSettled(id, timeoutMs) {
      const refund = await getRefund(id)
      if (refund?.state !== 'processing') return refund
      const settled = (one: Refund) => one.state !== 'processing'
      return waiting.until(refund.paymentId, timeoutMs, () => getRefund(id), settled)
    },
    onChange: waiting.onChange,
    start() {
      if (workers.length === 0) workers = createWorkers(options, { run, read })
    },
    async work() {
      const idle = createWorkers(options, { run, read }, false)
      let worked = 0
      for (const worker of idle) worked += await worker.step()
      return worked
    },
    get waiting() {
      return lane.waiting
    },
    kick() {
      for (const worker of workers) worker.kick()
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await lane.close()
    },
  }
}

function expect<Kind extends CommandResult['kind']>(result: CommandResult, kind: Kind) {
  if (result.kind !== kind) throw new Error(`a ${kind} command was answered as ${result.kind}`)
  return result as Extract<CommandResult, { kind: Kind }>
}

/** Without a deadline it waits as long as it takes: what the carrier said must be written down. */
type Run = <Kind extends CommandResult['kind']>(
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

function createWorkers(
  options: PaymentsOptions,
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
        const carrier = options.carrierFor(payment)
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
        const trip = await tripForRefund(options.carrierFor(payment), payment, refund)
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
      const answer = await options.carrierFor(payment).release(payment.chargeId)
      const certain = answer.outcome === 'done' || answer.outcome === 'refused'
      // The carrier drops a reservation by itself after five minutes; an hour of asking is plenty.
      if (certain || job.attempts > 20) return { kind: 'done' }
      return { kind: 'again', dueAt: clock.now() + Math.min(job.attempts, 6) * 30_000 }
    }),
    worker(topics.undo, async (job) => {
      const payment = await read({ bucket: job.bucket, id: job.subject })
      if (!payment?.chargeId) return { kind: 'done' }
      if (await tripToUndo(options.carrierFor(payment), payment.chargeId)) return { kind: 'done' }
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
