/** Payments and refunds as the contract shows them. Times are RFC 3339 in UTC. */
import type { Payment, Refund } from '../../payments/index.ts'
import { numberOf } from './amount.ts'
import {
  type PaymentDetails,
  paymentDetails,
  type RefundDetails,
  refundDetails,
} from './details.ts'
import { refundStatusOf, statusOf } from './status.ts'

export const paymentsPath = '/carrier-billing/v0.5'
export const refundsPath = '/carrier-billing-refund/v0.3'

const instant = (at: number) => new Date(at).toISOString()

/** `origin` is the API root, for the address of the resource. */
export const paymentUrl = (origin: string, { id }: Pick<Payment, 'id'>) =>
  `${origin}${paymentsPath}/payments/${id}`

export function presentPayment(payment: Payment, origin: string) {
  const { paymentAmount, referenceCode, clientCorrelator, sink } = requestOf(payment)
  const paymentStatus = statusOf(payment)
  const paid = paymentStatus === 'succeeded' && payment.chargedAt !== null
  return {
    paymentId: payment.id,
    amountTransaction: {
      phoneNumber: payment.msisdn,
      ...(clientCorrelator !== undefined && { clientCorrelator }),
      paymentAmount,
      referenceCode,
      resourceURL: paymentUrl(origin, payment),
      serverReferenceCode: payment.orderNo,
    },
    paymentStatus,
    paymentCreationDate: instant(payment.createdAt),
    ...(paid && { paymentDate: instant(payment.chargedAt) }),
    ...(sink !== undefined && { sink }),
  }
}

/** `validationInfo` while a code is awaited; the payment's id is its authorization id. */
export function presentPrepared(payment: Payment, origin: string) {
  const { paymentDate: _, ...shown } = presentPayment(payment, origin)
  const asked = shown.paymentStatus === 'pending_validation'
  const validationInfo = { action: 'validate', authorizationId: payment.id }
  return { ...shown, ...(asked && { validationInfo }) }
}

/** A payment that was not ordered here (our own API, a checkout page) is described from its facts. */
export function requestOf(payment: Payment): PaymentDetails {
  return (
    paymentDetails(payment) ?? {
      referenceCode: payment.merchantOrderId ?? payment.orderNo,
      paymentAmount: {
        chargingInformation: {
          amount: numberOf(payment.amount),
          currency: 'CNY',
          description: payment.goods.en,
          isTaxIncluded: true,
        },
      },
    }
  )
}

export function presentRefund(refund: Refund, payment: Payment) {
  const { type, refundAmount, referenceCode, clientCorrelator, sink } = refundRequestOf(
    refund,
    payment,
  )
  const refundStatus = refundStatusOf(refund)
  const returned = refundStatus === 'succeeded' && refund.endedAt !== null
  return {
    refundId: refund.id,
    type,
    refundStatus,
    refundCreationDate: instant(refund.requestedAt),
    ...(returned && { refundDate: instant(refund.endedAt) }),
    ...(refund.reason !== '' && { reason: refund.reason }),
    ...(sink !== undefined && { sink }),
    amountTransaction: {
      ...(clientCorrelator !== undefined && { clientCorrelator }),
      refundAmount,
      referenceCode,
    },
  }
}

export function refundRequestOf(refund: Refund, payment: Payment): RefundDetails {
  const known = refundDetails(refund)
  if (known) return known
  const referenceCode = refund.merchantRefundId ?? refund.id
  if (refund.amount === payment.amount) return { type: 'total', referenceCode, refundAmount: {} }
  const chargingInformation = {
    amount: numberOf(refund.amount),
    currency: 'CNY',
    description: payment.goods.en,
    isTaxIncluded: true,
  }
  return { type: 'partial', referenceCode, refundAmount: { chargingInformation } }
}

/** What was never asked back: a refund under way counts as returned (YAML, case 2). */
export function presentRemaining(payment: Payment) {
  const status = statusOf(payment)
  const nothing = status === 'denied' || status === 'cancelled'
  const left = nothing ? 0n : payment.amount - payment.refunded - payment.refunding
  const { isTaxIncluded = false, taxAmount = 0 } =
    requestOf(payment).paymentAmount.chargingInformation
  return {
    amount: numberOf(left),
    currency: 'CNY',
    description: 'Amount not refunded so far',
    // What we charge is the amount and its tax, so with a tax on top the remainder includes it.
    isTaxIncluded: isTaxIncluded || taxAmount > 0,
  }
}
