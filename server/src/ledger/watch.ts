/**
 * Pages that follow a balance, told at once when this process has changed it: after the commit, and whoever moved the
 * money. What another process changes they find by looking.
 */
import type { Database, Tx } from '../db/index.ts'

type Watchers = Map<string, Set<() => void>>

/** By the database that they watch. */
const all = new WeakMap<Database['takers'], Watchers>()

/** Returns a function that stops it. */
export function watchAccount(
  { takers }: Pick<Database, 'takers'>,
  name: string,
  changed: () => void,
): () => void {
  const watchers = all.get(takers) ?? new Map<string, Set<() => void>>()
  all.set(takers, watchers)
  const mine = watchers.get(name) ?? new Set()
  watchers.set(name, mine.add(changed))
  return () => {
    mine.delete(changed)
    if (mine.size === 0 && watchers.get(name) === mine) watchers.delete(name)
  }
}

/** These accounts have changed, if the transaction commits. */
export function tellWatchers(tx: Tx, accounts: readonly { readonly name: string }[]): void {
  const watchers = all.get(tx.takers)
  if (!watchers || watchers.size === 0) return
  const told = new Set(accounts.flatMap(({ name }) => [...(watchers.get(name) ?? [])]))
  if (told.size > 0)
    tx.afterCommit(() => {
      for (const changed of told) changed()
    })
}
