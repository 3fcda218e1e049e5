/**
 * Days and months of the operator's zone. A business date is fixed when a thing is posted and never
 * computed again. Dates are `yyyy-mm-dd`, months `yyyy-mm`.
 */
export type BusinessDate = string

/** Whether a text is a day of the calendar; the 30th of February is read as a day of March, and is none. */
export function isBusinessDate(text: string): text is BusinessDate {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text)
}

export interface BusinessTime {
  readonly zone: string
  /** The business date of an instant. */
  dateOf(at: number): BusinessDate
  monthOf(at: number): string
  /** The instant at which a business date begins. */
  startOf(date: BusinessDate): number
  nextDate(date: BusinessDate, days?: number): BusinessDate
  /** `2026-11-23T14:32:08` in the operator's zone. */
  localOf(at: number): string
}

export function createBusinessTime(zone = 'Asia/Shanghai'): BusinessTime {
  const parts = new Intl.DateTimeFormat('sv-SE', {
    timeZone: zone,
    dateStyle: 'short',
    timeStyle: 'medium',
  })
  const minutes = new Map<number, string>()
  // Formatting is slow and callers ask for the same minute over and over: remember a few.
  const localOf = (at: number) => {
    const minute = Math.floor(at / 60_000)
    let prefix = minutes.get(minute)
    if (prefix === undefined) {
      prefix = parts
        .format(minute * 60_000)
        .replace(' ', 'T')
        .slice(0, 17)
      if (minutes.size > 256) minutes.clear()
      minutes.set(minute, prefix)
    }
    return prefix + String(Math.floor((at % 60_000) / 1_000)).padStart(2, '0')
  }
  const dateOf = (at: number) => localOf(at).slice(0, 10)
  const nextDate = (date: BusinessDate, days = 1) =>
    new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
  return {
    zone,
    dateOf,
    localOf,
    nextDate,
    monthOf: (at) => localOf(at).slice(0, 7),
    startOf(date) {
      // The zone's offset at midnight is not known beforehand: step back from a sure later instant.
      let low = Date.parse(`${date}T00:00:00Z`) - 16 * 3_600_000
      let high = low + 40 * 3_600_000
      while (high - low > 1) {
        const middle = Math.floor((low + high) / 2)
        if (dateOf(middle) < date) low = middle
        else high = middle
      }
      return high
    },
  }
}
