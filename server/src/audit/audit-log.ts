/**
 * The one way into the operator's log. Each row is chained to the one before it, and the head is sealed
 * with a key that is not in the database: whoever can only write SQL cannot make a new end.
 */
import type { Database, Tx } from '../db/index.ts'
import type { FieldCipher } from '../kernel/index.ts'
import {
  type Head,
  insertAfter,
  type LogEntry,
  lockHead,
  type SealedHead,
  saveHead,
} from './log-store.ts'

/** The log was changed by somebody else. Nothing is added to it, and so nothing is changed. */
export class AuditBroken extends Error {
  override readonly name = 'AuditBroken'
}

export const sealOf = (cipher: Pick<FieldCipher, 'mac'>, { seq, hash }: Head): string =>
  cipher.mac('audit head', `${seq} ${hash}`)

/** Adds a row in the transaction of what it tells. Throws `AuditBroken` where the head is not ours. */
export async function appendLog(
  tx: Tx,
  cipher: Pick<FieldCipher, 'mac'>,
  entry: LogEntry,
): Promise<void> {
  const head = await lockHead(tx)
  if (!head || head.seal !== sealOf(cipher, head))
    throw new AuditBroken('the head of the audit log is not as we left it: run telepurse verify')
  const added = await insertAfter(tx, head, entry)
  await saveHead(tx, { ...added, seal: sealOf(cipher, added) })
}

/**
 * Seals a head that has no seal yet, as a migration leaves it. Answers that head, which belongs into
 * the log of the program; undefined when it was sealed before.
 */
export function sealHead(
  db: Database,
  cipher: Pick<FieldCipher, 'mac'>,
): Promise<SealedHead | undefined> {
  return db.transact(async (tx) => {
    const head = await lockHead(tx)
    if (!head || head.seal !== null) return undefined
    await saveHead(tx, { ...head, seal: sealOf(cipher, head) })
    return head
  })
}
