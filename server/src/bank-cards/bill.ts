/**
 * A credit card's bill and when its owner is reminded of it (BK-10): when it is known, three days and one
 * day before it is due, and on the due day; not any more once it is paid in full. Decides only.
 */
import { type Amount, assert, type BusinessDate, type BusinessTime } from '../kernel/index.ts'

export interface CardBill {
  readonly bindingId: string
  readonly billedOn: BusinessDate
  readonly dueOn: BusinessDate
  readonly amount: Amount
  /** What has to be paid at least. */
  readonly minimum: Amount
  readonly paid: Amount
  readonly source: 'customer' | 'bank'
  /** Reminders that were told or whose time has passed. */
  readonly told: number
}

export const billReminders = ['ready', 'in_three_days', 'tomorrow', 'today'] as const
export type BillReminder = (typeof billReminders)[number]

/** Ten per cent, a part of a fen rounded up. */
export const minimumOf = (amount: Amount): Amount => (amount + 9n) / 10n

export const isPaid = ({ amount, paid }: CardBill): boolean => paid >= amount

const hourMs = 3_600_000
const daysBefore: Readonly<Record<Exclude<BillReminder, 'ready'>, number>> = {
  in_three_days: 3,
  tomorrow: 1,
  today: 0,
}

/** At ten in the morning of the operator's zone; the first as soon as the bill is known. */
export function remindAt(bill: CardBill, reminder: BillReminder, time: BusinessTime): number {
  if (reminder === 'ready') return Number.NEGATIVE_INFINITY
  return time.startOf(time.nextDate(bill.dueOn, -daysBefore[reminder])) + 10 * hourMs
}

export interface BillStep {
  /** What to say now. */
  readonly reminder: BillReminder | undefined
  /** How many are told or past after it. */
  readonly told: number
  /** When to look again. */
  readonly nextAt: number | undefined
}

/**
 * What is due of the reminders that are left. Of several whose time has passed only the last is said, and
 * only on its own day: `tomorrow` must not be read the day after. A bill that becomes known late says that it
 * is ready and no more that day.
 */
export function nextStep(bill: CardBill, now: number, time: BusinessTime): BillStep {
  const past = billReminders.filter((one) => remindAt(bill, one, time) <= now).length
  const last = billReminders[past - 1]
  assert(last !== undefined, 'a bill that is known is ready')
  const next = billReminders[past]
  const nextAt = next === undefined ? undefined : remindAt(bill, next, time)
  const told = Math.max(past, bill.told)
  if (isPaid(bill)) return { reminder: undefined, told, nextAt: undefined }
  const said = bill.told === 0 && time.dateOf(now) <= bill.dueOn ? 'ready' : last
  const isFresh = past > bill.told && (said === 'ready' || isItsDay(bill, said, now, time))
  return { reminder: isFresh ? said : undefined, told, nextAt }
}

const isItsDay = (bill: CardBill, reminder: BillReminder, now: number, time: BusinessTime) =>
  time.dateOf(now) === time.dateOf(remindAt(bill, reminder, time))

/** Days of the month, 1 to 31; a month that is shorter ends on its last day. */
export interface BillDays {
  readonly billDay: number
  readonly dueDay: number
}

/** The last bill that was made by `on`, and the first due day after it. */
export function billDates(
  { billDay, dueDay }: BillDays,
  on: BusinessDate,
): Pick<CardBill, 'billedOn' | 'dueOn'> {
  const month = monthOf(on)
  const inMonth = dateIn(month, billDay)
  const billedOn = inMonth <= on ? inMonth : dateIn(month - 1, billDay)
  const billed = monthOf(billedOn)
  const due = dateIn(billed, dueDay)
  return { billedOn, dueOn: due > billedOn ? due : dateIn(billed + 1, dueDay) }
}

const monthOf = (date: BusinessDate) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1

function dateIn(month: number, day: number): BusinessDate {
  const [year, index] = [Math.floor(month / 12), month % 12]
  const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, index, Math.min(day, last))).toISOString().slice(0, 10)
}
