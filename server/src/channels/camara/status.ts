/** Our states in CAMARA's words, both ways (domain §2.1; the state engine of the YAML's introduction). */
import type { Payment, Refund, State } from '../../payments/index.ts'

export const paymentStatuses = [
  'processing',
  'pending_validation',
  'denied',
  'reserved',
  'succeeded',
  'cancelled',
] as const
export type PaymentStatus = (typeof paymentStatuses)[number]

const statusByState = {
  // Waiting for a reply to our text; with a code it is `pending_validation`, see below.
  awaiting_confirm: 'processing',
  reserving: 'processing',
  charging: 'processing',
  charge_unknown: 'processing',
  reversing: 'processing',
  reserved: 'reserved',
  delivering: 'succeeded',
  delivery_unknown: 'succeeded',
  delivered: 'succeeded',
  delivery_failed: 'succeeded',
  refunded: 'succeeded',
  refused: 'denied',
  charge_failed: 'denied',
  cancelled: 'cancelled',
  expired: 'cancelled',
  reversed: 'cancelled',
} as const satisfies Record<State, PaymentStatus>

export const statusOf = ({ state, consent }: Pick<Payment, 'state' | 'consent'>): PaymentStatus =>
  state === 'awaiting_confirm' && consent === 'code' ? 'pending_validation' : statusByState[state]

/** Every state a payment of one of these statuses may be in. */
export function statesOf(statuses: readonly PaymentStatus[]): State[] {
  return (Object.keys(statusByState) as State[]).filter(
    (state) =>
      (state === 'awaiting_confirm' && statuses.includes('pending_validation')) ||
      statuses.includes(statusByState[state]),
  )
}

export const refundStatuses = ['processing', 'denied', 'succeeded'] as const
export type RefundStatus = (typeof refundStatuses)[number]

export const refundStatusOf = ({ state }: Pick<Refund, 'state'>): RefundStatus =>
  state === 'unknown' ? 'processing' : state
