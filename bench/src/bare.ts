/** Program: a Fastify that checks the same body and writes the same answer, and does nothing else. */
import Fastify from 'fastify'
import {
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod'
import { newPayment, paymentView } from '../../server/src/channels/merchant-api/schemas.ts'
import { serveOrders } from './processes.ts'

const app = Fastify({ logger: false }).withTypeProvider<ZodTypeProvider>()
app.setValidatorCompiler(validatorCompiler)
app.setSerializerCompiler(serializerCompiler)
const at = new Date(0).toISOString()
app.post(
  '/v1/payments',
  { schema: { body: newPayment, response: { 201: paymentView } } },
  async ({ body }, reply) =>
    reply.status(201).send({
      id: '01990000-0000-7000-8000-000000000000',
      orderNo: '2609121001',
      orderId: body.orderId,
      msisdn: `+86${body.msisdn}`,
      product: body.product ?? '-',
      goods: '点卡10元',
      account: null,
      amount: '1000',
      currency: 'CNY',
      source: 'phone_bill',
      channel: 'api',
      state: 'delivering',
      reason: null,
      paid: true,
      refunded: '0',
      createdAt: at,
      expiresAt: at,
      chargedAt: at,
      businessDate: '2026-09-12',
    }),
)

serveOrders({
  open: async () => ({ url: await app.listen({ host: '127.0.0.1', port: 0 }) }),
})
