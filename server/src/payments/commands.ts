/**
 * Runs a batch of payment commands in one transaction: load, decide one after the other, save. The
 * results are those of running the commands one by one, in order; a refusal never aborts a neighbour.
 */
import {
  appendJobs,
  armJobs,
  cancelJobs,
  type Database,
  OutcomeUnknown,
  type Tx,
} from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { type LedgerFacts, postTransfers } from '../ledger/index.ts'
import { addToCounters, isOverMaximum, saveCounters, saveGuards } from '../risk/index.ts'
import { saveLastYes } from '../subscribers/index.ts'
import { type Book, openBook } from './book.ts'
import { keyChanges } from './business-keys.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { type BatchContext, load } from './load.ts'
import { eventJobs } from './outbox.ts'
import { savePayments, saveRefunds } from './store.ts'
import { saveEvents, saveSlots, settleKeys } from './trace-store.ts'
import { type Watch, watchedEnds } from './watch.ts'

export interface Batch {
  readonly context: BatchContext
  readonly commands: readonly Command[]
  readonly now: () => number
  /** Throws when nobody waits for the batch any more; asked just before the commit. */
  readonly mustBeInTime?: () => void
}

export interface Decided {
  readonly results: CommandResult[]
  /** Ids of the payments that have changed. */
  readonly changed: string[]
}

/**
 * What a merchant has sold today is counted without holding up other batches. Only when somebody else
 * has used up the room meanwhile, the batch is run again with the counter locked.
 */
export async function runBatch(db: Database, batch: Batch): Promise<Decided> {
  const run = (isCounterLocked: boolean) =>
    db.transact(async (tx) => {
      const decided = await runCommands(tx, { ...batch, now: batch.now(), isCounterLocked })
      batch.mustBeInTime?.()
      return decided
    })
  try {
    return await run(false).catch((error: unknown) => {
      if (isOverMaximum(error)) return run(true)
      throw error
    })
  } catch (error) {
    if (error instanceof OutcomeUnknown) for (const one of batch.commands) unheard.add(one)
    throw error
  }
}

/** Their COMMIT got no answer: when they are run again, what was done then is answered as it was. */
const unheard = new WeakSet<Command>()

export interface OneRun extends Omit<Batch, 'now' | 'mustBeInTime'> {
  readonly now: number
  /** Whether the counters of merchants are locked from the start. */
  readonly isCounterLocked: boolean
}

export async function runCommands(tx: Tx, batch: OneRun): Promise<Decided> {
  const { facts, claimed, ledger } = await load(tx, batch)
  const book = openBook(facts)
  const results = batch.commands.map((command) => decide(book, command, unheard.has(command)))
  save(tx, book, ledger, batch.context.watch)
  settleKeys(tx, keyChanges(claimed, book.writes().bound))
  return { results, changed: [...new Set(book.effects.events.map((event) => event.paymentId))] }
}

function save(tx: Tx, book: Book, ledger: LedgerFacts, watch: Watch | undefined): void {
  const { effects, now } = book
  const results = postTransfers(tx, ledger, effects.transfers, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `transfer ${effects.transfers[i]?.kind}: ${result.ok ? '' : result.refusal}`)
  const writes = book.writes()
  savePayments(tx, writes.made, writes.changed)
  saveRefunds(tx, writes.madeRefunds, writes.changedRefunds)
  saveCounters(tx, writes.counters)
  saveLastYes(tx, writes.lastYes)
  saveGuards(tx, writes.guards)
  saveSlots(tx, writes.slots)
  saveEvents(tx, effects.events)
  const jobs = book.jobs()
  cancelJobs(tx, jobs.cancelled)
  armJobs(tx, [...jobs.armed, ...(watch ? watchedEnds(book, writes, watch) : [])])
  appendJobs(tx, [...jobs.appended, ...eventJobs(effects.events)])
  // Last, so that other batches wait no longer than the commit takes.
  addToCounters(tx, writes.additions)
}
