// What the server shows of an act or a request, by the names it gives, in the reader's words.
import type { TFunction } from 'i18next'
import type { Fact } from './ticket.ts'

const known = [
  'number',
  'owner',
  'card',
  'amount',
  'agreement',
  'paidOut',
  'desk',
  'counted',
  'expected',
  'difference',
  'banked',
  'slip',
] as const

export function shownFacts(shown: Record<string, string>, t: TFunction<'counter'>): Fact[] {
  return Object.entries(shown).map(([name, value]) => {
    const label = known.find((one) => one === name)
    return { label: label ? t(`fact.${label}`) : name, value }
  })
}
