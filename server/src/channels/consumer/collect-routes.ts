/**
 * Collecting by the payment code that another customer shows (面对面收款). What comes of it is a request for money
 * like any other: paid already, open until the other has typed the PIN, or refused.
 */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { codeLockMs } from '../../risk/index.ts'
import { networkOf } from '../http/index.ts'
import { amountOf, type ConsumerDesk, refusedByTransfers, sessionOf } from './desk.ts'
import { key, own, positiveAmount } from './fields.ts'
import { shownRequest } from './request-routes.ts'
import { keyOf, memo } from './transfer-routes.ts'
import { requestView } from './transfer-views.ts'

export function collectRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/code-requests',
    {
      config: { admission: 'order' },
      schema: {
        ...own(
          'Ask whoever shows a payment code for money; the code is used up, whatever comes of it',
        ),
        body: z.strictObject({
          code: z.string().max(64).describe('What was read from the other’s screen: 18 digits'),
          ...{ amount: positiveAmount, memo, key },
        }),
        response: { 200: requestView, 201: requestView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { code: digits, amount, memo: said, key: name } = request.body
      const collected = await desk.transfers.collect({
        ...{ msisdn, digits, amount: amountOf(amount), key: keyOf(name) },
        reader: { till: `number/${msisdn}`, client: `address/${networkOf(request.ip)}` },
        ...(said !== undefined && { memo: said }),
      })
      if (!collected.ok) {
        const isLocked = collected.refusal === 'payment_codes_locked'
        throw refusedByTransfers(desk, collected, isLocked ? codeLockMs : undefined)
      }
      const { request: made, replayed } = collected.value
      return reply.status(replayed ? 200 : 201).send(await shownRequest(desk, made, msisdn))
    },
  )
}
