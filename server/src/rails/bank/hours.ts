/** The hours in which a bank takes requests, in its own zone. Without any it always does. */
import type { BusinessTime } from '../../kernel/index.ts'

export interface OpenHours {
  /** Monday is 1, Sunday 7. */
  readonly days: readonly number[]
  /** `hh:mm`; `to` is the first minute outside and may be `24:00`. A night is two of these. */
  readonly from: string
  readonly to: string
}

/** Undefined when open at `now`, otherwise when it opens next (`null`: not within eight days). */
export function opensAt(
  hours: readonly OpenHours[],
  time: BusinessTime,
  now: number,
): number | null | undefined {
  if (hours.length === 0) return undefined
  const today = time.dateOf(now)
  const clock = time.localOf(now).slice(11, 16)
  const of = (date: string) => hours.filter(({ days }) => days.includes(weekdayOf(date)))
  if (of(today).some(({ from, to }) => from <= clock && clock < to)) return undefined
  for (let ahead = 0; ahead <= 8; ahead += 1) {
    const date = time.nextDate(today, ahead)
    const starts = of(date).map(({ from }) => instantOf(time, date, from))
    const next = Math.min(...starts.filter((at) => at > now))
    if (Number.isFinite(next)) return next
  }
  return null
}

const weekdayOf = (date: string) => ((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7) + 1

/** Days that are shorter or longer by an hour are put right by looking at the clock again. */
function instantOf(time: BusinessTime, date: string, clock: string): number {
  const minutes = minutesOf(clock)
  const guess = time.startOf(date) + minutes * 60_000
  return guess + (minutes - minutesOf(time.localOf(guess).slice(11, 16))) * 60_000
}

const minutesOf = (clock: string) => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
