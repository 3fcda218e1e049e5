/** The answers of both contracts, for the OpenAPI page. They are not enforced here: tests do that. */
import { z } from 'zod'
import { createPaymentBody, phoneNumber } from './requests.ts'
import { paymentStatuses, refundStatuses } from './status.ts'

export const errorAnswer = z.object({
  status: z.int(),
  code: z.string().meta({ example: 'INVALID_ARGUMENT' }),
  message: z.string(),
})

const instant = z.iso.datetime({ offset: true })
const transaction = createPaymentBody.shape.amountTransaction.extend({
  phoneNumber,
  resourceURL: z.string(),
  serverReferenceCode: z.string(),
})

export const paymentAnswer = z.object({
  paymentId: z.string(),
  amountTransaction: transaction,
  paymentStatus: z.enum(paymentStatuses),
  paymentCreationDate: instant,
  paymentDate: instant.optional(),
  sink: z.string().optional(),
})

export const preparedAnswer = paymentAnswer.omit({ paymentDate: true }).extend({
  validationInfo: z
    .object({ action: z.literal('validate'), authorizationId: z.string() })
    .optional(),
})

export const refundAnswer = z.object({
  refundId: z.string(),
  type: z.enum(['total', 'partial']),
  refundStatus: z.enum(refundStatuses),
  refundCreationDate: instant,
  refundDate: instant.optional(),
  reason: z.string().optional(),
  sink: z.string().optional(),
  amountTransaction: z.object({
    clientCorrelator: z.string().optional(),
    referenceCode: z.string(),
    refundAmount: z.object({}).loose(),
  }),
})

export const remainingAnswer = z.object({
  amount: z.number(),
  currency: z.string(),
  description: z.string(),
  isTaxIncluded: z.boolean(),
})

/** `errorsOf(400, 404)`: the error answer for each of these and for 401, 403 and 429. */
export const errorsOf = (...statuses: readonly number[]) =>
  Object.fromEntries([401, 403, 429, ...statuses].map((status) => [status, errorAnswer]))
