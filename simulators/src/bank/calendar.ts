/**
 * The bank's clock: its zone, when it is open, and at which instant it changes its business day. After
 * the cut-over instant of a day everything belongs to the next one.
 */

export interface CalendarOptions {
  /** IANA zone; Asia/Shanghai when absent. */
  readonly zone?: string
  /** HH:mm each; may run over midnight. Always open when absent. */
  readonly hours?: { readonly opens: string; readonly closes: string }
  /** HH:mm, and how long the bank answers nothing but 90 from then on. Midnight and 0 when absent. */
  readonly cutOver?: { readonly at: string; readonly lastsMs: number }
}

export interface Calendar {
  /** YYYYMMDD. */
  businessDay(now: number): string
  isOpen(now: number): boolean
  isChangingDay(now: number): boolean
  /** Milliseconds until the next cut-over instant, never zero. */
  untilCutOver(now: number): number
  /** MMDDhhmmss, as field 7. */
  transmission(now: number): string
  /** YYYYMMDD of the bank's zone, whatever the business day. */
  date(now: number): string
}

const dayMs = 86_400_000

export function createCalendar(options: CalendarOptions): Calendar {
  const { zone = 'Asia/Shanghai', hours, cutOver = { at: '00:00', lastsMs: 0 } } = options
  const local = localTimeIn(zone)
  const cutOverMs = clockMs(cutOver.at)
  const sinceCutOver = (now: number) => (local(now).msOfDay - cutOverMs + dayMs) % dayMs
  return {
    // A day that begins at midnight is that of the calendar; any later instant begins the next one.
    businessDay(now) {
      const { date, msOfDay } = local(now)
      return cutOverMs > 0 && msOfDay >= cutOverMs ? dateAfter(date, 1) : date
    },
    isOpen(now) {
      if (!hours) return true
      const [opens, closes, at] = [clockMs(hours.opens), clockMs(hours.closes), local(now).msOfDay]
      return opens <= closes ? at >= opens && at < closes : at >= opens || at < closes
    },
    isChangingDay: (now) => sinceCutOver(now) < cutOver.lastsMs,
    untilCutOver: (now) => dayMs - sinceCutOver(now),
    transmission: (now) => local(now).stamp.slice(4),
    date: (now) => local(now).date,
  }
}

/** `13:05` in milliseconds since midnight. Throws RangeError for what is no time. */
function clockMs(text: string): number {
  const [, hour, minute] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? []
  if (hour === undefined || minute === undefined) throw new RangeError(`${text} is not HH:mm`)
  return (Number(hour) * 60 + Number(minute)) * 60_000
}

/** The date so many days after YYYYMMDD, or before it. */
export function dateAfter(date: string, days: number): string {
  const [year, month, day] = [date.slice(0, 4), date.slice(4, 6), date.slice(6)].map(Number)
  const other = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1, (day ?? 0) + days))
  return other.toISOString().slice(0, 10).replaceAll('-', '')
}

interface LocalTime {
  /** YYYYMMDDhhmmss. */
  readonly stamp: string
  readonly date: string
  readonly msOfDay: number
}

/** Formatting is slow, and most questions fall into the second of the one before. */
function localTimeIn(zone: string): (now: number) => LocalTime {
  const format = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  let second = Number.NaN
  let stamp = ''
  return (now) => {
    const asked = Math.floor(now / 1_000)
    if (asked !== second) {
      second = asked
      stamp = format.format(asked * 1_000).replace(/\D/g, '')
    }
    const [hour, minute, seconds] = [8, 10, 12].map((at) => Number(stamp.slice(at, at + 2)))
    const whole = ((hour ?? 0) * 60 + (minute ?? 0)) * 60 + (seconds ?? 0)
    const msOfDay = whole * 1_000 + (now - asked * 1_000)
    return { stamp, date: stamp.slice(0, 8), msOfDay }
  }
}
