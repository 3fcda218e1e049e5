/**
 * A line of a wallet's statement: one transfer of the ledger that changed what can be spent, and who was on the
 * other side. The balance is the ledger's own, as it was just after the line.
 */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'
import type { Reason } from '../ledger/index.ts'

export interface Line {
  /** Of the transfer in the ledger. */
  readonly id: string
  /** The line's number in its account: a page goes on before it. */
  readonly no: bigint
  readonly kind: Reason
  readonly way: 'in' | 'out'
  readonly amount: Amount
  /** What could be spent just after it. */
  readonly balance: Amount
  readonly at: number
  readonly businessDate: BusinessDate
  readonly counterparty: Counterparty | null
  /** The payment, movement, transfer or bill that it belongs to. */
  readonly subject: string
  readonly orderNo: string | null
  readonly memo: string | null
}

export type Counterparty =
  | { readonly kind: 'merchant'; readonly name: Name; readonly goods: Name }
  /** `payee`: masked, where the card is somebody else's. */
  | {
      readonly kind: 'card'
      readonly bank: string
      readonly last4: string
      readonly payee: string | null
    }
  | { readonly kind: 'till'; readonly till: string }
  /** Of the account only the end. */
  | { readonly kind: 'biller'; readonly name: Name; readonly account: string }
  | { readonly kind: 'number'; readonly msisdn: Msisdn }

type Name = Readonly<Record<'zh' | 'en', string>>

export interface LineFilter {
  readonly walletId: string
  /** The `no` of the last line seen: goes on with older ones. */
  readonly before?: bigint
  /** `from <= at < to`, in ms. */
  readonly from?: number
  readonly to?: number
  readonly kinds?: readonly Reason[]
  /** In the names, the order number, the last digits or the memo, in whatever case. */
  readonly text?: string
  readonly limit: number
}
