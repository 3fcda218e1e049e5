/**
 * Runs a batch of wallet commands in one transaction: load, decide one after the other, save. The results are
 * those of running the commands one by one, in order; a refusal never aborts a neighbour.
 */
import { appendJobs, armJobs, cancelJobs, type Database, type Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { type LedgerFacts, postTransfers } from '../ledger/index.ts'
import { saveCounters } from '../risk/index.ts'
import { type Book, openBook } from './book.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { type BatchContext, load } from './load.ts'
import { history, saveAccounts, saveMovements } from './store.ts'

export interface Decided {
  readonly results: CommandResult[]
  /** Ids of the wallets and movements that have changed. */
  readonly changed: string[]
}

export interface Batch {
  readonly db: Database
  readonly context: BatchContext
  readonly commands: readonly Command[]
  readonly now: number
  /** Throws when nobody waits for the batch any more; asked just before the commit. */
  readonly mustBeInTime?: () => void
}

export function runBatch({ db, context, commands, now, mustBeInTime }: Batch): Promise<Decided> {
  return db.transact(async (tx) => {
    const { facts, ledger } = await load(tx, context, commands, now)
    const book = openBook(facts)
    const results = commands.map((command) => decide(book, command))
    save(tx, book, ledger)
    const closed = book.writes().accounts.changed.filter(({ state }) => state === 'closed')
    context.followers.ended(tx, closed)
    mustBeInTime?.()
    return { results, changed: [...new Set(book.effects.events.map(({ subject }) => subject))] }
  })
}

function save(tx: Tx, book: Book, ledger: LedgerFacts): void {
  const { effects, now } = book
  const results = postTransfers(tx, ledger, effects.transfers, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `transfer ${effects.transfers[i]?.kind}: ${result.ok ? '' : result.refusal}`)
  const writes = book.writes()
  saveAccounts(tx, writes.accounts)
  saveMovements(tx, writes.movements)
  saveCounters(tx, book.counters())
  history.save(tx, effects.events)
  cancelJobs(tx, [...effects.cancelled.values()])
  armJobs(tx, [...effects.armed.values()])
  appendJobs(tx, effects.jobs)
}
