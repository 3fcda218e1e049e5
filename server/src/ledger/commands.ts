/** Executes a list of transfers: lock and load, decide, save. */
import type { Tx } from '../db/index.ts'
import { decide, type Facts } from './decide.ts'
import { lockFacts, save } from './store.ts'
import type { TransferCommand, TransferResult } from './transfer.ts'
import { tellWatchers } from './watch.ts'

/**
 * One result per command, in order, equal to executing them one by one. Call it once in a
 * transaction, with everything the transaction has to post: its lock order holds within a list.
 *
 * Two transactions that use one id for different transfers at the same instant collide on the
 * primary key: the later one fails as a whole, and run again answers
 * `exists_with_different_content`.
 */
export async function executeTransfers(
  tx: Tx,
  commands: readonly TransferCommand[],
  now: number,
): Promise<TransferResult[]> {
  if (commands.length === 0) return []
  return postTransfers(tx, await lockFacts(tx, commands), commands, now)
}

/**
 * The same with facts that were locked before (`lockLedger`), for callers who know beforehand what they
 * may have to post. The facts hold every account and pending transfer that the commands touch; the ids
 * of new transfers are new.
 */
export function postTransfers(
  tx: Tx,
  facts: Facts,
  commands: readonly TransferCommand[],
  now: number,
): TransferResult[] {
  const { results, transfers, accounts } = decide(facts, commands, now)
  save(tx, transfers, accounts)
  tellWatchers(tx, accounts)
  return [...results]
}
