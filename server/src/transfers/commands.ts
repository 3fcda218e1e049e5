/**
 * Runs a batch of commands in one transaction: load, decide one after the other, save. The results are those of
 * running the commands one by one, in order; a refusal never aborts a neighbour.
 */
import { appendJobs, armJobs, cancelJobs, type Database, type Tx } from '../db/index.ts'
import { assert } from '../kernel/index.ts'
import { type LedgerFacts, postAcrossBuckets } from '../ledger/index.ts'
import type { Watch } from '../payments/index.ts'
import { saveCounters } from '../risk/index.ts'
import { type Book, openBook } from './book.ts'
import type { Command, CommandResult } from './command.ts'
import { decide } from './decide/index.ts'
import { type BatchContext, load } from './load.ts'
import { history, tables } from './store.ts'

export interface Batch {
  readonly db: Database
  readonly context: BatchContext
  readonly commands: readonly Command[]
  readonly now: number
  /** Throws when nobody waits for the batch any more; asked just before the commit. */
  readonly mustBeInTime?: () => void
}

export const runBatch = ({ db, context, commands, now, mustBeInTime }: Batch) =>
  db.transact(async (tx) => {
    const results = await runCommands(tx, context, commands, now)
    mustBeInTime?.()
    return results
  })

/** In the transaction of somebody who holds the numbers that the commands name, or none yet. */
export async function runCommands(
  tx: Tx,
  context: BatchContext,
  commands: readonly Command[],
  now: number,
): Promise<CommandResult[]> {
  const { facts, ledger } = await load(tx, context, commands, now)
  const book = openBook(facts)
  const results = commands.map((command) => decide(book, command))
  save(tx, book, ledger, context.watch)
  return results
}

function save(tx: Tx, book: Book, ledger: LedgerFacts, watch: Watch | undefined): void {
  const { effects, sheets, now } = book
  const results = postAcrossBuckets(tx, ledger, effects.postings, now)
  for (const [i, result] of results.entries())
    assert(result.ok, `${effects.postings[i]?.reason}: ${result.ok ? '' : result.refusal}`)
  const [transfers, requests] = [sheets.transfer.writes(), sheets.request.writes()]
  tables.transfer.save(tx, transfers)
  tables.contact.save(tx, sheets.contact.writes())
  tables.request.save(tx, requests)
  tables.mandate.save(tx, sheets.mandate.writes())
  tables.split.save(tx, sheets.split.writes())
  tables.share.save(tx, sheets.share.writes())
  tables.packet.save(tx, sheets.packet.writes())
  tables.part.save(tx, sheets.part.writes())
  history.save(tx, effects.events)
  saveCounters(tx, book.counters())
  cancelJobs(tx, [...effects.cancelled.values()])
  const watched = [...transfers.changed, ...requests.changed].flatMap(
    ({ key }) => watch?.(key ?? '', now) ?? [],
  )
  armJobs(tx, [...effects.armed.values(), ...watched])
  appendJobs(tx, effects.jobs)
}
