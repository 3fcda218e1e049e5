// What the server shows of an act or a request, by the names it gives, in the reader's words and in one order.
import type { TFunction } from 'i18next'
import { formatFen } from '../fen.ts'
import type { Fact } from './ticket.ts'

const known = [
  'number',
  'owner',
  'card',
  'amount',
  'balance',
  'payTo',
  'paidOut',
  'agreement',
  'desk',
  'expected',
  'counted',
  'difference',
  'banked',
  'slip',
] as const

export function shownFacts(shown: Record<string, string>, t: TFunction<'counter'>): Fact[] {
  return known.flatMap((name) => {
    const value = shown[name]
    return value === undefined ? [] : [{ label: t(`fact.${name}`), value: written(value) }]
  })
}

/** Amounts come as `-1286.40`; they are shown as all others are. */
function written(value: string): string {
  return /^-?\d+\.\d\d$/.test(value) ? formatFen(BigInt(value.replace('.', '')).toString()) : value
}
