// Moments as the app writes them: 今天 14:32, 昨天 20:06, 11-21 21:44; in the zone of the business day.
import type { TFunction } from 'i18next'
import { checkoutZone, dateOf, minuteOf } from '../time.ts'

const dayMs = 86_400_000

/** `2026-11-23` as 今天, 昨天, or month and day; with the year where it is another one. */
export function dayName(date: string, now: number, t: TFunction<'app'>): string {
  if (date === dateOf(now, checkoutZone)) return t('day.today')
  if (date === dateOf(now - dayMs, checkoutZone)) return t('day.yesterday')
  const [year, month = '', day = ''] = date.split('-')
  const isThisYear = year === dateOf(now, checkoutZone).slice(0, 4)
  return isThisYear ? t('day.date', { month: Number(month), day: Number(day) }) : date
}

export function momentName(at: number, now: number, t: TFunction<'app'>): string {
  return `${dayName(dateOf(at, checkoutZone), now, t)} ${minuteOf(at, checkoutZone)}`
}
