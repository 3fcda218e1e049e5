/** Giving the wallet up: what is left goes to a card of the owner’s own, and nothing may wait any more. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ConsumerDesk, refusedByWallet, sessionOf } from './desk.ts'
import { key, own, proven, uuid } from './fields.ts'
import { cardOf, mustConfirmFor } from './proof.ts'
import { keyOf, walletOf } from './transfer-routes.ts'

export function closingRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/wallet/close',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Close the wallet; `closing` until what was left has arrived'),
        body: proven({
          cardId: uuid.optional().describe('Where what is left goes on the next day, for nothing'),
          key,
        }),
        response: { 200: z.object({ state: z.enum(['closing', 'closed']) }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const { cardId, key: name } = request.body
      const card = cardId === undefined ? undefined : await cardOf(desk, msisdn, cardId)
      await mustConfirmFor(desk, request, { ...request.body, card })
      const walletId = await walletOf(desk, msisdn)
      if (walletId === undefined) throw refusedByWallet(desk, { refusal: 'wallet_not_found' })
      const closed = await desk.wallet.close({
        ...{ msisdn, walletId, channel: 'web', key: keyOf(name) },
        ...(cardId !== undefined && { payTo: { cardId } }),
      })
      if (!closed.ok) throw refusedByWallet(desk, closed)
      return { state: closed.value.state === 'closed' ? 'closed' : 'closing' } as const
    },
  )
}
