// What the server shows of an act or a request, by the names it gives, in the reader's words and in one order.
import type { TFunction } from 'i18next'
import { formatFen } from '../fen.ts'
import type { Fact } from '../ui/fact-list.tsx'
import type { ApprovalView } from './views.ts'

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

/** What a second person decides by; a reason that one of the facts is already is not said twice. */
export function askedFacts(
  { shown, reason }: Pick<ApprovalView, 'shown' | 'reason'>,
  t: TFunction<'counter'>,
): Fact[] {
  const facts = shownFacts(shown, t)
  const isSaid = Object.values(shown).includes(reason)
  return isSaid ? facts : [...facts, { label: t('fact.reason'), value: reason }]
}

/** Amounts come as `-1286.40`; they are shown as all others are. */
function written(value: string): string {
  return /^-?\d+\.\d\d$/.test(value) ? formatFen(BigInt(value.replace('.', '')).toString()) : value
}
