/** Asking the lists about a whole batch, and changing them one entry at a time. */
import type { Reader, Tx } from '../db/index.ts'
import { accept, type Ids, type Result, refuse } from '../kernel/index.ts'
import {
  type ListEntry,
  type ListHit,
  type Listing,
  lookups,
  nameOf,
  parseSubject,
  type SubjectKind,
} from './list.ts'
import { entriesFor, insertEntry, lockEntry, retireExpired, saveRemoval } from './store.ts'

/**
 * The entries that hold at `now` (ms) for these names, `kind:value` (see `list.ts`), in one statement.
 * A number is hit by its own entries and by those of its prefixes. Names may repeat.
 */
export async function listHits(
  reader: Reader,
  names: readonly string[],
  now: number,
): Promise<ListHit[]> {
  const wanted = lookups(names)
  if (wanted.size === 0) return []
  const entries = await entriesFor(reader, [...wanted.values()], now)
  return entries.flatMap((entry) =>
    (wanted.get(nameOf(entry.subject))?.askedAs ?? []).map((name) => ({ name, entry })),
  )
}

export type AddRefusal = 'subject_malformed' | 'expiry_passed' | 'already_listed'

/** Puts a subject on a list until `expiresAt` (ms; null: for ever). */
export async function addEntry(
  tx: Tx,
  command: {
    readonly list: Listing
    readonly kind: SubjectKind
    readonly value: string
    readonly reason: string
    readonly author: string
    readonly expiresAt: number | null
  },
  { ids, now }: { readonly ids: Ids; readonly now: number },
): Promise<Result<ListEntry, AddRefusal>> {
  const subject = parseSubject(command.kind, command.value)
  if (!subject.ok) return subject
  if (command.expiresAt !== null && command.expiresAt <= now) return refuse('expiry_passed')
  const { list, reason, author, expiresAt } = command
  const entry: ListEntry = {
    id: ids.next(0, now),
    list,
    subject: subject.value,
    reason,
    author,
    createdAt: now,
    expiresAt,
    removedAt: null,
    removedBy: null,
  }
  await retireExpired(tx, subject.value, now)
  return (await insertEntry(tx, entry)) ? accept(entry) : refuse('already_listed')
}

/** Takes an entry off its list. The row stays, with the name of who did it. */
export async function removeEntry(
  tx: Tx,
  command: { readonly id: string; readonly author: string },
  now: number,
): Promise<
  Result<
    { readonly before: ListEntry; readonly after: ListEntry },
    'entry_not_found' | 'already_removed'
  >
> {
  const before = await lockEntry(tx, command.id)
  if (!before) return refuse('entry_not_found')
  if (before.removedAt !== null) return refuse('already_removed')
  const after = { ...before, removedAt: now, removedBy: command.author }
  await saveRemoval(tx, after)
  return accept({ before, after })
}
