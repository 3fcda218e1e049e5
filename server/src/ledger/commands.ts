/** Executes a list of transfers: lock and load, decide, save. */
import type { Tx } from '../db/index.ts'
import { decide } from './decide.ts'
import { lockFacts, save } from './store.ts'
import type { TransferCommand, TransferResult } from './transfer.ts'

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
  const { results, transfers, accounts } = decide(await lockFacts(tx, commands), commands, now)
  save(tx, transfers, accounts)
  return [...results]
}
