/**
 * Puts the lane of bills together: requests of concurrent callers are coalesced into batches, each batch is one
 * transaction, and what it leaves to do at billers is done by workers that take it from the job table.
 */
import { cancelJobs, createCoalescer, type Database, type Log, type Worker } from '../db/index.ts'
import { type Clock, refuse } from '../kernel/index.ts'
import { createWaiting } from '../payments/index.ts'
import { accountDoor } from './accounts.ts'
import type { BillerRefusal, Connected } from './biller.ts'
import type { Answer, Billers } from './billers.ts'
import type { Command, CommandResult, Kind, Results } from './command.ts'
import { runBatch, runIn } from './commands.ts'
import { armDays } from './day-store.ts'
import { refused } from './decide/checks.ts'
import { checkTexts, isId, type Lane, newIdFor } from './lane.ts'
import type { BatchContext } from './load.ts'
import { billsNamed, billsOfWallet, dropAccountsOf, tables } from './store.ts'
import { createWorkers } from './workers.ts'

export interface BillersOptions {
  readonly db: Database
  readonly clock: Clock
  readonly context: BatchContext
  readonly billers: readonly Connected[]
  /** Brings the policy up to date before each batch; cheap when it is. Not inside a transaction. */
  readonly refresh: () => Promise<unknown>
  readonly log: Log
}

export interface BillersModule extends Billers {
  /** Starts the workers that go to billers. */
  start(): Promise<void>
  /** Works off one round of what is due, where `start` is not called: tests, simulation. */
  work(): Promise<number>
  /** Stops taking requests, finishes the batch and the trips under way. */
  stop(): Promise<void>
  /** Wakes the workers: the clock was moved. */
  kick(): void
}

/** How long a request may wait for its commit. */
const patienceMs = 10_000
const pageMax = 200

export function createBillers(options: BillersOptions): BillersModule {
  const { db, clock, context, log } = options
  const billers = new Map(options.billers.map((one) => [one.facts.code, one]))
  const waiting = createWaiting()
  const coalescer = createCoalescer<Command, CommandResult>({
    // Answers of billers have room of their own, and go first.
    reserved: 0.2,
    now: clock.now,
    async run(commands, mustBeInTime) {
      await options.refresh()
      const done = await runBatch({ db, context, commands, now: clock.now(), mustBeInTime })
      waiting.changed(done.changed)
      return done.results
    },
  })
  const lane: Lane = {
    ...{ db, clock, log, context, billers },
    async run<K extends Kind>(command: Extract<Command, { kind: K }>) {
      const isAnswer = command.kind === 'answered' || command.kind === 'lapse'
      const urgency = isAnswer ? { urgent: true } : { deadline: clock.now() + patienceMs }
      // `decide` answers each kind of command with its own kind of result.
      return (await coalescer.submit(command, urgency)) as Results[K]
    },
  }
  const bill = async (id: string) => (isId(id) ? (await tables.bill.byIds(db, [id]))[0] : undefined)
  const newWorkers = (running: boolean) => createWorkers(lane, running)
  let workers: Worker[] = []

  return {
    ...accountDoor(lane),
    list: () => [...billers.values()].map(({ facts }) => facts),
    async inquire({ msisdn, biller: code, accountNo }) {
      const biller = billers.get(code)
      if (!biller) return refused('biller_unknown')
      if (!biller.facts.account.pattern.test(accountNo)) return refused('account_malformed')
      const answer = await biller.inquire(accountNo)
      if (answer.outcome === 'refused') return refusedBy(answer.reason)
      if (answer.outcome !== 'done') return refused('biller_away')
      const billId = newIdFor(lane, msisdn)
      const { facts } = biller
      return lane.run({ kind: 'inquired', msisdn, billId, facts, accountNo, due: answer.value })
    },
    async pay(order) {
      checkTexts(order.key)
      if (!isId(order.billId)) return refused('not_found')
      return lane.run({ kind: 'pay', msisdn: order.msisdn, order })
    },
    bill,
    bills: async (walletId, page) =>
      isId(walletId)
        ? billsOfWallet(db, walletId, { ...page, limit: Math.min(page.limit, pageMax) })
        : [],
    settled: (id, timeoutMs) =>
      waiting.until(id, timeoutMs, bill, ({ state }) => state !== 'writing_off'),
    async findOut(tx, { billId, finding, now }) {
      const found = (await billsNamed(tx, [billId])).get(billId)
      if (!found) return refuse('bill_not_paid')
      const { msisdn, walletId } = found
      const commands = [{ kind: 'found_out', msisdn, walletId, billId, finding }] as const
      const { results } = await runIn(tx, { context, commands, now })
      return results[0] as Results['found_out']
    },
    async release(tx, msisdn) {
      cancelJobs(tx, await dropAccountsOf(tx, msisdn))
    },
    async start() {
      if (workers.length > 0) return
      await armDays(db, context.time, [...billers.keys()], clock.now())
      workers = newWorkers(true)
    },
    async work() {
      let worked = 0
      // One after another: where one dies, no other still claims what the next process is to find.
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

/** At an inquiry, what ends payments has its own words. */
const refusedBy = (reason: BillerRefusal): Answer<never> =>
  refused(reason === 'refused' ? 'biller_away' : reason)
