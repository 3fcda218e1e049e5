/** Giving the wallet up: what is left goes to a card of the owner’s own, and nothing may wait any more. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import { type ConsumerDesk, refusedByWallet, sessionOf } from './desk.ts'
import { key, own, pin, uuid } from './fields.ts'
import { cardOf, mustKnowBankPin, mustKnowPin } from './proof.ts'
import { keyOf, walletOf } from './transfer-routes.ts'

export function closingRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/wallet/close',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Close the wallet; `closing` until what was left has arrived'),
        body: z.strictObject({
          cardId: uuid.optional().describe('Where what is left goes on the next day, for nothing'),
          ...{ pin, key },
        }),
        response: { 200: z.object({ state: z.enum(['closing', 'closed']) }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const { cardId, pin: digits, key: name } = request.body
      const typed = new Secret(digits)
      const card = cardId === undefined ? undefined : await cardOf(desk, msisdn, cardId)
      if (card?.pinKeptBy === 'bank') await mustKnowBankPin(desk, card, typed)
      else await mustKnowPin(desk, msisdn, typed, name)
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
