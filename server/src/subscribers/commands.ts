/** What may be done to a subscriber, and how the hot path takes hold of many at once. */
import type { Database, Reader, Tx } from '../db/index.ts'
import { accept, type Msisdn, type Result, refuse } from '../kernel/index.ts'
import { asOf, type KeptSubscriber, type OwnLimits, wishLimits } from './own-limits.ts'
import { insertLine, type LineFacts, lockRows, readRows, saveLanguage, saveRow } from './store.ts'
import type { Subscriber } from './subscriber.ts'

/**
 * Locks these numbers until the transaction ends and answers those that are known, as they are at
 * `now` (ms). Locks are taken in (bucket, number) order in one statement; names may repeat.
 */
export async function lockSubscribers(
  tx: Tx,
  msisdns: readonly Msisdn[],
  now: number,
): Promise<Map<Msisdn, Subscriber>> {
  if (msisdns.length === 0) return new Map()
  const rows = await lockRows(tx, msisdns)
  return new Map(rows.map((row) => [row.msisdn, asOf(row, now)]))
}

/** One number as it is at `now`, with a raise of its limits that still waits; takes no lock. */
export async function findSubscriber(
  reader: Reader,
  msisdn: Msisdn,
  now: number,
): Promise<KeptSubscriber | undefined> {
  return (await findSubscribers(reader, [msisdn], now)).get(msisdn)
}

/** The same for many numbers, by number; those not known are left out. */
export async function findSubscribers(
  reader: Reader,
  msisdns: readonly Msisdn[],
  now: number,
): Promise<Map<Msisdn, KeptSubscriber>> {
  const rows = await readRows(reader, msisdns)
  return new Map(rows.map((row) => [row.msisdn, asOf(row, now)]))
}

/** Makes a row for a number seen for the first time. A number that has one keeps what it has. */
export async function introduce(db: Database, line: LineFacts, now: number): Promise<void> {
  await db.transact((tx) => insertLine(tx, line, now))
}

interface Changed {
  readonly before: KeptSubscriber
  readonly after: KeptSubscriber
}

/** Lets go of all that hangs on a number, for whoever has it next. In the transaction that closes it. */
export type Release = (tx: Tx, msisdn: Msisdn, at: number) => Promise<void>

/**
 * Suspends, resumes or closes a number. A closed one waits for its next owner (`introduce`), and what the
 * last one had is released with it: there is no closing without.
 */
export async function changeStatus(
  tx: Tx,
  command: { readonly msisdn: Msisdn; readonly status: Subscriber['status'] },
  { now, release }: { readonly now: number; readonly release: Release },
): Promise<Result<Changed, 'number_unknown' | 'number_closed'>> {
  const [row] = await lockRows(tx, [command.msisdn])
  if (!row) return refuse('number_unknown')
  if (row.status === 'closed' && command.status !== 'closed') return refuse('number_closed')
  const before = asOf(row, now)
  const after = { ...before, status: command.status }
  // Closing twice must not begin the wait for the next owner again.
  if (row.status === command.status) return accept({ before, after })
  await saveRow(tx, after, now)
  if (command.status === 'closed') await release(tx, command.msisdn, now)
  return accept({ before, after })
}

/** Signs the number out everywhere, for whoever has the new SIM. In the transaction that notes the change. */
export type SignOut = (tx: Tx, msisdn: Msisdn) => Promise<void>

/**
 * The carrier gave the number another SIM at `at`. News that come late do not shorten the cool-off, and what was
 * known before signs nobody out a second time.
 */
export async function simChanged(
  tx: Tx,
  command: { readonly msisdn: Msisdn; readonly at: number },
  { now, signOut }: { readonly now: number; readonly signOut: SignOut },
): Promise<Result<Changed, 'number_unknown' | 'number_closed' | 'sim_change_in_future'>> {
  if (command.at > now) return refuse('sim_change_in_future')
  const [row] = await lockRows(tx, [command.msisdn])
  if (!row) return refuse('number_unknown')
  if (row.status === 'closed') return refuse('number_closed')
  const before = asOf(row, now)
  const after = { ...before, simChangedAt: Math.max(command.at, before.simChangedAt ?? 0) }
  await saveRow(tx, after, now)
  if (after.simChangedAt !== before.simChangedAt) await signOut(tx, command.msisdn)
  return accept({ before, after })
}

/**
 * Sets the owner's own limits and switch, all four at once. Lower counts at once; higher, or
 * switched on again, counts after 24 hours (`after.pending`).
 */
export async function setOwnLimits(
  tx: Tx,
  command: { readonly msisdn: Msisdn; readonly limits: OwnLimits },
  now: number,
): Promise<Result<Changed, 'number_unknown' | 'number_closed' | 'limit_negative'>> {
  const { single, day, month } = command.limits
  if ([single, day, month].some((limit) => limit !== null && limit < 0n))
    return refuse('limit_negative')
  const [row] = await lockRows(tx, [command.msisdn])
  if (!row) return refuse('number_unknown')
  if (row.status === 'closed') return refuse('number_closed')
  const before = asOf(row, now)
  const after = wishLimits(before, command.limits, now)
  await saveRow(tx, after, now)
  return accept({ before, after })
}

/** The owner's choice of the language we speak; false when the number is not known or closed. */
export async function setLanguage(
  tx: Tx,
  { msisdn, language }: Pick<Subscriber, 'msisdn' | 'language'>,
  now: number,
): Promise<boolean> {
  const [row] = await lockRows(tx, [msisdn])
  if (!row || row.status === 'closed') return false
  await saveLanguage(tx, { ...row, language }, now)
  return true
}
