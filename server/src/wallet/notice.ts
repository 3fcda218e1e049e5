/**
 * What the owner of a wallet is told of its movements (账户变动通知), without words: `channels/sms` has them.
 * Amounts are fen as strings, times local to the operator, for notices travel through the outbox as JSON.
 */
import type { Outgoing } from '../payments/index.ts'
import type { EndReason, Speed } from './movement.ts'

/** Texts about the wallet and cards come from here. */
export const walletService = '10658008'

export interface Change {
  readonly at: string
  readonly amount: string
  readonly balance: string
}

interface Carded {
  readonly last4: string
}

/** The most of a masked name that is kept and said, so that a text is one message. */
export const payeeMax = 16

/** Of a stranger's card: whose it is, masked. */
interface ToPayee extends Carded {
  readonly payee: string
}

export type WalletNotice =
  | (Change & Carded & { readonly id: 'wallet_topped_up' })
  | ({ readonly id: 'wallet_top_up_unknown'; readonly amount: string } & Carded)
  /** Nothing was taken from the card. */
  | ({
      readonly id: 'wallet_top_up_refused'
      readonly amount: string
      readonly reason: EndReason
    } & Carded)
  /** The bank says that it has taken nothing, or given it back. */
  | ({ readonly id: 'wallet_top_up_reversed'; readonly amount: string } & Carded)
  | (Change &
      Carded & {
        readonly id: 'wallet_withdrawal_requested'
        readonly fee: string
        readonly speed: Speed
      })
  | ({ readonly id: 'wallet_withdrawal_unknown'; readonly amount: string } & Carded)
  | ({ readonly id: 'wallet_withdrawal_paid'; readonly amount: string } & Carded)
  /** `amount` with the fee. */
  | (Change & Carded & { readonly id: 'wallet_withdrawal_returned'; readonly reason: EndReason })
  | (Change & Carded & { readonly id: 'wallet_repayment_requested'; readonly fee: string })
  | ({ readonly id: 'wallet_repayment_unknown' | 'wallet_repayment_paid' } & Carded & {
        readonly amount: string
      })
  /** `amount` with the fee. */
  | (Change & Carded & { readonly id: 'wallet_repayment_returned'; readonly reason: EndReason })
  /** It did not begin: what its top-up brought, if anything, is in the balance. */
  | ({ readonly id: 'wallet_repayment_refused' } & Carded & { readonly amount: string })
  | (Change & ToPayee & { readonly id: 'wallet_card_transfer_requested'; readonly fee: string })
  | ({ readonly id: 'wallet_card_transfer_unknown' | 'wallet_card_transfer_paid' } & ToPayee & {
        readonly amount: string
      })
  /** `amount` with the fee. */
  | (Change &
      ToPayee & { readonly id: 'wallet_card_transfer_returned'; readonly reason: EndReason })
  | (Change & { readonly id: 'wallet_cash_in' | 'wallet_cash_out' })
  /** Found when days were compared with the bank. */
  | (Change & { readonly id: 'wallet_credited' | 'wallet_top_up_voucher' })
  | { readonly id: 'wallet_closed' }
  | { readonly id: 'wallet_not_closed'; readonly balance: string }

export type WalletOutgoing = Omit<Outgoing, 'notice'> & { readonly notice: WalletNotice }
