// How long something has waited, as the operator's lists say it.
import type { TFunction } from 'i18next'

export const ageOf = (hours: number, t: TFunction<'operator'>): string =>
  hours < 48 ? t('hours', { n: hours }) : t('days', { n: Math.floor(hours / 24) })
