/**
 * Program: payments over the product's own HTTP edge, from the phone bill or from the wallet of who is named, face
 * to face, and transfers, as a customer's signed-in device asks for them. Who asks is not looked into; all behind it
 * is the product's.
 */
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { transferView, viewOfTransfer } from '../../server/src/channels/consumer/transfer-views.ts'
import { createHttpServer } from '../../server/src/channels/http/index.ts'
import {
  newPayment,
  paymentView,
  viewOfPayment,
} from '../../server/src/channels/merchant-api/schemas.ts'
import { purses } from '../../server/src/composition/purses.ts'
import { openDatabase } from '../../server/src/db/index.ts'
import {
  createBusinessTime,
  createIds,
  refuse,
  systemClock,
} from '../../server/src/kernel/index.ts'
import { createCatalogue } from '../../server/src/merchants/index.ts'
import { createPayments } from '../../server/src/payments/index.ts'
import { createPolicy } from '../../server/src/risk/index.ts'
import { createTransfers } from '../../server/src/transfers/index.ts'
import { createTestCarrier } from '../../test/carrier.ts'
import { faceToFace } from './face-to-face.ts'
import { createTurns } from './numbers.ts'
import { serveOrders } from './processes.ts'
import { merchantId } from './seed.ts'

const newTransfer = z.strictObject({
  ...{ from: z.string(), to: z.string(), amount: z.string(), key: z.string() },
})

const log = { info: () => {}, warn: () => {}, error: console.error }

interface Opening {
  readonly databaseUrl: string
  readonly walletCount: number
}

async function open({ databaseUrl, walletCount }: Opening) {
  const turns = createTurns(walletCount)
  const db = await openDatabase({ url: databaseUrl, poolMax: 8 })
  const [clock, ids] = [systemClock, createIds()]
  const live = await createPolicy(db, clock)
  const catalogue = await createCatalogue(db, clock)
  const payments = createPayments({
    ...{ db, clock, ids, log, fundingFor: () => createTestCarrier() },
    ...{ refresh: async () => {}, knowNumber: async () => {} },
    context: {
      ...{ time: createBusinessTime(), catalogue, purses },
      ...{ policy: live.current, isTestNumber: () => false, isTold: () => true },
    },
  })
  const transfers = createTransfers({
    ...{ db, clock, log, refresh: async () => {}, knowNumber: async () => {} },
    context: {
      ...{ ids, time: createBusinessTime() },
      // A number of the load sends more often than a person would.
      policy: () => ({ ...live.current(), transferDayCount: 1_000_000 }),
    },
    names: { of: async () => undefined, isMissing: async () => false },
    payments: { paidBy: async () => null },
    codes: { take: async () => refuse('payment_code_refused') },
  })
  const edge = { log, behindProxy: false, securitySchemes: {}, version: '0' }
  const app = await createHttpServer({ ...edge, requestId: () => 'bench' })
  app
    .withTypeProvider<ZodTypeProvider>()
    .post(
      '/v1/payments',
      { schema: { body: newPayment, response: { 201: paymentView } } },
      async ({ body }, reply) => {
        const { msisdn, product = '', orderId, source } = body
        const key = { scope: `order:${merchantId}`, key: orderId, contentHash: orderId }
        const payer =
          source === 'wallet'
            ? ({ consent: 'device', source } as const)
            : ({ consent: 'token' } as const)
        const placed = await payments.order({
          ...{ msisdn: `+86${msisdn}`, merchantId, what: { product }, channel: 'api', ...payer },
          ...{ flow: 'charge', keys: [key], merchantOrderId: orderId, client: 'bench' },
        })
        if (!placed.ok) throw new Error(placed.refusal)
        return reply.status(201).send(viewOfPayment(placed.value.payment))
      },
    )
    .post(
      '/consumer/transfers',
      { schema: { body: newTransfer, response: { 201: transferView } } },
      async ({ body: { from, to, amount, key } }, reply) => {
        const [msisdn, payee] = [`+86${from}`, `+86${to}`]
        const sent = await transfers.send({
          ...{ msisdn, to: payee, amount: BigInt(amount), channel: 'web', arrival: 'now', key },
        })
        if (!sent.ok) throw new Error(JSON.stringify(sent.refusal))
        return reply
          .status(201)
          .send(viewOfTransfer(sent.value.transfer, sent.value.transfer.walletId))
      },
    )
  await faceToFace(app, {
    ...{ db, clock, ids, time: createBusinessTime(), log, catalogue, payments, policy: live },
    next: () => `+86${turns()}`,
  })
  return { url: await app.listen({ host: '127.0.0.1', port: 0 }) }
}

serveOrders({ open })
