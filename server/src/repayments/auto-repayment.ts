/**
 * A customer's order to repay each bill of a card by itself (自动还款): told before, tried twice on the due day,
 * and never silently. Decides only.
 *
 *     told ──9:00──▶ tried ──15:00──▶ tried again ──▶ nothing more of this bill
 *
 * What could not be told before is told first, and tried at the next hour that is left.
 */
import type { BillStanding } from '../bank-cards/index.ts'
import type { Amount, BusinessDate, BusinessTime } from '../kernel/index.ts'

export type AutoAmount = 'full' | 'minimum'

export interface AutoRepayment {
  readonly bindingId: string
  readonly amount: AutoAmount
  readonly setAt: number
  /** The bill that `step` is about. */
  readonly billedOn: BusinessDate | null
  /** How many of its hours are over. */
  readonly step: number
}

export interface AutoStep {
  /** `missed`: the due day is over and nothing was tried. */
  readonly act: 'tell' | 'pay' | 'missed' | null
  /** What it would pay now: never more than is due. */
  readonly owed: Amount
  readonly step: number
  readonly nextAt: number | null
}

const hourMs = 3_600_000

/** A day before at ten; on the day at nine, and at three. */
function hoursOf({ dueOn }: BillStanding, time: BusinessTime): readonly [number, number, number] {
  const due = time.startOf(dueOn)
  return [time.startOf(time.nextDate(dueOn, -1)) + 10 * hourMs, due + 9 * hourMs, due + 15 * hourMs]
}

export function stepOf(
  auto: AutoRepayment,
  bill: BillStanding,
  { now, time }: { readonly now: number; readonly time: BusinessTime },
): AutoStep {
  const hours = hoursOf(bill, time)
  const before = auto.billedOn === bill.billedOn ? auto.step : 0
  const owed = auto.amount === 'full' ? bill.left : bill.leastLeft
  const over = hours.filter((at) => at <= now).length
  const isOver = time.dateOf(now) > bill.dueOn
  const step = isOver ? hours.length : Math.max(over, before)
  const next = { owed, step, nextAt: hours[step] ?? null }
  if (step === before) return { act: null, ...next }
  // Of nothing nobody was told: should something be owed yet, that comes first.
  if (owed === 0n) return { act: null, ...next, step: before }
  if (isOver) return { act: before < tried ? 'missed' : null, ...next }
  if (before > 0) return { act: 'pay', ...next }
  // Nothing is paid that was not told, and nothing told that is not tried.
  return { act: next.nextAt === null ? 'missed' : 'tell', ...next }
}

/** From here on it was tried once. */
const tried = 2
