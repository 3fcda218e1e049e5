import type { Currency } from '../kernel/index.ts'

/** What an account counts: money, or points. Only accounts of one unit are added up. */
export type Unit = Currency | 'points'

const pointsPrefix = 'points-'

/** By its name alone, so that a name outside of the chart has a unit too: the database says it the same way. */
export const unitOf = (name: string): Unit => (name.startsWith(pointsPrefix) ? 'points' : 'CNY')

/** The same in SQL. */
export const unitIn = (column: string): string =>
  `case when starts_with(${column}, '${pointsPrefix}') then 'points' else 'CNY' end`
