import { expect, test } from 'vitest'
import { seededRandom } from '../seeded-random.ts'
import { createFaultPlan, readFault } from './fault.ts'

test('a counted fault strikes as often as it says, on its verb only', () => {
  const plan = createFaultPlan(() => 0)
  plan.add({ kind: 'http_500', verb: 'commit', count: 2 })
  plan.add({ kind: 'lost_answer' })
  const kinds = ['query', 'commit', 'commit', 'commit'] as const
  expect(kinds.map((verb) => plan.take(verb)?.kind)).toEqual([
    'lost_answer',
    'http_500',
    'http_500',
    'lost_answer',
  ])
  plan.clear()
  expect(plan.take('commit')).toBeUndefined()
})

test('a fault with a chance strikes about that often, and the same calls for the same seed', () => {
  const strikes = (seed: number) => {
    const plan = createFaultPlan(seededRandom(seed))
    plan.add({ kind: 'http_500', percent: 30 })
    return Array.from({ length: 1_000 }, () => (plan.take('query') ? 1 : 0))
  }
  const sum = strikes(7).reduce((total: number, one) => total + one, 0)
  expect(sum).toBeGreaterThan(230)
  expect(sum).toBeLessThan(370)
  expect(strikes(7)).toEqual(strikes(7))
  expect(strikes(7)).not.toEqual(strikes(8))
})

test.each([
  [null],
  [[]],
  [{}],
  [{ kind: 'constructor' }],
  [{ kind: 'http_500', verb: 'pay' }],
  [{ kind: 'http_500', count: 0 }],
  [{ kind: 'http_500', percent: 101 }],
  [{ kind: 'answers_late', lateMs: 0.5 }],
  [{ kind: 'refuse', reason: 'toString' }],
  [{ kind: 'http_500', color: 'red' }],
])('%j is no fault', (value) => {
  expect(readFault(value)).toBeTypeOf('string')
})

test('a whole fault is read as it is', () => {
  const fault = { kind: 'answers_late', verb: 'query_refund', count: 3, percent: 50, lateMs: 1 }
  expect(readFault(fault)).toEqual(fault)
})
