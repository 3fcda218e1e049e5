import { describe, expect, test } from 'vitest'
import {
  amountFormOf,
  isRefundable,
  lineStatus,
  type PaymentState,
  partlyRefunded,
  paymentStatus,
  type Status,
  webhookStatus,
} from './status.ts'

const states = Object.keys(paymentStatus) as PaymentState[]
const all: Status[] = [
  ...Object.values(paymentStatus),
  ...Object.values(webhookStatus),
  ...Object.values(lineStatus),
  partlyRefunded,
]

describe('the status table', () => {
  test('has words in both languages for everything', () => {
    for (const [, zh, en] of all) {
      expect(zh).toMatch(/[\u4e00-\u9fff]/)
      expect(en).toMatch(/^[A-Z][\x20-\x7e]+$/)
    }
  })

  test('uses all eight tones', () => {
    expect(new Set(all.map(([tone]) => tone)).size).toBe(8)
  })

  test('knows every state of a payment the server can tell', () => {
    expect(states.toSorted()).toEqual(
      [
        'awaiting_confirm',
        'cancelled',
        'charge_failed',
        'charge_unknown',
        'charged',
        'charging',
        'delivered',
        'delivering',
        'delivery_failed',
        'delivery_unknown',
        'expired',
        'held',
        'refund_unknown',
        'refunded',
        'refunding',
        'refused',
        'reserved',
        'reserving',
        'reversed',
        'reversing',
      ].toSorted(),
    )
  })

  test('shows what nobody knows as unknown, never as done or failed', () => {
    for (const state of states.filter((name) => name.endsWith('_unknown'))) {
      expect(paymentStatus[state][0]).toBe('unknown')
    }
  })

  test('says of everything that ended without a charge that nothing was charged', () => {
    for (const state of states.filter((name) => amountFormOf(name) === 'void')) {
      expect(paymentStatus[state][1]).toContain('未扣款')
      expect(paymentStatus[state][2]).toContain('not charged')
    }
  })
})

test('an unknown charge is greyed and cannot be refunded from the shop', () => {
  expect(amountFormOf('charge_unknown')).toBe('pending')
  expect(isRefundable('charge_unknown')).toBe(false)
  expect(isRefundable('delivered')).toBe(true)
})
