/**
 * Runs a batch of commands in one transaction: load, decide one after the other, save. The results are those of
 * running the commands one by one, in order; a refusal never aborts a neighbour.
 */
import { appendJobs, armJobs, cancelJobs, type Database, type Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { type LedgerFacts, postTransfers } from '../ledger/index.ts'
import type { Watch } from '../payments/index.ts'
import { saveCounters } from '../risk/index.ts'
import { isUndecided } from './bill.ts'
import { type Book, openBook } from './book.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { type BatchContext, load } from './load.ts'
import { history, tables } from './store.ts'

export interface Decided {
  readonly results: CommandResult[]
  /** Ids of the bills that have changed. */
  readonly changed: readonly string[]
}

export interface Batch {
  readonly db: Database
  readonly context: BatchContext
  readonly commands: readonly Command[]
  readonly now: number
  /** Throws when nobody waits for the batch any more; asked just before the commit. */
  readonly mustBeInTime?: () => void
}

export const runBatch = ({ db, mustBeInTime, ...batch }: Batch): Promise<Decided> =>
  db.transact(async (tx) => {
    const decided = await runIn(tx, batch)
    mustBeInTime?.()
    return decided
  })

/** In the caller's transaction. */
export async function runIn(
  tx: Tx,
  { context, commands, now }: Pick<Batch, 'context' | 'commands' | 'now'>,
): Promise<Decided> {
  const { facts, ledger } = await load(tx, context, commands, now)
  const book = openBook(facts)
  const results = commands.map((command) => decide(book, command))
  save(tx, book, ledger, context.watch)
  return { results, changed: [...new Set(book.effects.events.map(({ subject }) => subject))] }
}

function save(tx: Tx, book: Book, ledger: LedgerFacts, watch: Watch | undefined): void {
  const { effects, bills, now, counters } = book
  const results = postTransfers(tx, ledger, effects.transfers, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `${effects.transfers[i]?.reason}: ${result.ok ? '' : result.refusal}`)
  const writes = bills.writes()
  tables.bill.save(tx, writes)
  history.save(tx, effects.events)
  saveCounters(tx, counters())
  cancelJobs(tx, [...effects.cancelled.values()])
  const ended = writes.changed.filter((bill) => !isUndecided(bill))
  const watched = ended.flatMap(({ key }) => watch?.(key ?? '', now) ?? [])
  armJobs(tx, [...effects.armed.values(), ...watched])
  appendJobs(tx, effects.jobs)
}
