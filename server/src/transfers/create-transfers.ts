/**
 * Puts the lane of transfers together: requests of concurrent callers are coalesced into batches, each batch is
 * one transaction, and what waits for a time is taken from the job table into the same lane.
 */
import { armJobs, createCoalescer, type Database, type Log, type Worker } from '../db/index.ts'
import type { Clock, Msisdn } from '../kernel/index.ts'
import { createWaiting } from '../payments/index.ts'
import { askingDoor } from './asking.ts'
import { collectingDoor } from './collecting.ts'
import type { Command, CommandResult, Results } from './command.ts'
import { runBatch, runCommands } from './commands.ts'
import type { Lane } from './lane.ts'
import type { BatchContext } from './load.ts'
import { newsOf } from './news-store.ts'
import type { Codes, Names, PaidPayments } from './ports.ts'
import { sendingDoor } from './sending.ts'
import { packetDoor, splitDoor } from './sharing.ts'
import { thingsOf } from './store.ts'
import type { Transfers } from './transfers.ts'
import { createWorkers } from './workers.ts'

export interface TransfersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly context: BatchContext
  readonly names: Names
  readonly payments: PaidPayments
  readonly codes: Codes
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  /** Brings the policy up to date before each batch; cheap when it is. */
  readonly refresh: () => Promise<unknown>
  readonly log: Log
  readonly batchMax?: number
}

export interface TransfersModule extends Transfers {
  /** Starts the workers that keep the times. */
  start(): void
  /** Works off one round of what is due, where `start` is not called: tests, simulation. */
  work(): Promise<number>
  /** Stops taking requests, finishes the batch under way. */
  stop(): Promise<void>
  /** Wakes the workers: the clock was moved. */
  kick(): void
}

/** How long a request may wait for its commit. */
const patienceMs = 10_000

export function createTransfers(options: TransfersOptions): TransfersModule {
  const { db, clock, context, names, knowNumber, log, batchMax = 500 } = options
  const waiting = createWaiting()
  const coalescer = createCoalescer<Command, CommandResult>({
    // What falls due has room of its own, and goes first.
    reserved: 0.2,
    batchMax,
    now: clock.now,
    async run(commands, mustBeInTime) {
      await options.refresh()
      const results = await runBatch({ db, context, commands, now: clock.now(), mustBeInTime })
      waiting.changed([...new Set(commands.flatMap(({ needs }) => needs.numbers))])
      return results
    },
  })
  const lane: Lane = {
    ...{ db, clock, names, knowNumber, ids: context.ids },
    async run<K extends Command['kind']>(command: Command<K>) {
      const isTimer = command.kind === 'due'
      const urgency = isTimer ? { urgent: true } : { deadline: clock.now() + patienceMs }
      // `decide` answers each kind of command with its own kind of result.
      return (await coalescer.submit(command as Command, urgency)) as Results[K]
    },
  }
  const splits = splitDoor(lane, options.payments)
  const newWorkers = (running: boolean) =>
    createWorkers({ db, clock, log }, { run: lane.run, split: splits.split }, running)
  let workers: Worker[] = []

  return {
    ...sendingDoor(lane),
    ...askingDoor(lane),
    ...collectingDoor(lane, { ...options, changed: waiting.changed }),
    ...splits,
    ...packetDoor(lane),
    news: (whose, limit) => newsOf(db, whose, limit),
    onChange: waiting.onChange,
    async opened(tx, { msisdn }) {
      const command = { kind: 'claim', needs: { numbers: [msisdn] }, msisdn } as const
      await runCommands(tx, context, [command], clock.now())
    },
    async release(tx, msisdn) {
      armJobs(tx, await thingsOf(tx, msisdn, clock.now()))
    },
    start() {
      if (workers.length === 0) workers = newWorkers(true)
    },
    async work() {
      let worked = 0
      // One after another: what falls due at one instant comes in one order.
      for (const worker of newWorkers(false)) {
        worked += await worker.step()
        await worker.stop()
      }
      return worked
    },
    kick() {
      for (const worker of workers) worker.kick()
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
      await coalescer.close()
    },
  }
}
