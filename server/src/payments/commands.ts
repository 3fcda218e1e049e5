/**
 * Runs a batch of payment commands in one transaction: load, decide one after the other, save. The
 * results are those of running the commands one by one, in order; a refusal never aborts a neighbour.
 */
import { appendJobs, armJobs, cancelJobs, type Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { type LedgerFacts, postTransfers } from '../ledger/index.ts'
import { saveCounters } from '../risk/index.ts'
import { saveLastYes } from '../subscribers/index.ts'
import { type Book, openBook } from './book.ts'
import { keyChanges } from './business-keys.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { type BatchContext, load } from './load.ts'
import { eventJobs } from './outbox.ts'
import { savePayments, saveRefunds } from './store.ts'
import { saveEvents, saveSlots, settleKeys } from './trace-store.ts'

export async function runCommands(
  tx: Tx,
  context: BatchContext,
  commands: readonly Command[],
  now: number,
): Promise<{ results: CommandResult[]; changed: string[] }> {
  const { facts, claimed, ledger } = await load(tx, context, commands, now)
  const book = openBook(facts)
  const results = commands.map((command) => decide(book, command))
  save(tx, book, ledger, now)
  settleKeys(tx, keyChanges(claimed, book.writes().bound))
  return { results, changed: [...new Set(book.effects.events.map((event) => event.paymentId))] }
}

function save(tx: Tx, book: Book, ledger: LedgerFacts, now: number): void {
  const { effects } = book
  const results = postTransfers(tx, ledger, effects.transfers, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `transfer ${effects.transfers[i]?.kind}: ${result.ok ? '' : result.refusal}`)
  const writes = book.writes()
  savePayments(tx, writes.made, writes.changed)
  saveRefunds(tx, writes.madeRefunds, writes.changedRefunds)
  saveCounters(tx, writes.counters)
  saveLastYes(tx, writes.lastYes)
  saveSlots(tx, writes.slots)
  saveEvents(tx, effects.events)
  const jobs = book.jobs()
  cancelJobs(tx, jobs.cancelled)
  armJobs(tx, jobs.armed)
  appendJobs(tx, [...jobs.appended, ...eventJobs(effects.events)])
}
