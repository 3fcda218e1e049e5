/** One line of a merchant's day: a sale posted or a refund completed on that business date. */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'

export interface StatementLine {
  readonly kind: 'sale' | 'refund'
  readonly merchantId: string
  /** Product code, or `-` for an open amount. */
  readonly goods: string
  readonly msisdn: Msisdn
  /** The merchant's order number, or ours when it gave none. */
  readonly orderId: string
  /** When it was ordered, and when the money was posted: business dates. */
  readonly orderedOn: BusinessDate
  readonly postedOn: BusinessDate
  /** `hhmmss` of the posting in the operator's zone. */
  readonly postedTime: string
  readonly amount: Amount
  readonly settleOn: BusinessDate
  readonly region: string
  /** The merchant's refund number or ours; empty for a sale. */
  readonly refundId: string
}

export interface StatementTotals {
  readonly salesCount: bigint
  readonly sales: Amount
  readonly refundsCount: bigint
  readonly refunds: Amount
}
