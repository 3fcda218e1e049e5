/**
 * What the owner of a wallet is told of bills, without words: `channels/sms` has them. Amounts are fen as strings,
 * times local to the operator; of an account only the end stands here.
 */
import type { Outgoing } from '../payments/index.ts'
import type { EndReason } from './bill.ts'

interface Billed {
  readonly amount: string
  readonly name: { readonly zh: string; readonly en: string }
  /** `****0042` */
  readonly account: string
}

export type BillNotice =
  | (Billed & {
      readonly id: 'bill_written_off'
      readonly at: string
      readonly receiptNo: string
      readonly balance: string
    })
  | (Billed & { readonly id: 'bill_unknown' })
  | (Billed & {
      readonly id: 'bill_returned'
      readonly at: string
      readonly balance: string
      readonly reason: EndReason
    })
  /** A reminder: so much is due. */
  | (Billed & { readonly id: 'bill_due' })

export type BillOutgoing = Omit<Outgoing, 'notice'> & { readonly notice: BillNotice }
