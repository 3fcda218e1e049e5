/** A bill that comes from a payment is of what was kept of it, not of what came back. */
import { expect, test } from 'vitest'
import type { Payment } from '../payments/index.ts'
import { keptOf } from './transfers.ts'

const msisdn = '+8613900000001'
const paid = { msisdn, state: 'delivered', amount: 100_00n, refunded: 0n, refunding: 0n } as Payment

test.each([
  ['whole', {}, 100_00n],
  ['while the goods are on their way', { state: 'delivering' }, 100_00n],
  ['paid back in part', { refunded: 30_00n }, 70_00n],
  ['about to be paid back in part', { refunded: 30_00n, refunding: 20_00n }, 50_00n],
  ['about to be paid back', { refunding: 100_00n }, null],
  ['paid back', { state: 'refunded', refunded: 100_00n }, null],
  ['not paid yet', { state: 'awaiting_confirm' }, null],
  ['nobody knows', { state: 'charge_unknown' }, null],
  ['of another number', { msisdn: '+8613900000002' }, null],
] as const)('%s', (_, change, kept) => {
  expect(keptOf({ ...paid, ...change }, msisdn)).toBe(kept)
})

test('that is not there', () => {
  expect(keptOf(undefined, msisdn)).toBeNull()
})
