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
  /** As the source said at `askedAt`: what was repaid since, the wallet knows. */
  readonly paid: Amount
  readonly source: 'customer' | 'bank'
  readonly askedAt: number
  /** Reminders that were told or whose time has passed. */
  readonly told: number
}

export const billReminders = ['ready', 'in_three_days', 'tomorrow', 'today'] as const
export type BillReminder = (typeof billReminders)[number]

/** Ten per cent, a part of a fen rounded up. */
export const minimumOf = (amount: Amount): Amount => (amount + 9n) / 10n

/** What the wallet has repaid of a card since its bill was asked for. */
export interface Repaid {
  readonly paid: Amount
  /** Begun and not ended: reserved, so that two at once never pay more than is due. */
  readonly onTheWay: Amount
}

/** A bill as it stands now. What may be counted twice is, so that what is left is never said too high. */
export interface BillStanding extends CardBill {
  readonly onTheWay: Amount
  readonly left: Amount
  /** Of the least that must be paid. */
  readonly leastLeft: Amount
}

export function standingOf(bill: CardBill, repaid: Repaid): BillStanding {
  const { amount, minimum } = bill
  const { onTheWay } = repaid
  const paid = bill.paid + repaid.paid
  const left = atLeastNothing(amount - paid - onTheWay)
  const leastLeft = atLeastNothing(minimum - paid - onTheWay)
  return { ...bill, paid: paid > amount ? amount : paid, onTheWay, left, leastLeft }
}

const atLeastNothing = (sum: Amount): Amount => (sum > 0n ? sum : 0n)

const isPaid = ({ amount, paid }: CardBill): boolean => paid >= amount

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
 * is ready and no more that day. While all that is left is on its way, nothing is said.
 */
export function nextStep(bill: BillStanding, now: number, time: BusinessTime): BillStep {
  const past = billReminders.filter((one) => remindAt(bill, one, time) <= now).length
  const last = billReminders[past - 1]
  assert(last !== undefined, 'a bill that is known is ready')
  const next = billReminders[past]
  const nextAt = next === undefined ? undefined : remindAt(bill, next, time)
  const told = Math.max(past, bill.told)
  if (isPaid(bill)) return { reminder: undefined, told, nextAt: undefined }
  const said = bill.told === 0 && time.dateOf(now) <= bill.dueOn ? 'ready' : last
  const isFresh =
    bill.left > 0n && past > bill.told && (said === 'ready' || isItsDay(bill, said, now, time))
  return { reminder: isFresh ? said : undefined, told, nextAt }
}

const isItsDay = (bill: CardBill, reminder: BillReminder, now: number, time: BusinessTime) =>
  time.dateOf(now) === time.dateOf(remindAt(bill, reminder, time))

/** When the bank is to be asked again: before each reminder, and daily once the next bill may be made. */
export function askAgainAt(
  bill: CardBill | undefined,
  { bindingId, now, time }: { bindingId: string; now: number; time: BusinessTime },
): number {
  const morning = (date: BusinessDate) => time.startOf(date) + 7 * hourMs + withinAnHour(bindingId)
  const tomorrow = morning(time.nextDate(time.dateOf(now)))
  if (!bill) return tomorrow
  const beforeReminders = Object.values(daysBefore).map((days) => time.nextDate(bill.dueOn, -days))
  const days = [...beforeReminders, time.nextDate(nextBillDay(bill.billedOn))]
  const ahead = days.map(morning).filter((at) => at > now)
  return ahead.length === 0 ? tomorrow : Math.min(...ahead)
}

/** Not all cards in the same second. */
const withinAnHour = (bindingId: string) =>
  Number.parseInt(bindingId.replaceAll('-', '').slice(-10, -2), 16) % hourMs

/** The same day of the next month; of a month that is shorter, its last one. */
export const nextBillDay = (billedOn: BusinessDate): BusinessDate =>
  dateIn(monthOf(billedOn) + 1, Number(billedOn.slice(8)))

const monthOf = (date: BusinessDate) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)) - 1

function dateIn(month: number, day: number): BusinessDate {
  const [year, index] = [Math.floor(month / 12), month % 12]
  const last = new Date(Date.UTC(year, index + 1, 0)).getUTCDate()
  return new Date(Date.UTC(year, index, Math.min(day, last))).toISOString().slice(0, 10)
}
