/** Red packets: sent by one, opened by those who have the link. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import type { WholePacket } from '../../transfers/index.ts'
import { fields, notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, msisdnOf, refusedByTransfers, sessionOf } from './desk.ts'
import { iso, isoOrNull, key, line, number, own, positiveAmount } from './fields.ts'
import { mustConfirm } from './proof.ts'
import { tenureOf } from './tenure.ts'
import { byId, keyOf, paged, pageOf, paid, walletOf } from './transfer-routes.ts'

const packetRow = z.object({
  id: z.string(),
  from: z.string(),
  isOwn: z.boolean(),
  kind: z.enum(['fixed', 'lucky']),
  count: z.number(),
  greeting: z.string(),
  state: z.enum(['open', 'emptied', 'returned']),
  sentAt: z.string(),
  expiresAt: z.string(),
  endedAt: z.string().nullable(),
})
const packetView = packetRow.extend({
  taken: z.number(),
  ownPart: z.string().nullable().describe('What one has taken of it'),
  parts: z
    .array(z.object({ by: z.string(), amount: z.string(), at: z.string() }))
    .describe('What was taken; for who sent it, and who has taken a part'),
})

export function packetRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { transfers } = desk

  routes.post(
    '/consumer/packets',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Send a red packet; its parts are drawn now and add up to the fen'),
        body: paid({
          kind: z.enum(['fixed', 'lucky']),
          amount: positiveAmount.describe('Of all parts together, in fen'),
          count: z.int().min(1).max(1_000),
          onlyFor: number.optional(),
          greeting: line(40).optional(),
          key,
        }),
        response: { 200: packetView, 201: packetView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { kind, amount, count, onlyFor, greeting, key } = request.body
      await mustConfirm(desk, request, request.body)
      const done = await transfers.sendPacket({
        ...{ msisdn, kind, amount: amountOf(amount), count, key: keyOf(key) },
        ...(onlyFor !== undefined && { onlyFor: msisdnOf(onlyFor) }),
        ...(greeting !== undefined && { greeting }),
      })
      if (!done.ok) throw refusedByTransfers(desk, done)
      const { replayed, ...whole } = done.value
      return reply.status(replayed ? 200 : 201).send(viewOf(whole, msisdn))
    },
  )
  routes.get(
    '/consumer/packets',
    {
      schema: {
        ...own('Packets one has sent, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(packetRow) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const walletId = await walletOf(desk, msisdn)
      const all =
        walletId === undefined ? [] : await transfers.packets(walletId, pageOf(request.query))
      const rows = all.map((packet) => rowOf({ packet, parts: [] }, msisdn))
      return paged(rows, request.query.limit)
    },
  )
  routes.get(
    '/consumer/packets/:id',
    { schema: { ...own('One packet'), params: byId, response: { 200: packetView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const [isOwn, whole] = await Promise.all([
        tenureOf(desk, msisdn),
        transfers.packet(request.params.id),
      ])
      if (!whole || !mayLook(whole, msisdn) || !isOwn(whole.packet.sentAt)) throw notFound('packet')
      return viewOf(whole, msisdn)
    },
  )
  routes.post(
    '/consumer/packets/:id/open',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Take a part; once a person'),
        params: byId,
        response: { 200: z.object({ amount: z.string() }) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const done = await transfers.openPacket({ msisdn, packetId: request.params.id })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return { amount: done.value.amount.toString() }
    },
  )
}

/** Whoever was given the link; one that is for somebody is nothing to all others. */
const mayLook = ({ packet }: WholePacket, msisdn: Msisdn): boolean =>
  packet.onlyFor === null || [packet.msisdn, packet.onlyFor].includes(msisdn)

const rowOf = ({ packet }: WholePacket, msisdn: Msisdn): z.infer<typeof packetRow> => ({
  ...{ id: packet.id, kind: packet.kind, count: packet.count, state: packet.state },
  ...{ from: masked(packet.msisdn), isOwn: packet.msisdn === msisdn, greeting: packet.greeting },
  sentAt: iso(packet.sentAt),
  expiresAt: iso(packet.dueAt),
  endedAt: isoOrNull(packet.endedAt),
})

function viewOf(whole: WholePacket, msisdn: Msisdn): z.infer<typeof packetView> {
  const taken = whole.parts.flatMap(({ msisdn: by, amount, openedAt }) =>
    by === null || openedAt === null ? [] : [{ by, amount: amount.toString(), openedAt }],
  )
  const mine = taken.find(({ by }) => by === msisdn)
  const sees = mine !== undefined || whole.packet.msisdn === msisdn
  return {
    ...rowOf(whole, msisdn),
    taken: taken.length,
    ownPart: mine?.amount ?? null,
    parts: sees
      ? taken.map(({ by, amount, openedAt }) => ({ by: masked(by), amount, at: iso(openedAt) }))
      : [],
  }
}
