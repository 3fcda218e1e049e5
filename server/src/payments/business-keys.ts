/**
 * Business keys in a batch. They are claimed before anything is locked, under the id that the object
 * will have; only when all is decided is it known what each key stands for. A key whose command made
 * nothing is given back in the same transaction, so that the same request may be made again.
 */
import { type Binding, keyName } from './book.ts'
import type { Command } from './command.ts'
import type { KeyRow } from './trace-store.ts'

/** The keys of the batch to claim; of equal ones the first, the others find it while deciding. */
export function keyRows(commands: readonly Command[]): KeyRow[] {
  const rows = new Map<string, KeyRow>()
  for (const command of commands) {
    if (command.kind !== 'order' && command.kind !== 'refund') continue
    const subject = command.kind === 'order' ? command.order.paymentId : command.order.refundId
    for (const key of command.order.keys ?? [])
      if (!rows.has(keyName(key))) rows.set(keyName(key), { ...key, subject })
  }
  return [...rows.values()]
}

/**
 * Keys that stand for something that is there, and keys claimed just now. By what is there and not by
 * whose id it is: after a commit nobody heard of, a batch that is run again meets its own objects.
 */
export function splitKeys(
  keys: readonly KeyRow[],
  existing: readonly { readonly id: string }[],
): { readonly earlier: ReadonlyMap<string, Binding>; readonly claimed: readonly KeyRow[] } {
  const ids = new Set(existing.map(({ id }) => id))
  const earlier = keys.filter((key) => ids.has(key.subject))
  return {
    earlier: new Map(earlier.map((key) => [keyName(key), key])),
    claimed: keys.filter((key) => !ids.has(key.subject)),
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
