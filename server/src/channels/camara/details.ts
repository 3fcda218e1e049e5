/** What a payment or refund keeps of its CAMARA request, in `details.camara`, to give it back unchanged. */
import type { Payment, Refund } from '../../payments/index.ts'
import type { CreateRefundBody, PaymentAmount } from './requests.ts'
import type { StoredSink } from './sink.ts'

export interface RequestKeys {
  readonly referenceCode: string
  readonly clientCorrelator?: string | undefined
  readonly idempotencyKey?: string | undefined
}

export interface PaymentDetails extends RequestKeys, StoredSink {
  readonly paymentAmount: PaymentAmount
}

export interface RefundDetails extends RequestKeys, StoredSink {
  readonly type: CreateRefundBody['type']
  readonly refundAmount: CreateRefundBody['amountTransaction']['refundAmount']
}

/** Only this file writes and reads the member, so its shape is known. */
export const withDetails = (camara: PaymentDetails | RefundDetails, test: boolean) => ({
  camara,
  test,
})
export const paymentDetails = ({ details }: Payment) =>
  details?.camara as PaymentDetails | undefined
export const refundDetails = ({ details }: Refund) => details?.camara as RefundDetails | undefined
