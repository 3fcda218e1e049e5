/**
 * Movements of wallets of which nobody knows whether the bank has carried them out. Most end by the bank's answer
 * or its daily file. One that was held after a restore ends here: no operation of ours is left that could end it, so
 * somebody compares it with the bank and says what he found, and a supervisor agrees.
 */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isSamePerson, masked, refuse } from '../../kernel/index.ts'
import type { Movement } from '../../wallet/index.ts'
import { personOf } from '../staff-door/index.ts'
import { asks, reads } from './access.ts'
import type { BankActDesk } from './bank-act-routes.ts'
import { change, pageOf } from './desk.ts'
import { described, iso, isoOrNull, page, pageOfView } from './fields.ts'
import { refused } from './problems.ts'
import { proven, reason, supervisor } from './second-person.ts'
import type { WalletDesk } from './wallet-routes.ts'

type MovementDesk = BankActDesk & WalletDesk

const movementView = z.object({
  id: z.string(),
  walletId: z.string(),
  number: z.string().describe('Whose it is, masked'),
  kind: z.enum(['top_up', 'withdrawal', 'repayment', 'card_transfer', 'cash_in', 'cash_out']),
  state: z.string(),
  amount: z.string(),
  fee: z.string(),
  bank: z.string().nullable(),
  last4: z.string().nullable().describe('Of the card'),
  payee: z.string().nullable().describe('Whose card it is, where it is somebody else’s; masked'),
  requestedAt: z.string(),
  unknownSince: z.string().nullable(),
  ageHours: z.int().describe('Since it is unknown, or since it was asked for'),
  endedAt: z.string().nullable(),
})

const wholeView = movementView.extend({
  resolvable: z
    .boolean()
    .describe('False while the bank, or what differs with it, may still say what became of it'),
})

function viewOf(movement: Movement, now: number): z.infer<typeof movementView> {
  const { id, walletId, kind, state, bank, last4, payee } = movement
  const { requestedAt, unknownSince, endedAt } = movement
  const ageMs = (endedAt ?? now) - (unknownSince ?? requestedAt)
  return {
    ...{ id, walletId, kind, state, bank, last4, payee },
    number: masked(movement.msisdn),
    amount: movement.amount.toString(),
    fee: movement.fee.toString(),
    requestedAt: iso(requestedAt),
    unknownSince: isoOrNull(unknownSince),
    ageHours: Math.max(0, Math.floor(ageMs / 3_600_000)),
    endedAt: isoOrNull(endedAt),
  }
}

const params = z.object({ id: z.uuid() })

export function movementRoutes(app: FastifyInstance, desk: MovementDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/movements/unknown',
    {
      config: reads,
      schema: {
        ...described('Movements of which nobody knows what the bank did, the oldest first'),
        querystring: z.strictObject({ after: z.uuid().optional(), limit: page.limit }),
        response: { 200: pageOfView(movementView) },
      },
    },
    async ({ query: { after, limit } }) => {
      const found = await desk.wallet.unknownMovements({ after, limit: limit + 1 })
      const { items, next } = pageOf(found, limit)
      const now = desk.clock.now()
      return { items: items.map((one) => viewOf(one, now)), next }
    },
  )
  routes.get(
    '/operator/movements/:id',
    {
      config: reads,
      schema: {
        ...described('One movement, and whether people may say what became of it'),
        params,
        response: { 200: wholeView },
      },
    },
    async ({ params: { id } }) => {
      const [found, open] = await Promise.all([
        desk.wallet.movement(id),
        desk.wallet.resolvable(id),
      ])
      if (!found) throw refused('movement_not_found')
      return { ...viewOf(found, desk.clock.now()), resolvable: open.ok }
    },
  )
  routes.post(
    '/operator/movements/:id/resolve',
    {
      config: asks,
      schema: {
        ...described(
          'Say what a comparison with the bank has shown of an unknown movement that no operation of ours can end. Whoever is signed in says it; a supervisor, who is somebody else, agrees with a fresh code of his own authenticator',
        ),
        params,
        body: supervisor.extend({
          outcome: z.enum(['done', 'not_done']).describe('`done`: the bank has carried it out'),
          reason,
        }),
        response: { 200: movementView },
      },
    },
    async (request) => {
      const { id } = request.params
      const { outcome, reason: why, ...second } = request.body
      if (!(await desk.wallet.movement(id))) throw refused('movement_not_found')
      const { login: agreedBy } = await proven(desk, second)
      const isOwn = isSamePerson(agreedBy, personOf(request).login)
      const found = isOwn ? refuse('act_is_own') : await desk.wallet.resolvable(id)
      // Written down first: what follows cannot share its transaction, and the movement keeps a history of its own.
      await change(
        desk,
        request,
        async () => found,
        ({ state }) => ({
          action: 'movement.resolve',
          subject: `movement:${id}`,
          before: { state },
          after: { outcome, reason: why, agreedBy },
        }),
      )
      const resolved = await desk.wallet.resolve(id, outcome)
      if (!resolved.ok) throw refused(resolved.refusal)
      return viewOf(resolved.value, desk.clock.now())
    },
  )
}
