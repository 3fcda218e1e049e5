/** Everything that can happen to payments, as data: the commands of the payments lane. */
import type { Msisdn, Result } from '../kernel/index.ts'
import type { CardTerms } from './card.ts'
import type { Answered, CarrierOutcome } from './decide/charge.ts'
import type { DeliveryResult } from './decide/delivery.ts'
import type { PlacedOrder } from './decide/new-payment.ts'
import type { PlacedRefund, RefundAnswered, RefundOutcome } from './decide/refund.ts'
import type { Text } from './decide/text.ts'
import type { Payment, Refund, RefundRefusal } from './payment.ts'
import type { OrderResult, StepRefusal } from './payments.ts'

/** `msisdn` is the payer's: its row is locked, so that a number's commands run one after the other. */
export type Command = { readonly msisdn: Msisdn } & (
  | {
      readonly kind: 'order'
      readonly order: PlacedOrder
      /** Does nothing when the number is not known to be active: the carrier is to be asked first. */
      readonly ifKnown?: true
      /** Does nothing when it was made before, or would be refused. */
      readonly ifAccepted?: true
    }
  | { readonly kind: 'text'; readonly text: Text }
  | { readonly kind: 'validate'; readonly paymentId: string; readonly code: string }
  | { readonly kind: 'approve'; readonly paymentId: string; readonly card?: CardTerms }
  | { readonly kind: 'confirm' | 'cancel' | 'expire' | 'remind'; readonly paymentId: string }
  | {
      readonly kind: 'carrier_answered'
      readonly paymentId: string
      readonly outcome: CarrierOutcome
      readonly attempt: number
    }
  | { readonly kind: 'delivery'; readonly paymentId: string; readonly result: DeliveryResult }
  | { readonly kind: 'refund'; readonly paymentId: string; readonly order: PlacedRefund }
  | {
      readonly kind: 'refund_answered'
      readonly paymentId: string
      readonly refundId: string
      readonly outcome: RefundOutcome
      readonly attempt: number
    }
)

/** What moves one payment along, and is refused where the payment is past it. */
export type Step = Extract<
  Command,
  {
    readonly kind: 'validate' | 'approve' | 'confirm' | 'cancel' | 'expire' | 'remind' | 'delivery'
  }
>

export type CommandResult =
  /** Of an order `ifKnown` or `ifAccepted`: nothing was done. */
  | { readonly kind: 'unplaced' }
  | { readonly kind: 'order'; readonly result: OrderResult }
  | { readonly kind: 'text' }
  | { readonly kind: 'step'; readonly result: Result<Payment, StepRefusal> }
  | { readonly kind: 'carrier_answered'; readonly result: Answered | null }
  | { readonly kind: 'refund'; readonly result: Result<Refund, RefundRefusal> }
  | { readonly kind: 'refund_answered'; readonly result: RefundAnswered | null }
