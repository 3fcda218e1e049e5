/** One message that moves money, and what the bank has answered to it. It never changes afterwards. */

/** What moves money. The other messages are in `request.ts`. */
export const transactionKinds = ['purchase', 'credit', 'void', 'refund', 'reversal'] as const
export type TransactionKind = (typeof transactionKinds)[number]

/** Done: the money moved. Accepted: decided later. Declined: nothing moved, and nothing will. */
export type TransactionState = 'done' | 'accepted' | 'declined'

export interface TransactionFacts {
  /** Fields 7, 11, 32 and 33, the last two filled up to eleven digits: the end of field 90. */
  readonly key: string
  readonly kind: TransactionKind
  readonly pan: string
  readonly account: string
  readonly amount: bigint
  /** Business day, YYYYMMDD. */
  readonly day: string
  readonly state: TransactionState
  /** Field 39. */
  readonly code: string
  /** Field 38; six zeros when nothing was approved. */
  readonly authorization: string
  /** Field 37. */
  readonly reference: string
  readonly fee: bigint
  /** The key of what a void, a refund or a reversal is about. */
  readonly original?: string
}

/** A transaction with what came after it. */
export interface Transaction extends TransactionFacts {
  readonly at: number
  /** Set by a reversal that was done. */
  reversed: boolean
  /** Set by a void that was done and not reversed. */
  voided: boolean
  /** Sum of the refunds that were done. */
  refunded: bigint
  /** What became of an accepted credit, and on which business day. */
  decided?: { readonly outcome: 'done' | 'refused'; readonly day: string }
}

/** What a credit is answered that is accepted and decided later: never a final answer. */
export const acceptedCodes: readonly string[] = ['A2', 'A4', 'A5', 'A6']
