/** A bill that comes from a payment is of what was kept of it, not of what came back. */
import { expect, test } from 'vitest'
import type { Payment } from '../payments/index.ts'
import { paidOf } from './transfers.ts'

const msisdn = '+8613900000001'
const paid = { msisdn, state: 'delivered', amount: 100_00n, refunded: 0n, refunding: 0n } as Payment

test.each([
  ['whole', {}, 100_00n],
  ['while the goods are on their way', { state: 'delivering' }, 100_00n],
  ['paid back in part', { refunded: 30_00n }, 70_00n],
  ['about to be paid back in part', { refunded: 30_00n, refunding: 20_00n }, 50_00n],
  ['about to be paid back', { refunding: 100_00n }, 0n],
  ['paid back', { state: 'refunded', refunded: 100_00n }, 0n],
  ['not paid yet', { state: 'awaiting_confirm' }, null],
  ['nobody knows', { state: 'charge_unknown' }, null],
  ['of another number', { msisdn: '+8613900000002' }, null],
] as const)('%s', (_, change, kept) => {
  const found = paidOf({ ...paid, ...change }, msisdn)
  expect(found).toEqual(kept === null ? null : { amount: 100_00n, kept })
})

test('that is not there', () => {
  expect(paidOf(undefined, msisdn)).toBeNull()
})
