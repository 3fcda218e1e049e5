/** How long a difference may stand: two working days after the day it was found on. */
import type { BusinessDate, BusinessTime } from '../kernel/index.ts'

const workingDays = 2
const saturday = 6

/** The last day on which it is in time. Holidays are not known here, so they count as working days. */
export function dueDate(time: BusinessTime, foundAt: number): BusinessDate {
  let date = time.dateOf(foundAt)
  for (let left = workingDays; left > 0; ) {
    date = time.nextDate(date)
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
    if (weekday !== 0 && weekday !== saturday) left -= 1
  }
  return date
}

export const isOverdue = (
  time: BusinessTime,
  { foundAt, now }: { readonly foundAt: number; readonly now: number },
): boolean => time.dateOf(now) > dueDate(time, foundAt)

/** Whatever was found before this instant is overdue, and nothing that was found later. */
export function overdueBefore(time: BusinessTime, now: number): number {
  let date = time.dateOf(now)
  while (!isOverdue(time, { foundAt: time.startOf(date), now })) date = time.nextDate(date, -1)
  return time.startOf(time.nextDate(date))
}
