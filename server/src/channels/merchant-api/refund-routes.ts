/** Refunds over the merchant API: money back to the bill, in whole or in part (M-9). */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { deadlineOf, notFound } from '../http/index.ts'
import type { MerchantApi } from './dependencies.ts'
import { ownPayment } from './payment-routes.ts'
import { refused } from './problems.ts'
import { idParams, newRefund, refundView, viewOfRefund } from './schemas.ts'

const tags = ['Payments']
const security = [{ apiKey: [] }]
const waitMs = 5_000

export async function refundRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/payments/:id/refunds',
    {
      schema: {
        tags,
        security,
        summary: 'Return a payment to the bill, all of it or a part',
        params: idParams,
        body: newRefund,
        response: { 201: refundView },
      },
    },
    async (request, reply) => {
      const payment = await ownPayment(request, api, request.params.id)
      const { amount, refundId, reason } = request.body
      const contentHash = createHash('sha256')
        .update(JSON.stringify([payment.id, request.body]))
        .digest('hex')
      const order = {
        paymentId: payment.id,
        msisdn: payment.msisdn,
        ...(amount !== undefined && { amount: BigInt(amount) }),
        reason,
        merchantRefundId: refundId,
        keys: [{ scope: `refund:${payment.merchantId}`, key: refundId, contentHash }],
      }
      const result = await api.payments.refund(order, deadlineOf(request, api.clock.now()))
      if (!result.ok) throw refused(result.refusal)
      const settled = await api.payments.refundSettled(result.value.id, waitMs)
      return reply.status(201).send(viewOfRefund(settled ?? result.value))
    },
  )

  app.get(
    '/v1/payments/:id/refunds',
    {
      schema: {
        tags,
        security,
        summary: 'The refunds of a payment',
        params: idParams,
        response: { 200: z.object({ items: z.array(refundView) }) },
      },
    },
    async (request) => {
      const payment = await ownPayment(request, api, request.params.id)
      return { items: (await api.payments.refundsOf(payment.id)).map(viewOfRefund) }
    },
  )

  app.get(
    '/v1/payments/:id/refunds/:refundId',
    {
      schema: {
        tags,
        security,
        summary: 'One refund, as it truly is',
        params: idParams.extend({ refundId: z.uuid() }),
        response: { 200: refundView },
      },
    },
    async (request) => {
      const payment = await ownPayment(request, api, request.params.id)
      const refund = await api.payments.getRefund(request.params.refundId)
      if (!refund || refund.paymentId !== payment.id) throw notFound('refund')
      return viewOfRefund(refund)
    },
  )
}
