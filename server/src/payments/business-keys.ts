/**
 * Business keys in a batch. They are claimed before anything is locked, under the id that the object
 * will have; only when all is decided is it known what each key stands for. A key whose command made
 * nothing is given back in the same transaction, so that the same request may be made again.
 */
import type { Tx } from '../db/index.ts'
import { type Binding, keyName } from './book.ts'
import type { Command } from './command.ts'
import { claimKeys, type KeyRow } from './trace-store.ts'

/** A key as it stands in the table, once it was claimed. */
export interface ClaimedKey extends KeyRow {
  /** It stands for the object this batch wants to make, not for somebody else's. */
  readonly isOurs: boolean
}

export async function claimBusinessKeys(
  tx: Tx,
  commands: readonly Command[],
  now: number,
): Promise<ClaimedKey[]> {
  const rows = keyRows(commands)
  const subjects = new Map(rows.map((row) => [keyName(row), row.subject]))
  const found = await claimKeys(tx, rows, now)
  return found.map((key) => ({ isOurs: key.subject === subjects.get(keyName(key)), ...key }))
}

/** The keys of the batch to claim; of equal ones the first, the others find it while deciding. */
function keyRows(commands: readonly Command[]): KeyRow[] {
  const rows = new Map<string, KeyRow>()
  for (const command of commands) {
    if (command.kind !== 'order' && command.kind !== 'refund') continue
    const subject = command.kind === 'order' ? command.order.paymentId : command.order.refundId
    for (const key of command.order.keys ?? [])
      if (!rows.has(keyName(key))) rows.set(keyName(key), { subject, ...key })
  }
  return [...rows.values()]
}

/**
 * Keys that stood for something before this batch, and those it has just claimed. One of ours is an
 * earlier one too when its object is there: a batch that is run again after a commit nobody heard of
 * meets its own objects.
 */
export function splitKeys(
  keys: readonly ClaimedKey[],
  existing: readonly { readonly id: string }[],
): { readonly earlier: ReadonlyMap<string, Binding>; readonly claimed: readonly KeyRow[] } {
  const ids = new Set(existing.map(({ id }) => id))
  const isEarlier = (key: ClaimedKey) => !key.isOurs || ids.has(key.subject)
  return {
    earlier: new Map(keys.filter(isEarlier).map((key) => [keyName(key), key])),
    claimed: keys.filter((key) => !isEarlier(key)),
  }
}

/** What must be written of the claimed keys: those that came to stand for another, or for nothing. */
export function keyChanges(
  claimed: readonly KeyRow[],
  bound: ReadonlyMap<string, Binding>,
): { readonly moved: readonly KeyRow[]; readonly freed: readonly KeyRow[] } {
  const moved: KeyRow[] = []
  const freed: KeyRow[] = []
  for (const key of claimed) {
    const binding = bound.get(keyName(key))
    if (!binding) freed.push(key)
    else if (binding.subject !== key.subject || binding.contentHash !== key.contentHash)
      moved.push({ ...key, ...binding })
  }
  return { moved, freed }
}
