// Moments as the pages write them: 24 hours, in the zone of the business day, never in the reader's own.

type Fields = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', string>

const formats = new Map<string, Intl.DateTimeFormat>()

function fieldsOf(at: number, zone: string): Fields {
  let format = formats.get(zone)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    })
    formats.set(zone, format)
  }
  const parts = format.formatToParts(at).map((part) => [part.type, part.value])
  return Object.fromEntries(parts)
}

export const checkoutZone = 'Asia/Shanghai'

export function minuteOf(at: number, zone: string): string {
  const { hour, minute } = fieldsOf(at, zone)
  return `${hour}:${minute}`
}

export function secondOf(at: number, zone: string): string {
  return `${minuteOf(at, zone)}:${fieldsOf(at, zone).second}`
}

export function millisecondOf(at: number, zone: string): string {
  return `${secondOf(at, zone)}.${String(at % 1000).padStart(3, '0')}`
}

export function dateOf(at: number, zone: string): string {
  const { year, month, day } = fieldsOf(at, zone)
  return `${year}-${month}-${day}`
}

export function dateTimeOf(at: number, zone: string): string {
  return `${dateOf(at, zone)} ${secondOf(at, zone)}`
}

/** Only the day says more than the clock: today nothing, otherwise `11-21 21:44`. */
export function shortMomentOf(at: number, now: number, zone: string): string {
  const date = dateOf(at, zone)
  if (date === dateOf(now, zone)) return minuteOf(at, zone)
  return `${date.slice(5)} ${minuteOf(at, zone)}`
}

/** `8:27`. Rounded up, so that it shows 0:00 only when the time is over. */
export function countdownOf(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}

/** The share of the ring that is still drawn, between 0 and 1. */
export function remainingShare(leftMs: number, wholeMs: number): number {
  if (wholeMs <= 0) return 0
  return Math.min(1, Math.max(0, leftMs / wholeMs))
}
