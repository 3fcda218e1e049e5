/**
 * An order that a merchant's till has for whoever shows a payment code.
 *
 *     (no row) ──code taken──▶ ordered ──▶ what its payment is: waiting, paid, refused, unknown
 *        │                        │
 *        └────── cancelled ◀──────┘        for good: what is paid all the same goes back
 *
 * The code is used up and the order written down in one transaction. Where the money comes first from what is plainly
 * there, the payment is made in it too; else it is ordered after it. The payment bears the merchant's order number as
 * its key, so that it is made once, whoever goes on after a crash.
 */
import { type Amount, bucketOf, type Msisdn } from '../kernel/index.ts'
import type { Name, Payment, State } from '../payments/index.ts'

export interface ScanName {
  readonly merchantId: string
  readonly merchantOrderId: string
}

export interface Wanted {
  readonly contentHash: string
  readonly msisdn: Msisdn
  readonly alias: string
  readonly step: number
  readonly amount: Amount
  readonly goods: Name
}

export interface Scan extends ScanName {
  readonly id: string
  readonly bucket: number
  readonly client: string
  /** Null when it was cancelled before it came. */
  readonly wanted: Wanted | null
  readonly createdAt: number
  readonly cancelledAt: number | null
  /** Drawn with the order, for its payment, whether that comes or not; null of a cancelled one that never came. */
  readonly paymentId: string | null
}

/** For the till: what it does next. */
export type Outcome = 'paid' | 'waiting' | 'refused' | 'unknown' | 'cancelling' | 'cancelled'

const outcomes: Readonly<Record<State, Outcome>> = {
  awaiting_confirm: 'waiting',
  reserving: 'unknown',
  reserved: 'unknown',
  charging: 'unknown',
  charge_unknown: 'unknown',
  reversing: 'unknown',
  refused: 'refused',
  cancelled: 'refused',
  expired: 'refused',
  charge_failed: 'refused',
  reversed: 'refused',
  delivering: 'paid',
  delivery_unknown: 'paid',
  delivered: 'paid',
  delivery_failed: 'paid',
  refunded: 'paid',
}

/** Nothing is or will be the merchant's, whatever becomes of the goods. */
const isNothing = ({ state, amount, refunded }: Payment) =>
  outcomes[state] === 'refused' || refunded === amount

export function outcomeOf({ cancelledAt }: Scan, payment: Payment | undefined): Outcome {
  if (cancelledAt !== null) return !payment || isNothing(payment) ? 'cancelled' : 'cancelling'
  // The order is under way in another request, or whoever had it in hand is gone.
  return payment ? outcomes[payment.state] : 'unknown'
}

/** Where it lies: whoever asks for it knows its name. */
export const bucketOfScan = ({ merchantId, merchantOrderId }: ScanName): number =>
  bucketOf(`${merchantId}/${merchantOrderId}`)

/** How long a till's order waits for its turn: what comes later is not taken, and uses no code up. */
export const patienceMs = 10_000
/** How long the customer has to answer on the handset. */
export const answerMs = 3 * 60_000
/** A till asks for a minute; then nobody waits for an order that was never placed. */
export const placedWithinMs = 75_000
/** The payment of an order that was cancelled may be under way for no longer: no order waits to be placed so long. */
export const mayComeMs = 2 * 60_000
/** Of yesterday's sales nothing is cancelled but in the first minutes of today: they are refunded. */
export const graceAtMidnightMs = 15 * 60_000
