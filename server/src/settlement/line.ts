/** One line of a merchant's day: a sale posted or a refund completed on that business date. */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'

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
  /** Whose money paid the sale, and to whom a refund goes back. */
  readonly source: Source
  readonly settleOn: BusinessDate
  readonly region: string
  /** The merchant's refund number or ours; empty for a sale. */
  readonly refundId: string
}

export interface SourceTotals {
  readonly salesCount: bigint
  readonly sales: Amount
  readonly refundsCount: bigint
  readonly refunds: Amount
}

export interface StatementTotals extends SourceTotals {
  readonly bySource: Readonly<Record<Source, SourceTotals>>
}
