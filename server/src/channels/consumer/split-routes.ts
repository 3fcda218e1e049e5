/** A bill that several people pay (一起AA): who began it collects, the others pay their shares. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { SplitInFull, SplitMode } from '../../transfers/index.ts'
import { fields, notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, msisdnOf, refusedByTransfers, sessionOf } from './desk.ts'
import { key, line, number, own, positiveAmount, uuid } from './fields.ts'
import { mustConfirm } from './proof.ts'
import { askedOf, askedView, rowOf, splitRow, splitView, viewOf } from './split-views.ts'
import { mustBeOfTenure, tenureOf } from './tenure.ts'
import {
  byId,
  keyOf,
  paged,
  pageOf,
  paid,
  payer,
  paying,
  sent,
  walletOf,
} from './transfer-routes.ts'
import { transferView } from './transfer-views.ts'

const how = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('equal'), total: positiveAmount, withOwn: z.boolean() }),
  z.strictObject({ mode: z.literal('each'), amount: positiveAmount }),
  z.strictObject({
    mode: z.literal('custom'),
    amounts: z.array(positiveAmount).min(1).max(100).describe('In the order of the people'),
    own: z
      .string()
      .regex(/^\d{1,12}$/, 'must be fen')
      .default('0'),
  }),
])

export function splitRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { transfers } = desk

  routes.post(
    '/consumer/splits',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Divide a bill; the shares add up to the fen'),
        body: z.strictObject({
          title: line(40),
          people: z.array(number).min(1).max(100).describe('Without oneself'),
          how,
          paymentId: uuid
            .optional()
            .describe('A payment of one’s own that the total may not exceed'),
          key,
        }),
        response: { 200: splitView, 201: splitView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { title, people, how: cut, key: name, paymentId } = request.body
      const begun = await transfers.beginSplit({
        ...{ msisdn, title, people: people.map(msisdnOf), key: keyOf(name), how: modeOf(cut) },
        ...(paymentId !== undefined && { paymentId }),
      })
      if (!begun.ok) throw refusedByTransfers(desk, begun)
      const { replayed, split } = begun.value
      const whole = await mine(desk, split.id, msisdn)
      return reply.status(replayed ? 200 : 201).send(viewOf(whole, msisdn))
    },
  )
  routes.get(
    '/consumer/splits',
    {
      schema: {
        ...own('Bills one has divided, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(splitRow) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const walletId = await walletOf(desk, msisdn)
      const all =
        walletId === undefined ? [] : await transfers.splits(walletId, pageOf(request.query))
      const rows = all.map((split) => rowOf(split, msisdn))
      return paged(rows, request.query.limit)
    },
  )
  routes.get(
    '/consumer/shares',
    {
      schema: {
        ...own('What one is asked to pay of the bills of others, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(askedView) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const [isOwn, all] = await Promise.all([
        tenureOf(desk, msisdn),
        transfers.sharesOf(msisdn, pageOf(request.query)),
      ])
      const ofTheirs = all.filter(({ split }) => isOwn(split.begunAt))
      return paged(ofTheirs.map(askedOf), request.query.limit)
    },
  )
  routes.get(
    '/consumer/splits/:id',
    { schema: { ...own('One bill'), params: byId, response: { 200: splitView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      return viewOf(await mine(desk, request.params.id, msisdn), msisdn)
    },
  )
  routes.post(
    '/consumer/splits/:id/pay',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Pay one’s share'),
        params: byId,
        body: paid(paying),
        response: { 200: transferView, 201: transferView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const splitId = request.params.id
      await mustBeOfTenure(desk, msisdn, (await transfers.split(splitId))?.split.begunAt)
      const order = await payer(desk, request, request.body)
      return sent(desk, reply, msisdn, await transfers.payShare({ ...order, splitId }))
    },
  )
  routes.post(
    '/consumer/splits/:id/decline',
    {
      schema: {
        ...own('Say no to one’s share; nothing is owed then'),
        params: byId,
        response: { 200: splitView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const splitId = request.params.id
      await mustBeOfTenure(desk, msisdn, (await transfers.split(splitId))?.split.begunAt)
      const done = await transfers.declineShare({ msisdn, splitId })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return viewOf(await mine(desk, splitId, msisdn), msisdn)
    },
  )
  routes.post(
    '/consumer/splits/:id/remind',
    {
      schema: {
        ...own('Remind those who have not paid; once a day'),
        params: byId,
        response: { 200: z.object({ reminded: z.number() }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const done = await transfers.remindSplit({ msisdn, splitId: request.params.id })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return { reminded: done.value }
    },
  )
  routes.post(
    '/consumer/splits/:id/stop',
    {
      schema: {
        ...own('Collect no more; what is paid stays paid'),
        params: byId,
        response: { 200: splitView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const done = await transfers.stopSplit({ msisdn, splitId: request.params.id })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return viewOf(await mine(desk, request.params.id, msisdn), msisdn)
    },
  )
  routes.post(
    '/consumer/splits/:id/returns',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Give one person the paid share back'),
        params: byId,
        body: paid({ share: uuid }),
        response: { 200: transferView, 201: transferView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { share } = request.body
      const splitId = request.params.id
      const name = `return ${splitId} ${share}`
      await mustConfirm(desk, request, { ...request.body, key: name })
      const { shares } = await mine(desk, splitId, msisdn)
      const to = shares.find(({ id }) => id === share)?.msisdn
      if (to === undefined) throw notFound('share')
      const order = { msisdn, splitId, to, channel: 'web' } as const
      return sent(desk, reply, msisdn, await transfers.returnShare(order))
    },
  )
}

function modeOf(asked: z.infer<typeof how>): SplitMode {
  switch (asked.mode) {
    case 'equal':
      return { ...asked, total: amountOf(asked.total) }
    case 'each':
      return { ...asked, amount: amountOf(asked.amount) }
    case 'custom':
      return { ...asked, amounts: asked.amounts.map(amountOf), own: amountOf(asked.own) }
  }
}

/** Of who began it and of those who have a share; for all others there is none. */
async function mine(desk: ConsumerDesk, id: string, msisdn: Msisdn): Promise<SplitInFull> {
  const [isOwn, whole] = await Promise.all([tenureOf(desk, msisdn), desk.transfers.split(id)])
  const numbers = whole ? [whole.split, ...whole.shares].map((one) => one.msisdn) : []
  if (!whole || !numbers.includes(msisdn) || !isOwn(whole.split.begunAt)) throw notFound('bill')
  return whole
}
