/**
 * What people are told of money between them, without words: `channels/sms` has them. Amounts are fen as
 * strings, times local to the operator; other people stand here by their masked numbers alone.
 */
import type { Outgoing } from '../payments/index.ts'
import type { EndReason } from './transfer.ts'
import type { Refusal } from './words.ts'

interface Amounting {
  readonly amount: string
}

/** It changed the balance of who is told. */
interface Change extends Amounting {
  readonly at: string
  readonly balance: string
}

interface About {
  /** The other side: `138****8000`. */
  readonly other: string
}

interface Why {
  readonly why: Refusal
  readonly left?: string
  /** Until it may be tried again. */
  readonly waitMs?: number
}

interface Timed {
  readonly due: string
}

export type TransferNotice =
  | (Change & About & { readonly id: 'transfer_sent' | 'transfer_received' })
  | (Change & About & Timed & { readonly id: 'transfer_delayed' | 'transfer_waiting' })
  /** To the payee: it is on its way, or waits until a wallet is opened. */
  | (Amounting & About & Timed & { readonly id: 'transfer_coming' | 'transfer_to_claim' })
  | (Change & About & { readonly id: 'transfer_cancelled'; readonly reason: EndReason })
  | (Amounting & About & { readonly id: 'transfer_called_off' | 'transfer_arrived' })
  | (Change & About & { readonly id: 'transfer_returned' })
  | (Amounting & About & Timed & { readonly id: 'transfer_requested' })
  | (Amounting & About & { readonly id: 'transfer_request_declined' })
  /** To whose code was read: it was not paid, and why. */
  | (Amounting & About & Why & { readonly id: 'transfer_code_refused' })
  | (Amounting & About & { readonly id: 'transfer_mandate_given' | 'transfer_mandate_ended' })
  /** A standing order was skipped: what stood in its way. */
  | (Amounting & About & { readonly id: 'transfer_mandate_skipped'; readonly why: string })
  | (Amounting & About & { readonly id: 'transfer_split_asked' | 'transfer_split_reminder' })
  | (Amounting & About & { readonly id: 'transfer_share_declined' })
  | (About & { readonly id: 'transfer_split_stopped' })
  | (Amounting & { readonly id: 'transfer_split_closed' })
  | (Change & { readonly id: 'transfer_packet_sent'; readonly count: number })
  | (About & { readonly id: 'transfer_packet_for_you' })
  | (Change & About & { readonly id: 'transfer_packet_opened' })
  | (Change & { readonly id: 'transfer_packet_returned' })

export type TransferOutgoing = Omit<Outgoing, 'notice'> & { readonly notice: TransferNotice }
