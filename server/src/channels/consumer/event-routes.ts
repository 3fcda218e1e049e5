/** A stream for as long as the app is open: the balance, and the newest movement, whenever one has changed. */
import type { FastifyInstance } from 'fastify'
import { bucketOf, bucketOfId, type Msisdn } from '../../kernel/index.ts'
import { follow, type SessionCookie } from '../http/index.ts'
import { type ConsumerDesk, sessionOf } from './desk.ts'
import { own } from './fields.ts'
import { viewOfMovement } from './views.ts'

/** So many of the newest may still change. */
const followed = 10

export function eventRoutes(app: FastifyInstance, desk: ConsumerDesk, cookie: SessionCookie): void {
  const { wallet, signIns, clock } = desk
  app.get(
    '/consumer/events',
    {
      config: { admission: 'stream' },
      schema: own(
        'Events `balance` and `line`, each when something has changed (text/event-stream)',
      ),
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const token = cookie.read(request)
      const bucket = bucketOf(msisdn)
      follow(request, reply, {
        lookEveryMs: 1_500,
        quietMs: 50,
        // Who signs out, or is signed out, hears no more.
        read: async () => (token && (await signIns.sessionOf(token)) ? newsOf(desk, msisdn) : null),
        stamped: (text) =>
          text.replace('"asOf":null', `"asOf":"${new Date(clock.now()).toISOString()}"`),
        // All rows of a number are in its bucket: of other people's changes few are worth a look.
        subscribe: (changed) => wallet.onChange((id) => bucketOfId(id) === bucket && changed()),
      })
    },
  )
}

async function newsOf({ wallet }: ConsumerDesk, msisdn: Msisdn): Promise<Record<string, string>> {
  const balance = await wallet.balance(msisdn)
  if (!balance) return {}
  const { account, available, inTransit } = balance
  const newest = await wallet.movements({ walletId: account.id, limit: followed })
  return {
    balance: JSON.stringify({
      ...{ available: available.toString(), inTransit: inTransit.toString(), asOf: null },
    }),
    line: JSON.stringify(newest.map((one) => viewOfMovement(one))),
  }
}
