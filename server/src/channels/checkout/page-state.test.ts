import { expect, test } from 'vitest'
import type { Payment, State } from '../../payments/index.ts'
import { type PageState, shownState, stateOf, takesNumber } from './page-state.ts'

const at = 1_000
/** What each state of the payment shows while the page is open, after its time, and once cancelled. */
const table: Readonly<Record<State | 'none', readonly [PageState, PageState, PageState]>> = {
  none: ['enter', 'expired', 'cancelled'],
  awaiting_confirm: ['waiting', 'waiting', 'waiting'],
  reserving: ['processing', 'processing', 'processing'],
  reserved: ['processing', 'processing', 'processing'],
  charging: ['processing', 'processing', 'processing'],
  charge_unknown: ['unknown', 'unknown', 'unknown'],
  reversing: ['unknown', 'unknown', 'unknown'],
  delivering: ['paid', 'paid', 'paid'],
  delivery_unknown: ['paid', 'paid', 'paid'],
  delivered: ['paid', 'paid', 'paid'],
  delivery_failed: ['paid', 'paid', 'paid'],
  refunded: ['paid', 'paid', 'paid'],
  refused: ['declined', 'expired', 'cancelled'],
  charge_failed: ['declined', 'expired', 'cancelled'],
  reversed: ['declined', 'expired', 'cancelled'],
  cancelled: ['cancelled', 'cancelled', 'cancelled'],
  expired: ['expired', 'expired', 'cancelled'],
}

test.each(Object.entries(table))('%s shows %j', (state, expected) => {
  const payment = state === 'none' ? undefined : ({ state } as Payment)
  const page = { cancelledAt: null, expiresAt: at }
  expect([
    stateOf(page, payment, at),
    stateOf(page, payment, at + 1),
    stateOf({ ...page, cancelledAt: at }, payment, at),
  ]).toEqual(expected)
})

test('a number is taken only where nothing is under way and nothing was paid', () => {
  const taking = Object.values(table)
    .flat()
    .filter((state) => takesNumber(state))
  expect(new Set(taking)).toEqual(new Set(['enter', 'declined']))
})

test('a no that comes after the time of the page is told as a no, and not as a missing reply', () => {
  const shown = (state: State, given: PageState = 'expired') =>
    shownState(given, { state } as Payment)
  expect([shown('charge_failed'), shown('reversed')]).toEqual(['declined', 'declined'])
  expect([shown('expired'), shown('refused')]).toEqual(['expired', 'expired'])
  expect(shown('reversed', 'cancelled')).toBe('cancelled')
  expect(shownState('expired', undefined)).toBe('expired')
})
