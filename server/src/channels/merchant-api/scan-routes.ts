/**
 * Face to face: the customer shows a payment code and the till reads it. A problem means that nothing was written down
 * and the order number is still free; an answer has an `outcome`, which is all that a till has to look at. The order
 * is named by the merchant's own number, for a till whose answer was lost knows no other.
 */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { codeLockMs } from '../../risk/index.ts'
import type { CancelRefusal, ScanRefusal, Seen } from '../../scans/index.ts'
import { deadlineOf, notFound, ProblemError } from '../http/index.ts'
import { clientOf } from './caller.ts'
import type { MerchantApi } from './dependencies.ts'
import { amountField, goodsField, instant, iso, orderIdField } from './schemas.ts'

const tags = ['Scans']
const security = [{ apiKey: [] }]
/** How long a request waits for the carrier or the bank before it answers `unknown`. */
const waitMs = 5_000

const newScan = z.strictObject({
  code: z.string().max(64).describe('What was read from the customer’s screen: 18 digits'),
  amount: amountField,
  goods: goodsField.optional(),
  orderId: orderIdField,
  terminal: z
    .string()
    .regex(/^[\w-]{1,32}$/, 'must be 1 to 32 letters, digits, - or _')
    .default('-')
    .describe('Which till; wrong codes are counted for each'),
})

const params = z.object({ orderId: orderIdField })

const scanView = z.object({
  orderId: z.string(),
  outcome: z
    .enum(['paid', 'waiting', 'refused', 'unknown', 'cancelling', 'cancelled'])
    .describe(
      '`waiting`: for the customer’s PIN on the handset. `unknown`: nobody knows yet; ask again, and cancel after a minute. `cancelling`: cancelled for good, and money that may have been paid is on its way back',
    ),
  reason: z.string().nullable().describe('Why it was refused'),
  paymentId: z.string().nullable(),
  orderNo: z.string().nullable(),
  source: z.enum(['phone_bill', 'card', 'wallet']).nullable(),
  amount: z.string().nullable(),
  refunded: z.string(),
  createdAt: instant,
  expiresAt: instant.nullable().describe('Until when the customer can answer'),
  chargedAt: instant.nullable(),
})

export async function scanRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()
  const { scans } = api

  app.post(
    '/v1/scans',
    {
      config: { admission: 'order' },
      schema: {
        tags,
        security,
        summary: 'Take a payment from the code that a customer shows',
        description:
          'The code is used up, whatever comes of it. The same orderId with the same content answers with the same order; a refusal of the code leaves the orderId free for the next code.',
        body: newScan,
        response: { 200: scanView },
      },
    },
    async (request) => {
      const { id: client, merchantId } = clientOf(request)
      const { code, amount, goods, orderId, terminal } = request.body
      const openGoods = api.catalogue.merchant(merchantId)?.openAmount?.goods
      const named = goods === undefined ? undefined : { zh: goods, en: goods }
      const now = api.clock.now()
      const left = (deadlineOf(request, now) ?? now + waitMs) - now
      const seen = await scans.scan(
        {
          merchantId,
          merchantOrderId: orderId,
          client,
          till: `${merchantId}/${terminal}`,
          digits: code,
          amount: BigInt(amount),
          goods: named ?? openGoods ?? { zh: '商品', en: 'Goods' },
          contentHash: createHash('sha256').update(JSON.stringify(request.body)).digest('hex'),
        },
        Math.min(waitMs, Math.max(0, left)),
      )
      if (!seen.ok) throw refusedScan(seen.refusal)
      return viewOf(seen.value)
    },
  )

  app.get(
    '/v1/scans/:orderId',
    {
      schema: {
        tags,
        security,
        summary: 'How an order at a till stands',
        params,
        response: { 200: scanView },
      },
    },
    async (request) => {
      const seen = await scans.get(nameOf(request, request.params.orderId))
      if (!seen) throw notFound('order at a till')
      return viewOf(seen)
    },
  )

  app.post(
    '/v1/scans/:orderId/cancel',
    {
      schema: {
        tags,
        security,
        summary: 'End an order at a till for good, paid or not, known or not',
        description:
          'Withdraws the question, gives back what was paid, and sees to it that an order which is still on its way is never taken. Until 00:15 of the next day; after that a payment is refunded instead.',
        params,
        body: z.object({}).nullish(),
        response: { 200: scanView },
      },
    },
    async (request) => {
      const name = nameOf(request, request.params.orderId)
      const seen = await scans.cancel({ ...name, client: clientOf(request).id })
      if (!seen.ok) throw refusedScan(seen.refusal)
      return viewOf(seen.value)
    },
  )
}

const nameOf = (request: FastifyRequest, merchantOrderId: string) => ({
  merchantId: clientOf(request).merchantId,
  merchantOrderId,
})

const viewOf = ({ scan, payment, outcome }: Seen): z.infer<typeof scanView> => ({
  orderId: scan.merchantOrderId,
  outcome,
  reason: outcome === 'refused' && payment ? (payment.reason ?? payment.state) : null,
  paymentId: payment?.id ?? null,
  orderNo: payment?.orderNo ?? null,
  source: payment?.source ?? null,
  amount: scan.wanted?.amount.toString() ?? null,
  refunded: (payment?.refunded ?? 0n).toString(),
  createdAt: iso(scan.createdAt),
  expiresAt: payment?.state === 'awaiting_confirm' ? iso(payment.deadlineAt) : null,
  chargedAt: payment?.chargedAt == null ? null : iso(payment.chargedAt),
})

type Row = readonly [status: number, title: string, code: string | null, zh: string]

const refusals: Readonly<Record<ScanRefusal | CancelRefusal, Row>> = {
  payment_code_refused: [422, 'Code expired, refresh it', 'F2F-01', '付款码已过期，请刷新'],
  payment_code_used: [422, 'Code already used', 'F2F-02', '付款码已使用'],
  payment_codes_locked: [
    429,
    'Too many codes were wrong; try again later',
    null,
    '付款码错误次数过多，请稍后再试',
  ],
  exists_with_different_content: [
    409,
    'This number was used before for something else',
    null,
    '订单号已用于其他订单',
  ],
  order_cancelled: [409, 'The order was cancelled', null, '订单已撤销'],
  cancel_period_over: [
    409,
    'The day of the payment is over: refund it instead',
    null,
    '已过撤销时限，请改为退款',
  ],
}

function refusedScan(type: ScanRefusal | CancelRefusal): ProblemError {
  const [status, title, code, zh] = refusals[type]
  const retryAfter = type === 'payment_codes_locked' ? { retryAfterMs: codeLockMs } : {}
  const words = { zh, en: title }
  return new ProblemError({ status, type, title, words, ...(code && { code }), ...retryAfter })
}
