/**
 * The port to a carrier's billing system (BOSS). `rails/` implements it; this file says what an
 * answer means. Every verb is idempotent on its id, so sending it again under the same id is safe.
 *
 * Three results, never two: `done`, `refused` (the carrier said no, in words we understand) and
 * `unknown` (a time-out, a reset, a 5xx, an answer that makes no sense). `unsent` is the one kind of
 * failure that proves nothing reached the carrier (the connection was refused).
 */
import type { Amount, Msisdn } from '../kernel/index.ts'
import type { CardRefusal } from './card.ts'

export interface Charge {
  /** `CH` + yyyymmdd + 10 digits: lives for ever. */
  readonly chargeId: string
  readonly msisdn: Msisdn
  readonly amount: Amount
  readonly merchantId: string
  readonly merchantName: string
  /** Product code, or `-`. */
  readonly goods: string
  /** For the bill line: 代收费 <merchant> <M4> <goods> <amount>. */
  readonly description: string
  /** Nobody knows what became of it the first time: it travels alone, for it may be what spoils a list. */
  readonly isRepeated?: boolean
}

export type CarrierRefusal =
  | 'line_suspended'
  | 'line_closed'
  | 'unknown_number'
  | 'low_credit'
  | 'not_eligible'
  | 'reservation_expired'
  | 'already_reversed'
  | 'refused_by_carrier'

export type CarrierAnswer<Value> =
  | {
      readonly outcome: 'done'
      readonly value: Value
      readonly carrierRef?: string
      /** Of what is over without being charged: why, where that is known. */
      readonly reason?: CarrierRefusal | CardRefusal
    }
  | { readonly outcome: 'refused'; readonly reason: CarrierRefusal | CardRefusal }
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'unsent'; readonly detail: string }

export interface Line {
  readonly msisdn: Msisdn
  readonly carrier: string
  readonly brand: string
  readonly billing: 'prepaid' | 'postpaid'
  readonly status: 'active' | 'suspended' | 'closed'
  readonly language: 'zh' | 'en'
  /** Six-digit region code (GB/T 2260), for example `110000`. */
  readonly region: string
  /** Prepaid balance or unused credit. */
  readonly available: Amount
}

export type ChargeStatus = 'reserved' | 'committed' | 'released' | 'reversed' | 'not_found'
export type RefundStatus = 'refunded' | 'not_found'

/** Where the money of a payment is asked for: a carrier, or the bank of its card behind the same verbs. */
export interface Funding {
  /** Holds the amount. The carrier drops a reservation by itself after five minutes. */
  reserve(charge: Charge): Promise<CarrierAnswer<'reserved' | 'committed'>>
  /** Reserves and commits at once; a rail may send charges of one moment together. */
  charge(charge: Charge): Promise<CarrierAnswer<'committed'>>
  commit(chargeId: string): Promise<CarrierAnswer<'committed'>>
  /** Gives a reservation back. `done` also when there is none. */
  release(chargeId: string): Promise<CarrierAnswer<'released'>>
  query(chargeId: string): Promise<CarrierAnswer<ChargeStatus>>
  /** Undoes a committed charge in full. `not_found` never proves that nothing was charged. */
  reverse(chargeId: string): Promise<CarrierAnswer<'reversed' | 'not_found'>>
  /** Returns a part or all of a committed charge to the bill, under our refund id. */
  refund(refund: {
    readonly chargeId: string
    readonly refundId: string
    readonly amount: Amount
  }): Promise<CarrierAnswer<'refunded'>>
}

export interface Carrier extends Funding {
  /** Line state and credit (CB-8). Changes nothing at the carrier. */
  line(msisdn: Msisdn): Promise<CarrierAnswer<Line>>
  queryRefund(chargeId: string, refundId: string): Promise<CarrierAnswer<RefundStatus>>
  /** The link as seen by the last calls, for /health. */
  health(): { readonly up: boolean; readonly unanswered: number; readonly detail: string }
}
