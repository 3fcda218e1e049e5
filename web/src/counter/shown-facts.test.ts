import type { TFunction } from 'i18next'
import { expect, test } from 'vitest'
import { askedFacts, shownFacts } from './shown-facts.ts'

const t = ((key: string) => key) as unknown as TFunction<'counter'>

test('what a second person sees stands in one order, with amounts as everywhere', () => {
  const shown = { difference: '-1286.40', counted: '0.05', desk: '3.1', owner: '*晚', other: 'x' }
  expect(shownFacts(shown, t)).toEqual([
    { label: 'fact.owner', value: '*晚' },
    { label: 'fact.desk', value: '3.1' },
    { label: 'fact.counted', value: '0.05' },
    { label: 'fact.difference', value: '−1,286.40' },
  ])
})

test('the number of a slip that is also the reason stands there once, another reason by itself', () => {
  const banked = { desk: '3.1', banked: '100.00', slip: '0481' }
  const labels = (reason: string) =>
    askedFacts({ shown: banked, reason }, t).map(({ label, value }) => `${label} ${value}`)
  expect(labels('0481')).toEqual(['fact.desk 3.1', 'fact.banked 100.00', 'fact.slip 0481'])
  expect(labels('late')).toContain('fact.reason late')
})
