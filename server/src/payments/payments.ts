/**
 * The front door of payments: what channels may ask. Every call that changes something
 * joins the next batch of the payments lane and answers when that batch is durable.
 */
import type { Tx } from '../db/index.ts'
import type { Amount, Msisdn, Result } from '../kernel/index.ts'
import type { CodeProof } from '../risk/index.ts'
import type { CardTerms } from './card.ts'
import type { Incoming } from './incoming.ts'
import type {
  Channel,
  Consent,
  Flow,
  Name,
  Payment,
  Refund,
  RefundRefusal,
  Refusal,
  State,
} from './payment.ts'
import type { BillRoom } from './room.ts'

/** The same key with the same content answers with the same payment, for ever. */
export interface BusinessKey {
  /** Whose key it is, for example `api:<client>`; keys of two scopes never meet. */
  readonly scope: string
  readonly key: string
  /** Hash of the request's content: another content under the same key is refused. */
  readonly contentHash: string
}

export interface Order {
  /** Drawn beforehand, in the bucket of the number, by whoever writes down first what it will order. */
  readonly paymentId?: string
  readonly msisdn: Msisdn
  readonly merchantId: string
  /** A product of the catalogue, or an amount and words of the merchant's own. */
  readonly what:
    | { readonly product: string; readonly account?: string }
    | { readonly amount: Amount; readonly goods?: Name }
  readonly channel: Channel
  readonly consent: Consent
  readonly flow: Flow
  /**
   * The card that is to pay; the phone bill without one. Null when a card is to pay and the number has
   * none that can: that is refused where every other number is, and recorded like it.
   */
  readonly card?: CardTerms | null
  /** The number's wallet is to pay, if it has one that can. */
  readonly source?: 'wallet'
  /** With consent `device`: the caller has checked the PIN as well. */
  readonly isPinChecked?: true
  /** It began with a code: how the customer has agreed, or will. */
  readonly codeProof?: CodeProof
  /** How long the customer has to answer, in ms; the channel's default when absent. */
  readonly replyMs?: number
  readonly keys?: readonly BusinessKey[]
  readonly merchantOrderId?: string
  readonly client?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface Placed {
  readonly payment: Payment
  /** True when a key was used before: nothing was done, this is the payment of then. */
  readonly replayed: boolean
}

/** A purchase that a check refused is recorded too; `payment` is its record. */
export type OrderResult =
  | { readonly ok: true; readonly value: Placed }
  | {
      readonly ok: false
      readonly refusal: Refusal | 'exists_with_different_content'
      readonly payment: Payment | null
      /** What may still be paid from the wallet, or by codes. */
      readonly left?: Amount
    }

/** The payment of each, undefined for what was not made. */
export type AcceptedOrders = (
  orders: readonly (Order & { readonly paymentId: string })[],
) => Promise<readonly (Payment | undefined)[]>

/**
 * One transaction for orders and what leads to them. `work` orders in it once, last of all that it waits for: what is
 * new and accepted is made; of the rest, of numbers that the carrier must be asked about too, nothing is left. It may
 * be run again, and does nothing outside of its transaction.
 */
export type OrderWithin = <Value>(
  work: (tx: Tx, order: AcceptedOrders) => Promise<Value>,
) => Promise<Value>

export type StepRefusal =
  | 'payment_not_found'
  | 'not_allowed_now'
  | 'code_wrong'
  | 'no_tries_left'
  | 'codes_locked'
  | 'too_late'
  | Refusal

/** A payment, and whose it is. */
export interface Step {
  readonly paymentId: string
  readonly msisdn: Msisdn
}

export type StepResult = Result<Payment, StepRefusal>

export interface RefundOrder {
  readonly paymentId: string
  readonly msisdn: Msisdn
  /** All that is left when absent. */
  readonly amount?: Amount
  readonly reason: string
  readonly keys?: readonly BusinessKey[]
  readonly merchantRefundId?: string
  readonly client?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface PaymentFilter {
  readonly merchantId?: string
  readonly client?: string
  readonly msisdn?: Msisdn
  readonly states?: readonly State[]
  readonly createdFrom?: number
  readonly createdTo?: number
  readonly order: 'asc' | 'desc'
  readonly offset: number
  readonly limit: number
}

/**
 * A `deadline` is the last instant at which the caller still wants it done: what cannot be committed by
 * then is not done at all, and throws `DeadlinePassed`. Without one, callers are patient for ten seconds.
 */
export interface Payments {
  order(order: Order, deadline?: number): Promise<OrderResult>
  /** Each for one transaction at a time. */
  openOrders(): OrderWithin
  /** A text message from a handset: an order, a yes, a no, a question. Answers by text. */
  text(incoming: Incoming): Promise<void>
  /** The code from our text, typed on a page or sent by the merchant. */
  validate(step: Step & { readonly code: string }, deadline?: number): Promise<StepResult>
  /** A yes to a purchase with the PIN, which the caller has checked; and what the card that pays may pay now. */
  approve(step: Step & { readonly card?: CardTerms }, deadline?: number): Promise<StepResult>
  /** Second step: charge what was reserved. */
  confirm(step: Step, deadline?: number): Promise<StepResult>
  cancel(step: Step, deadline?: number): Promise<StepResult>
  /** Sends the question once more (at most twice). */
  remind(step: Step, deadline?: number): Promise<StepResult>
  refund(order: RefundOrder, deadline?: number): Promise<Result<Refund, RefundRefusal>>
  /**
   * What became of the goods, in the merchant's words; `failed` gives the money back. Without a deadline
   * it waits: what we learned of the goods is not forgotten because we were busy.
   */
  delivery(
    step: Step & { readonly result: 'delivered' | 'failed' | 'unknown' },
    deadline?: number,
  ): Promise<StepResult>
  get(paymentId: string): Promise<Payment | undefined>
  /** What a number was asked about in the last day, whatever became of it, the newest first. */
  asked(msisdn: Msisdn): Promise<Payment[]>
  /** What was ordered under this key with this content; nothing where it stands for something else. */
  keyed(key: BusinessKey): Promise<Payment | undefined>
  /** What it may still pay from its phone bill, today and this month. */
  room(msisdn: Msisdn): Promise<BillRoom>
  list(filter: PaymentFilter): Promise<{ readonly total: number; readonly items: Payment[] }>
  getRefund(refundId: string): Promise<Refund | undefined>
  refundsOf(paymentId: string): Promise<Refund[]>
  /** Waits until the payment is no longer `charging` or `reserving`, at most `timeoutMs`. */
  settled(paymentId: string, timeoutMs: number): Promise<Payment | undefined>
  refundSettled(refundId: string, timeoutMs: number): Promise<Refund | undefined>
  /** Calls back after each committed change of this process; returns a function that stops it. */
  onChange(listener: (paymentId: string) => void): () => void
}
