/**
 * The request bodies of both YAML contracts. Unknown properties are refused: a misspelt
 * `clientCorrelator` must not silently switch off the protection against paying twice.
 */
import { z } from 'zod'
import { holdsCardNumber } from '../../kernel/index.ts'

const textMax = 256
const text = z.string().min(1).max(textMax)
const amount = z.number().min(0.001).max(1_000_000_000).multipleOf(0.001)
const taxAmount = z.number().min(0).max(1_000_000_000).multipleOf(0.001)

export const phoneNumber = z
  .string()
  .regex(/^\+[1-9][0-9]{4,14}$/)
  .describe('E.164 with `+`. Given with a two-legged token, and only then.')
  .meta({ example: '+8613900000001' })

/** An issue that has a code of its own in the contract. */
export interface NamedIssue {
  readonly camara: 'INVALID_SINK' | 'INVALID_CREDENTIAL' | 'INVALID_TOKEN'
}
const named = (camara: NamedIssue['camara'], message: string) => ({
  code: 'custom' as const,
  message,
  params: { camara } satisfies NamedIssue,
})

export const sink = z
  .string()
  .max(2_048)
  .superRefine((value, context) => {
    const url = URL.canParse(value) ? new URL(value) : undefined
    if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
      context.addIssue(named('INVALID_SINK', 'sink not valid for the specified protocol'))
  })
  .describe('https only. Events are posted here.')
  .meta({ format: 'uri', example: 'https://shop.example/events' })

const instant = z.iso.datetime({ offset: true })

const credentialShape = z.looseObject({ credentialType: z.string().max(textMax) })
const accessToken = z.strictObject({
  credentialType: z.literal('ACCESSTOKEN'),
  accessToken: z.string().min(1).max(8_192),
  accessTokenExpiresUtc: instant,
  accessTokenType: z.literal('bearer'),
})
export type AccessTokenCredential = z.infer<typeof accessToken>

/** Only ACCESSTOKEN with bearer; anything else of the right shape has its own code. */
export const sinkCredential = credentialShape
  .superRefine((value, context) => {
    const { credentialType, accessTokenType } = value
    if (credentialType !== 'ACCESSTOKEN')
      context.addIssue(named('INVALID_CREDENTIAL', 'Only Access token is supported'))
    else if (typeof accessTokenType === 'string' && accessTokenType !== 'bearer')
      context.addIssue(named('INVALID_TOKEN', 'Only bearer token is supported'))
  })
  .pipe(accessToken)

const chargingInformation = z.strictObject({
  amount,
  currency: z.string().max(textMax).meta({ example: 'CNY' }),
  description: text.refine((words) => !holdsCardNumber(words), 'holds a card number'),
  isTaxIncluded: z.boolean().optional(),
  taxAmount: taxAmount.optional(),
})
export type ChargingInformation = z.infer<typeof chargingInformation>

const itemsMax = 100

const paymentAmount = z.strictObject({
  chargingInformation,
  chargingMetaData: z
    .strictObject({
      merchantName: text.optional(),
      merchantIdentifier: text.optional(),
      fee: z.number().multipleOf(0.01).optional(),
      purchaseCategoryCode: text.optional(),
      channel: text.optional(),
      serviceId: text.optional(),
      productId: text.optional(),
    })
    .optional(),
  paymentDetails: z
    .array(chargingInformation.extend({ id: text }))
    .min(1)
    .max(itemsMax)
    .optional(),
})
export type PaymentAmount = z.infer<typeof paymentAmount>

export const createPaymentBody = z.strictObject({
  amountTransaction: z.strictObject({
    phoneNumber: phoneNumber.optional(),
    clientCorrelator: text.optional().describe('Used once; a second payment with it is refused.'),
    referenceCode: text.describe('The merchant’s own reference, used once.'),
    paymentAmount,
  }),
  sink: sink.optional(),
  sinkCredential: sinkCredential.optional(),
})
export type CreatePaymentBody = z.infer<typeof createPaymentBody>

export const validateBody = z.strictObject({
  authorizationId: text,
  code: text.describe('The code we texted to the customer.'),
})

export const phoneNumberBody = z.strictObject({ phoneNumber: phoneNumber.optional() })

const refundMetaData = z.strictObject({ merchantIdentifier: text.optional() })
const refundDetails = z
  .array(chargingInformation.extend({ paymentItemId: text }))
  .min(1)
  .max(itemsMax)

const refundCommon = {
  reason: z.string().max(textMax).optional(),
  sink: sink.optional(),
  sinkCredential: sinkCredential.optional(),
}
const refundTransaction = { clientCorrelator: text.optional(), referenceCode: text }

const totalRefund = z.strictObject({
  type: z.literal('total'),
  amountTransaction: z.strictObject({
    ...refundTransaction,
    refundAmount: z.strictObject({ chargingMetaData: refundMetaData.optional() }),
  }),
  ...refundCommon,
})
const partialRefund = z.strictObject({
  type: z.literal('partial'),
  amountTransaction: z.strictObject({
    ...refundTransaction,
    refundAmount: z.strictObject({
      chargingInformation,
      chargingMetaData: refundMetaData.optional(),
      refundDetails: refundDetails.optional(),
    }),
  }),
  ...refundCommon,
})
export const createRefundBody = z.discriminatedUnion('type', [totalRefund, partialRefund])
export type CreateRefundBody = z.infer<typeof createRefundBody>
export type PartialRefundAmount = z.infer<typeof partialRefund>['amountTransaction']['refundAmount']

export const correlatorPattern = /^[a-zA-Z0-9\-_:;./<>{}]{0,256}$/
const id = z.string().max(textMax)
export const paymentParams = z.object({ paymentId: id })
export const refundParams = z.object({ paymentId: id, refundId: id })
/** Our own addition to the contract: makes a repeated POST answer as the first did. */
export const idempotencyKeyPattern = /^[\x21-\x7e]{1,256}$/
