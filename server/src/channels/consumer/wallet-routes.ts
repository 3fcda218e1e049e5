/** The balance, bound cards, and money to and from them. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { MoveResult } from '../../wallet/index.ts'
import { fields, notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, refusedByWallet, sessionOf } from './desk.ts'
import { key, own, positiveAmount, proven, uuid, words } from './fields.ts'
import { bankPinOf, cardOf, mustConfirm, mustConfirmFor } from './proof.ts'
import { balanceOf, balanceView, movementView, viewOfMovement } from './views.ts'

/** How long the app is kept waiting for a bank; then it hears that the movement is under way. */
const patienceMs = 8_000

const speed = z.enum(['same_day', 'next_day'])
const cardView = z.object({
  id: z.string(),
  bank: words,
  kind: z.enum(['debit', 'credit']),
  last4: z.string(),
  state: z.enum(['active', 'needs_rebinding', 'suspended']),
})
export const moving = { cardId: uuid, amount: positiveAmount, key }

export function walletRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { wallet } = desk

  routes.get(
    '/consumer/balance',
    { schema: { ...own('What can be spent now'), response: { 200: balanceView } } },
    async (request) => {
      const balance = await balanceOf(desk, sessionOf(request).msisdn)
      if (!balance) throw refusedByWallet(desk, { refusal: 'wallet_not_found' })
      return balance
    },
  )
  routes.get(
    '/consumer/cards',
    {
      schema: {
        ...own('Bound cards, the preferred one first'),
        response: { 200: z.object({ items: z.array(cardView) }) },
      },
    },
    async (request) => {
      const cards = await desk.cards.of(sessionOf(request).msisdn)
      return { items: cards.map(({ pinKeptBy, ...card }) => card) }
    },
  )
  routes.post(
    '/consumer/top-ups',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Money from a bound card into the wallet'),
        body: proven(moving),
        response: { 200: movementView, 201: movementView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const order = orderOf(request, request.body)
      const card = await cardOf(desk, msisdn, order.cardId)
      if (card?.pinKeptBy === 'bank')
        return answer(desk, reply, await wallet.topUp({ ...order, pin: bankPinOf(request.body) }))
      await mustConfirm(desk, request, request.body)
      return answer(desk, reply, await wallet.topUp(order))
    },
  )
  routes.post(
    '/consumer/withdrawals',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Money from the wallet to a bound card of one’s own'),
        body: proven({
          ...{ ...moving, speed },
          fee: fields.amount.optional().describe('That was shown: for more it is not done (WL-45)'),
        }),
        response: { 200: movementView, 201: movementView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const order = orderOf(request, request.body)
      const card = await cardOf(desk, msisdn, order.cardId)
      await mustConfirmFor(desk, request, { ...request.body, card })
      const { speed, fee } = request.body
      const told = fee === undefined ? {} : { feeMost: amountOf(fee) }
      const done = await wallet.withdraw({ ...order, speed, ...told })
      return answer(desk, reply, done)
    },
  )
  routes.get(
    '/consumer/withdrawals/fee',
    {
      schema: {
        ...own('What a withdrawal would cost, on top of it'),
        querystring: z.strictObject({ amount: positiveAmount, speed }),
        response: { 200: z.object({ fee: z.string(), total: z.string() }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const amount = amountOf(request.query.amount)
      const fee = await wallet.withdrawalFee({ msisdn, amount, speed: request.query.speed })
      return { fee: fee.toString(), total: (amount + fee).toString() }
    },
  )
  routes.get(
    '/consumer/movements',
    {
      schema: {
        ...own('Top-ups, withdrawals and cash, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(movementView) },
      },
    },
    async (request) => {
      const { before, limit } = request.query
      const account = (await wallet.balance(sessionOf(request).msisdn))?.account
      if (!account) throw refusedByWallet(desk, { refusal: 'wallet_not_found' })
      const filter = { walletId: account.id, limit, ...(before !== undefined && { before }) }
      const items = (await wallet.movements(filter)).map(viewOfMovement)
      return { items, next: items.length < limit ? null : (items.at(-1)?.id ?? null) }
    },
  )
  routes.get(
    '/consumer/movements/:id',
    {
      schema: {
        ...own('A top-up, a withdrawal or cash'),
        params: z.object({ id: uuid }),
        response: { 200: movementView },
      },
    },
    async (request) => {
      const account = (await wallet.balance(sessionOf(request).msisdn))?.account
      const movement = await wallet.movement(request.params.id)
      if (!movement || movement.walletId !== account?.id) throw notFound('movement')
      return viewOfMovement(movement)
    },
  )
}

export function orderOf(
  request: FastifyRequest,
  body: { readonly cardId: string; readonly amount: string; readonly key: string },
) {
  const { msisdn } = sessionOf(request)
  const { cardId, key: name } = body
  return {
    msisdn,
    cardId,
    amount: amountOf(body.amount),
    channel: 'web',
    key: `app:${name}`,
  } as const
}

/** What came of it when the bank has answered, or that it is under way. */
export async function answer(desk: ConsumerDesk, reply: FastifyReply, moved: MoveResult) {
  if (!moved.ok) throw refusedByWallet(desk, moved)
  const { movement, replayed } = moved.value
  const isUnderWay = movement.state === 'requested' || movement.state === 'funding'
  const waits = isUnderWay && movement.speed !== 'next_day'
  const now = waits ? await desk.wallet.settled(movement.id, patienceMs) : movement
  return reply.status(replayed ? 200 : 201).send(viewOfMovement(now ?? movement))
}
