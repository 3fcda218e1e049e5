/** The codes that a merchant shows its customers: one for any amount, and one for each order. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { renderSVG } from 'uqr'
import { z } from 'zod'
import { merchantCode, type ShownOrder } from '../../merchant-qr/index.ts'
import type { ApiClient } from '../../merchants/index.ts'
import { ProblemError } from '../http/index.ts'
import { clientOf } from './caller.ts'
import type { MerchantApi } from './dependencies.ts'
import { whatOf } from './payment-routes.ts'
import { refused } from './problems.ts'
import { checkoutView, newQrCode } from './schemas.ts'

const tags = ['Scans']
const security = [{ apiKey: [] }]

const picture = {
  text: z.string().describe('EMVCo, merchant-presented mode'),
  svg: z.string().describe('The same as a picture'),
}

export async function qrRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/qr-code',
    {
      schema: {
        tags,
        security,
        summary: 'The code of the shop: its customers say how much',
        response: { 200: z.object(picture) },
      },
    },
    async (request) => {
      const client = clientOf(request)
      if (!api.catalogue.merchant(client.merchantId)?.openAmount)
        throw new ProblemError({
          status: 409,
          type: 'no_open_amount',
          title: 'The merchant sells its goods only: make a code for each order',
        })
      return shown(api, client)
    },
  )

  app.post(
    '/v1/qr-codes',
    {
      config: { admission: 'order' },
      schema: {
        tags,
        security,
        summary: 'Make a payment page for an order, and the code that leads to it',
        body: newQrCode,
        response: { 201: z.object({ ...picture, checkout: checkoutView }) },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const { orderId, validMinutes, ...body } = request.body
      const made = await api.checkouts.create({
        client,
        what: whatOf(body),
        merchantOrderId: orderId,
        returnUrl: null,
        validMs: validMinutes * 60_000,
      })
      if (!made.ok) throw refused(made.refusal)
      const { id, amount } = made.value
      const checkout = await api.checkouts.merchantView(made.value)
      return reply.status(201).send({ ...shown(api, client, { orderId: id, amount }), checkout })
    },
  )
}

function shown({ origin, catalogue }: MerchantApi, { merchantId }: ApiClient, order?: ShownOrder) {
  const merchant = catalogue.merchant(merchantId)
  if (!merchant) throw refused('merchant_off')
  const text = merchantCode(origin, merchant, order)
  return { text, svg: renderSVG(text, { ecc: 'M', border: 4 }) }
}
