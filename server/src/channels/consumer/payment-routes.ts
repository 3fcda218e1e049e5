/** Paying a merchant from the balance, on the customer's own device: at once, and never unknown. */
import { createHash } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, Secret } from '../../kernel/index.ts'
import type { Payment } from '../../payments/index.ts'
import { notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, refusedByPayments, sessionOf } from './desk.ts'
import { iso, key, own, positiveAmount, sixDigits, words } from './fields.ts'
import { mustKnowPin } from './proof.ts'
import { byId } from './transfer-routes.ts'

const paymentView = z.object({
  id: z.string(),
  orderNo: z.string(),
  merchant: words,
  goods: words,
  amount: z.string(),
  refunded: z.string(),
  source: z.enum(['phone_bill', 'card', 'wallet']),
  state: z.string(),
  reason: z.string().nullable(),
  at: z.string(),
})

const merchant = z.string().regex(/^\d{4}$/, 'must be a merchant number of four digits')
const orderBody = z.strictObject({
  merchant,
  what: z.union([
    z.strictObject({ product: z.string().regex(/^\d{3}$/, 'must be a product code') }),
    z.strictObject({ amount: positiveAmount }),
  ]),
  pin: sixDigits.optional().describe('Above a little (409 `pin_needed`) the PIN is asked for'),
  key,
})

export function paymentRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { payments } = desk

  routes.post(
    '/consumer/payments',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Pay a merchant from the balance'),
        body: orderBody,
        response: { 200: paymentView, 201: paymentView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { merchant: merchantId, what, pin, key: name } = request.body
      if (pin !== undefined) await mustKnowPin(desk, msisdn, new Secret(pin), name)
      const content = JSON.stringify([merchantId, what])
      const contentHash = createHash('sha256').update(content).digest('hex')
      const done = await payments.order({
        ...{ msisdn, merchantId, channel: 'web', consent: 'device', flow: 'charge' },
        what: 'amount' in what ? { amount: amountOf(what.amount) } : what,
        source: 'wallet',
        ...(pin !== undefined && { isPinChecked: true }),
        keys: [{ scope: `app:${msisdn}`, key: name, contentHash }],
      })
      if (!done.ok) throw refusedByPayments(desk, done)
      const { payment, replayed } = done.value
      if (payment.reason !== null && payment.state === 'refused')
        throw refusedByPayments(desk, { refusal: payment.reason })
      return reply.status(replayed ? 200 : 201).send(viewOf(desk, payment))
    },
  )
  routes.get(
    '/consumer/payments/:id',
    {
      schema: {
        ...own('A payment of one’s own, whatever paid it'),
        params: byId,
        response: { 200: paymentView },
      },
    },
    async (request) => {
      const { msisdn, beganAt } = sessionOf(request)
      const payment = await payments.get(request.params.id)
      const isOwn = payment?.msisdn === msisdn
      // Whoever had the number before has his payments for himself.
      const since = await ownedSince(desk, msisdn)
      if (!payment || !isOwn || payment.createdAt < (since ?? beganAt)) throw notFound('payment')
      return viewOf(desk, payment)
    },
  )
}

const viewOf = (desk: ConsumerDesk, payment: Payment): z.infer<typeof paymentView> => ({
  ...{ id: payment.id, orderNo: payment.orderNo, state: payment.state, reason: payment.reason },
  merchant: desk.merchantName(payment.merchantId),
  goods: payment.goods,
  amount: payment.amount.toString(),
  refunded: payment.refunded.toString(),
  source: payment.source,
  at: iso(payment.createdAt),
})

const ownedSince = async ({ db, identities }: ConsumerDesk, msisdn: Msisdn) =>
  (await identities.ownerOf(db, msisdn))?.since
