/** What people say of a day whose bank tells no totals: its file is whole, and what it lacks never happened. */
import type { Tx } from '../../db/index.ts'
import { accept, type Result, refuse } from '../../kernel/index.ts'
import { type Day, type DayName, lockDay, markAccepted } from './day-store.ts'
import { armFiles } from './jobs.ts'

export type AcceptRefusal = 'day_unknown' | 'day_not_read' | 'day_has_totals' | 'day_accepted'

/** Locks the day. The file has its own count and trailer, so only a day that was read can be whole. */
export async function acceptableDay(tx: Tx, name: DayName): Promise<Result<Day, AcceptRefusal>> {
  const day = await lockDay(tx, name)
  if (!day) return refuse('day_unknown')
  if (day.acceptedAt !== null) return refuse('day_accepted')
  if (day.state !== 'read') return refuse('day_not_read')
  return day.totals ? refuse('day_has_totals') : accept(day)
}

/** From the next look at the bank's files on, which is now. */
export async function acceptDay(tx: Tx, { bank, day }: DayName, now: number): Promise<void> {
  await markAccepted(tx, { bank, day }, now)
  armFiles(tx, bank, now)
}
