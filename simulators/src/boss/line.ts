/**
 * The words of the carrier's billing system (BOSS): lines, charges, and the answers to its verbs.
 * Money is a whole number of fen in a bigint, never negative. Numbers are E.164 with `+`.
 */
export type Billing = 'prepaid' | 'postpaid'
export type LineStatus = 'active' | 'suspended' | 'closed'

export interface NewLine {
  readonly msisdn: string
  readonly billing: Billing
  /** Prepaid: the money on the line. Post-paid: the credit limit, of which charges take. */
  readonly balance: bigint
  readonly status?: LineStatus
  readonly carrier?: string
  readonly brand?: string
  readonly language?: 'zh' | 'en'
  /** GB/T 2260, six digits. */
  readonly region?: string
}
export type LineFacts = Required<NewLine>

/** What a charge is. The first four fields are its identity; the names only print on the bill. */
export interface ChargeContent {
  readonly msisdn: string
  readonly amount: bigint
  readonly merchantId: string
  /** Product code, or `-`. */
  readonly goods: string
  readonly merchantName: string
  readonly description: string
}

export type ChargeStatus = 'reserved' | 'committed' | 'released' | 'reversed'

/** Every way in which a verb says no. The table gives the HTTP status of each. */
export const codes = {
  bad_request: 400,
  unauthorized: 401,
  unknown_number: 404,
  charge_not_found: 404,
  refund_not_found: 404,
  no_such_path: 404,
  line_exists: 409,
  exists_with_different_content: 409,
  balance_below_reserved: 409,
  line_suspended: 422,
  line_closed: 422,
  low_credit: 422,
  not_eligible: 422,
  reservation_expired: 422,
  already_reversed: 422,
  charge_committed: 422,
  not_committed: 422,
  refunds_exist: 422,
  refund_too_large: 422,
  refused: 422,
} as const
export type Code = keyof typeof codes

export type Verdict<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly code: Code }

export const yes = <Value>(value: Value) => ({ ok: true, value }) as const
export const no = (code: Code) => ({ ok: false, code }) as const

/** A charge as told to the platform. A tombstone (released before it came) has no content. */
export interface ChargeAnswer {
  readonly chargeId: string
  readonly status: ChargeStatus
  readonly carrierRef: string | null
  readonly msisdn: string | null
  readonly amount: bigint | null
  readonly refunded: bigint
}
export interface RefundAnswer {
  readonly chargeId: string
  readonly refundId: string
  readonly status: 'refunded'
  readonly amount: bigint
}

/** The carrier drops a reservation by itself after five minutes. */
export const reservationMs = 300_000

/** Reads 13800138000, 8613800138000, 008613800138000 or +8613800138000 into E.164. */
export function msisdnOf(text: string): string | undefined {
  const match = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(text)
  return match ? `+86${match[1]}` : undefined
}

/** `yuan(3000n)` is `30.00`. */
export function yuan(fen: bigint): string {
  const text = (fen < 0n ? -fen : fen).toString().padStart(3, '0')
  return `${fen < 0n ? '-' : ''}${text.slice(0, -2)}.${text.slice(-2)}`
}
