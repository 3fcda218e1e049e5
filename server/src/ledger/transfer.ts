/**
 * The ledger's vocabulary: accounts and the transfers between them (the model of TigerBeetle, in
 * SQL).
 *
 *     pending ──post──▶ posted        (all of the amount, or a part: the rest is given back)
 *        ├─────void───▶ voided
 *        └─────expire─▶ expired
 *
 * A transfer never changes once written. A plain `transfer` is posted at once. Posting, voiding and
 * expiring are transfers of their own that point to the pending one and can happen once.
 */
import type { Amount, BusinessDate } from '../kernel/index.ts'

/** What an account may do. A flag is fixed when the account is opened. */
export const accountFlags = {
  none: 0,
  /** A liability: what it owes may not fall below zero. Pending debits count as spent. */
  debitsMustNotExceedCredits: 1,
  /** An asset: may not be drawn below zero. Pending credits count as spent. */
  creditsMustNotExceedDebits: 2,
} as const

/** An account is named by its bucket and name. It is opened by its first transfer. */
export interface AccountRef {
  readonly bucket: number
  /** For example `merchant-pending:6021`. See the chart of accounts in `chart.ts`. */
  readonly name: string
  readonly flags: number
}

export interface Balances {
  readonly debitsPending: Amount
  readonly debitsPosted: Amount
  readonly creditsPending: Amount
  readonly creditsPosted: Amount
}

export interface Account extends AccountRef, Balances {
  /** Counts the transfers that touched the account: its history has no gap and one order. */
  readonly version: bigint
  /** When the last of them was made, in ms. */
  readonly changedAt: number
}

interface Common {
  /** A UUID in lower case, unique for ever: the same id with the same content answers `exists`. */
  readonly id: string
  readonly bucket: number
  /** What the transfer is for, for example a payment's id. */
  readonly subject: string
  /** What happened, for example `charge` or `refund`. Fixed words, see `chart.ts`. */
  readonly reason: string
  readonly businessDate: BusinessDate
  /** All or nothing with the next command of the list. The last of a chain has `linked: false`. */
  readonly linked?: boolean
}

export interface PlainTransfer extends Common {
  readonly kind: 'transfer' | 'pending'
  readonly debit: AccountRef
  readonly credit: AccountRef
  /** More than zero. */
  readonly amount: Amount
}

export interface Posting extends Common {
  readonly kind: 'post'
  readonly pendingId: string
  /** At most the pending amount; all of it when absent. The rest is given back. */
  readonly amount?: Amount
}

export interface Releasing extends Common {
  readonly kind: 'void' | 'expire'
  readonly pendingId: string
}

export type Settling = Posting | Releasing

export type TransferCommand = PlainTransfer | Settling

export type TransferKind = TransferCommand['kind']
export type SettlingKind = Settling['kind']

/**
 * What makes two transfers the same. The date is not part of it: a retry may come after midnight.
 */
export interface TransferContent {
  readonly id: string
  readonly bucket: number
  readonly kind: TransferKind
  readonly debitAccount: string
  readonly creditAccount: string
  /** Of a void or an expiry: what was given back. */
  readonly amount: Amount
  readonly pendingId: string | null
  readonly subject: string
  readonly reason: string
}

/** An account just after a transfer. */
export interface AccountAfter extends Balances {
  readonly version: bigint
}

/** A transfer as it was written. */
export interface Transfer extends TransferContent {
  readonly businessDate: BusinessDate
  /** In ms; never earlier than the transfer before it on either account. */
  readonly createdAt: number
  readonly debit: AccountAfter
  readonly credit: AccountAfter
}

export type TransferResult =
  | { readonly ok: true; readonly value: 'created' | 'exists' }
  | { readonly ok: false; readonly refusal: TransferRefusal }

/** In the order in which they are looked for. */
export type TransferRefusal =
  | 'exists_with_different_content'
  | 'amount_must_be_positive'
  | 'accounts_must_be_different'
  | 'accounts_must_be_in_one_bucket'
  | 'units_differ'
  | 'account_has_different_flags'
  | 'pending_transfer_not_found'
  | 'pending_transfer_already_posted'
  | 'pending_transfer_already_voided'
  | 'pending_transfer_expired'
  | 'exceeds_pending_amount'
  | 'exceeds_credits'
  | 'exceeds_debits'
  | 'overflows_balance'
  /** A neighbour in the same linked chain was refused. */
  | 'linked_transfer_failed'
