// Days as they are written in a form, in the zone of the business day, which is eight hours ahead all year.
import { checkoutZone, dateOf, dateTimeOf } from '../../time.ts'

const dayMs = 86_400_000

export const startOf = (day: string): string => new Date(`${day}T00:00:00+08:00`).toISOString()

/** The instant after the last moment of a day. */
export const endOf = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00+08:00`) + dayMs).toISOString()

/** The last day of what is good until an instant. */
export const lastDayOf = (until: string): string => dateOf(Date.parse(until) - 1, checkoutZone)

/** To the minute. */
export const momentOf = (at: string): string =>
  dateTimeOf(Date.parse(at), checkoutZone).slice(0, -3)
