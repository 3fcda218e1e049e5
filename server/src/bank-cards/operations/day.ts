/** Days of a bank: full dates for what it calls MMDD, and whether one is over. */
import type { Reader } from '../../db/index.ts'
import type { BusinessDate } from '../../kernel/index.ts'
import type { BankSlot } from './bank-slot.ts'
import { readDay } from './day-store.ts'
import type { Operation } from './record.ts'

/** The date nearest to another that has this month and day: within half a year there is one. */
export function dateNear(monthDay: string, near: BusinessDate): BusinessDate {
  const year = Number(near.slice(0, 4))
  const at = Date.parse(`${near}T00:00:00Z`)
  const dates = [year - 1, year, year + 1].map(
    (one) => `${one}-${monthDay.slice(0, 2)}-${monthDay.slice(2)}`,
  )
  const distance = (date: string) => Math.abs(Date.parse(`${date}T00:00:00Z`) - at)
  return dates.reduce((best, date) => (distance(date) < distance(best) ? date : best))
}

/** The bank's day on which a debit was done. */
export function dayOf({ trace, createdAt }: Operation, { time }: Pick<BankSlot, 'time'>) {
  const date = time.dateOf(createdAt)
  const monthDay = trace?.settlementDate
  return monthDay === undefined ? date : dateNear(monthDay, date)
}

export async function dayIsOver(
  reader: Reader,
  {
    slot,
    debit,
    now,
  }: { readonly slot: BankSlot; readonly debit: Operation; readonly now: number },
): Promise<boolean> {
  const date = dayOf(debit, slot)
  if (date < slot.time.dateOf(now)) return true
  const day = await readDay(reader, { bank: debit.bank, day: date })
  return day?.cutOverAt !== null && day !== undefined
}
