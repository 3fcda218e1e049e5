import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import { shownFacts } from './shown-facts.ts'

test('what a second person sees stands in one order, with amounts as everywhere', () => {
  const t = ((key: string) => key) as unknown as TFunction<'counter'>
  const shown = { difference: '-1286.40', counted: '0.05', desk: '3.1', owner: '*晚', other: 'x' }
  expect(shownFacts(shown, t)).toEqual([
    { label: 'fact.owner', value: '*晚' },
    { label: 'fact.desk', value: '3.1' },
    { label: 'fact.counted', value: '0.05' },
    { label: 'fact.difference', value: '−1,286.40' },
  ])
})
