/** The shapes of the merchant API. Amounts are strings of fen; times are RFC 3339 in UTC. */
import { z } from 'zod'
import { holdsCardNumber } from '../../kernel/index.ts'
import { numberForMerchant, type Payment, type Refund, type State } from '../../payments/index.ts'

export const msisdnField = z
  .string()
  .max(20)
  .describe('A mobile number: 13800138000 or +8613800138000')
export const amountField = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'must be fen as a whole number in a string, for example "1000"')
  .describe('Fen, for example "1000" for CNY 10.00')
export const orderIdField = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  .describe("The merchant's own order number, unique for ever")
/** One line of characters one can see and a database can keep. */
const plain = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u, 'must hold no control or invisible characters')

/** Words for people. A card number in them would be kept, texted and told on. */
const words = (max: number) =>
  plain(max).refine((text) => !holdsCardNumber(text), 'must hold no number of a payment card')
export const productField = z.string().regex(/^\d{3}$/, 'must be a product code of three digits')
export const goodsField = words(24).describe('What is bought, for the text')

export const idParams = z.object({ id: z.uuid() })

/** Which fields belong to which kind of purchase: what would be ignored is refused instead. */
const oneKind = {
  refine: (body: { product?: unknown; amount?: unknown; goods?: unknown; account?: unknown }) =>
    body.product === undefined
      ? body.amount !== undefined && body.account === undefined
      : body.amount === undefined && body.goods === undefined,
  message: 'must hold either product, with account if any, or amount, with goods if any',
}

/** They pay with a PIN. */
const withPin = (source: string | undefined) => source === 'card' || source === 'wallet'

export const newPayment = z
  .strictObject({
    msisdn: msisdnField,
    product: productField.optional(),
    account: plain(32).optional(),
    amount: amountField.optional(),
    goods: goodsField.optional(),
    orderId: orderIdField,
    source: z
      .enum(['phone_bill', 'card', 'wallet'])
      .optional()
      .describe('Whose money pays; the phone bill unless said otherwise'),
    consent: z
      .enum(['reply', 'code', 'pin', 'none'])
      .default('reply')
      .describe(
        'How the customer agrees: reply to a text, a code from it, or a contract that needs none; to a purchase by card or from the wallet with the PIN, in a reply',
      ),
    replyMinutes: z.int().min(1).max(60).optional(),
  })
  .refine(oneKind.refine, { message: oneKind.message, path: ['product'] })
  .refine(({ source, consent }) => !withPin(source) || consent === 'reply' || consent === 'pin', {
    message: 'must be pin where a card or the wallet pays',
    path: ['consent'],
  })
  .refine(({ source, consent }) => withPin(source) || consent !== 'pin', {
    message: 'must be reply, code or none where the phone bill pays',
    path: ['consent'],
  })

export const newCheckout = z
  .strictObject({
    product: productField.optional(),
    amount: amountField.optional(),
    goods: goodsField.optional(),
    orderId: orderIdField,
    returnUrl: z
      .url({ protocol: /^https?$/ })
      .max(500)
      .regex(/^[\x21-\x7e]+$/, 'must be written in visible ASCII characters')
      .optional(),
    validMinutes: z.int().min(5).max(120).default(30),
  })
  .refine(oneKind.refine, { message: oneKind.message, path: ['product'] })

export const newQrCode = z
  .strictObject({
    product: productField.optional(),
    amount: amountField.optional(),
    goods: goodsField.optional(),
    orderId: orderIdField,
    validMinutes: z.int().min(1).max(1_440).default(3),
  })
  .refine(oneKind.refine, { message: oneKind.message, path: ['product'] })

export const newRefund = z.strictObject({
  amount: amountField.optional().describe('All that is left when absent'),
  refundId: orderIdField.describe("The merchant's own refund number, unique for ever"),
  reason: words(200).default('requested by merchant'),
})

export const deliveryBody = z.strictObject({ result: z.enum(['delivered', 'failed']) })
export const codeBody = z.strictObject({ code: z.string().regex(/^\d{6}$/) })

export const instant = z.iso.datetime()
const states = [
  'refused',
  'awaiting_confirm',
  'cancelled',
  'expired',
  'reserving',
  'reserved',
  'charging',
  'charge_unknown',
  'charge_failed',
  'reversing',
  'reversed',
  'delivering',
  'delivery_unknown',
  'delivered',
  'delivery_failed',
  'refunded',
] as const satisfies readonly State[]

export const paymentView = z.object({
  id: z.string(),
  orderNo: z.string(),
  orderId: z.string().nullable(),
  msisdn: z.string(),
  product: z.string(),
  goods: z.string(),
  account: z.string().nullable(),
  amount: z.string(),
  currency: z.literal('CNY'),
  source: z.enum(['phone_bill', 'card', 'wallet']),
  channel: z.enum(['sms', 'web', 'api']),
  state: z.enum(states),
  reason: z.string().nullable(),
  paid: z
    .boolean()
    .describe('True once the phone bill or the card is charged; false while nobody knows'),
  refunded: z.string(),
  createdAt: instant,
  expiresAt: instant,
  chargedAt: instant.nullable(),
  businessDate: z.string().nullable(),
})

export const refundView = z.object({
  id: z.string(),
  paymentId: z.string(),
  refundId: z.string().nullable(),
  amount: z.string(),
  state: z.enum(['processing', 'unknown', 'succeeded', 'denied']),
  reason: z.string(),
  requestedAt: instant,
  endedAt: instant.nullable(),
})

export const checkoutView = z.object({
  id: z.string(),
  url: z.string(),
  orderId: z.string(),
  amount: z.string(),
  state: z.string(),
  paymentId: z.string().nullable(),
  expiresAt: instant,
})

export const iso = (at: number) => new Date(at).toISOString()

export const viewOfPayment = (payment: Payment): z.infer<typeof paymentView> => ({
  id: payment.id,
  orderNo: payment.orderNo,
  orderId: payment.merchantOrderId,
  msisdn: numberForMerchant(payment),
  product: payment.product,
  goods: payment.goods[payment.language],
  account: payment.account,
  amount: payment.amount.toString(),
  currency: 'CNY',
  source: payment.source,
  channel: payment.channel,
  state: payment.state,
  reason: payment.reason,
  paid: payment.chargedAt !== null,
  refunded: payment.refunded.toString(),
  createdAt: iso(payment.createdAt),
  expiresAt: iso(payment.deadlineAt),
  chargedAt: payment.chargedAt === null ? null : iso(payment.chargedAt),
  businessDate: payment.businessDate,
})

export const viewOfRefund = (refund: Refund): z.infer<typeof refundView> => ({
  id: refund.id,
  paymentId: refund.paymentId,
  refundId: refund.merchantRefundId,
  amount: refund.amount.toString(),
  state: refund.state,
  reason: refund.reason,
  requestedAt: iso(refund.requestedAt),
  endedAt: refund.endedAt === null ? null : iso(refund.endedAt),
})
