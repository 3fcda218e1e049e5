/** Orders for the hosted payment page, over the merchant API. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { notFound } from '../http/index.ts'
import { clientOf } from './caller.ts'
import type { MerchantApi } from './dependencies.ts'
import { whatOf } from './payment-routes.ts'
import { refused } from './problems.ts'
import { checkoutView, idParams, newCheckout } from './schemas.ts'

const tags = ['Checkout']
const security = [{ apiKey: [] }]

export async function checkoutOrderRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/checkouts',
    {
      config: { admission: 'order' },
      schema: {
        tags,
        security,
        summary: 'Make a payment page and get its address',
        body: newCheckout,
        response: { 201: checkoutView },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const { body } = request
      const made = await api.checkouts.create({
        client,
        what: whatOf(body),
        merchantOrderId: body.orderId,
        returnUrl: body.returnUrl ?? null,
        validMs: body.validMinutes * 60_000,
      })
      if (!made.ok) throw refused(made.refusal)
      return reply.status(201).send(await api.checkouts.merchantView(made.value))
    },
  )

  app.get(
    '/v1/checkouts/:id',
    {
      schema: {
        tags,
        security,
        summary: 'How a payment page stands',
        params: idParams,
        response: { 200: checkoutView },
      },
    },
    async (request) => {
      const client = clientOf(request)
      const checkout = await api.checkouts.get(request.params.id)
      if (!checkout || checkout.merchantId !== client.merchantId) throw notFound('checkout')
      return api.checkouts.merchantView(checkout)
    },
  )
}
