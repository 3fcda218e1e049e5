/**
 * Puts the payments lane together: callers' commands are coalesced into batches, each batch is one
 * transaction, and what it leaves to do is done by workers that take it from the job table.
 */
import { createCoalescer, type Database, type Log, type Worker } from '../db/index.ts'
import {
  bucketOf,
  bucketOfId,
  type Clock,
  createTurns,
  type Ids,
  type Msisdn,
  refuse,
} from '../kernel/index.ts'
import type { Funding } from './carrier.ts'
import type { Command, CommandResult } from './command.ts'
import { runBatch } from './commands.ts'
import { CarrierAway } from './known-numbers.ts'
import { createLanes } from './lanes.ts'
import { listPayments } from './list-store.ts'
import type { BatchContext } from './load.ts'
import { createOrderNumbers } from './order-numbers.ts'
import { createOrderWithin } from './order-within.ts'
import type { Payment, Refund } from './payment.ts'
import { createPaymentReader } from './payment-reader.ts'
import type { Payments } from './payments.ts'
import { billRoomOf } from './room.ts'
import { paymentsBySlots, refundsByIds, refundsOfPayment } from './store.ts'
import { slotRestMs } from './topics.ts'
import { readKey } from './trace-store.ts'
import { isUrgent, patienceMs } from './urgency.ts'
import { createWaiting } from './waiting.ts'
import { createWorkers, type Run } from './workers.ts'

export interface PaymentsOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly context: Omit<BatchContext, 'ids' | 'orderNumbers'>
  /** Who pays this payment: its carrier (the sandbox, for a test client's), or the bank of its card. */
  readonly fundingFor: (payment: Payment) => Funding
  /** Brings catalogue and policy up to date, before each batch; cheap when they are. */
  readonly refresh: () => Promise<unknown>
  /** Asks about a number before its first order (`known-numbers.ts`). */
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly log: Log
  /** How many batches may be in flight, each of other buckets (`lanes.ts`); one without it. */
  readonly lanes?: number
  /** The most commands of a batch; 500 without it. */
  readonly batchMax?: number
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

/** Some seconds of work: what comes behind it would be late anyway. */
const queueMax = 10_000
/** Only answers, steps and timers may take the last fifth of the queue. */
const reserved = 0.2

export function createPayments(options: PaymentsOptions): PaymentsModule {
  const { db, clock, ids, batchMax = 500 } = options
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
        const done = await runBatch(db, { context, commands, now: clock.now, mustBeInTime })
        waiting.changed(done.changed)
        return done.results
      },
    })
  })
  const submit = (command: Command, deadline?: number) =>
    lane.submit(command, {
      urgent: isUrgent(command),
      ...(deadline !== undefined && { deadline }),
    })
  const run: Run = async (command, kind, deadline) => expect(await submit(command, deadline), kind)
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
      const { msisdn } = order
      const deadline = soon(asked)
      const placed = { paymentId: idFor(msisdn), ...order }
      const command = { kind: 'order', msisdn, order: placed } as const
      // Almost every number is known, and the batch reads it anyway.
      const first = await submit({ ifKnown: true, ...command }, deadline)
      if (first.kind !== 'unplaced') return expect(first, 'order').result
      try {
        await options.knowNumber(msisdn)
      } catch (error) {
        if (error instanceof CarrierAway) return { ...refuse('carrier_away'), payment: null }
        throw error
      }
      return (await run(command, 'order', deadline)).result
    },
    openOrders: () =>
      createOrderWithin({
        ...{ db, now: clock.now, context: { ...options.context, ids } },
        ...{ refresh: options.refresh, changed: waiting.changed },
      }),
    // An order that has to ask the carrier who this is must not be overtaken by its own yes.
    text: (incoming) =>
      inTurn(incoming.from, async () => {
        await options.knowNumber(incoming.from)
        const bucket = bucketOf(incoming.from)
        const text = { ...incoming, bucket, paymentId: idFor(incoming.from) }
        await run({ kind: 'text', msisdn: incoming.from, text }, 'text', soon())
      }),
    validate: (one, deadline) => step({ kind: 'validate', ...one }, soon(deadline)),
    approve: (one, deadline) => step({ kind: 'approve', ...one }, soon(deadline)),
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
    async keyed({ contentHash, ...key }) {
      const known = await readKey(db, key)
      return known?.contentHash === contentHash ? get(known.subject) : undefined
    },
    getRefund,
    async asked(msisdn) {
      const asked = await paymentsBySlots(db, [msisdn], clock.now() - slotRestMs)
      return asked.toSorted((a, b) => b.createdAt - a.createdAt)
    },
    room: (msisdn) => billRoomOf(db, options.context, { msisdn, now: clock.now() }),
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
