/** Lasting consents: a standing order (定期转账), or leave for a payee to draw up to a cap (代扣). */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import type { Mandate } from '../../transfers/index.ts'
import { fields, notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, msisdnOf, refusedByTransfers, sessionOf } from './desk.ts'
import { iso, isoOrNull, key, number, own, positiveAmount } from './fields.ts'
import { mustBeOfTenure } from './tenure.ts'
import {
  byId,
  keyOf,
  memo,
  paged,
  pageOf,
  paid,
  payer,
  paying,
  sent,
  walletOf,
} from './transfer-routes.ts'
import { transferView } from './transfer-views.ts'

const mandateView = z.object({
  id: z.string(),
  direction: z.enum(['in', 'out']),
  from: z.string(),
  to: z.string(),
  every: z.enum(['once', 'day', 'week', 'month']),
  cap: z.string(),
  amount: z.string().nullable().describe('Of a standing order: what it draws by itself'),
  memo: z.string(),
  startsOn: z.string(),
  endsOn: z.string().nullable(),
  state: z.enum(['active', 'ended']),
  used: z.string().describe('In the period that runs'),
  nextAt: z.string().nullable(),
  madeAt: z.string(),
  endedAt: z.string().nullable(),
})
const date = z.iso.date()

export function mandateRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { transfers } = desk

  routes.post(
    '/consumer/mandates',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Consent once to paying somebody again and again, up to a cap in each period'),
        body: paid({
          ...{ to: number, every: z.enum(['once', 'day', 'week', 'month']), cap: positiveAmount },
          ...{ amount: positiveAmount.optional(), startsOn: date, endsOn: date.optional(), memo },
          ...paying,
        }),
        response: { 200: mandateView, 201: mandateView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { to, every, cap, amount, startsOn, endsOn, memo: said } = request.body
      const { channel: _, ...order } = await payer(desk, request, request.body)
      const given = await transfers.give({
        ...{ ...order, to: msisdnOf(to), every, cap: amountOf(cap), startsOn },
        ...(amount !== undefined && { amount: amountOf(amount) }),
        ...(endsOn !== undefined && { endsOn }),
        ...(said !== undefined && { memo: said }),
      })
      if (!given.ok) throw refusedByTransfers(desk, given)
      const { mandate, replayed } = given.value
      return reply.status(replayed ? 200 : 201).send(viewOf(mandate, msisdn))
    },
  )
  routes.get(
    '/consumer/mandates',
    {
      schema: {
        ...own('Given and got, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(mandateView) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const walletId = await walletOf(desk, msisdn)
      const all =
        walletId === undefined ? [] : await transfers.mandates(walletId, pageOf(request.query))
      return paged(
        all.map((one) => viewOf(one, msisdn)),
        request.query.limit,
      )
    },
  )
  routes.get(
    '/consumer/mandates/:id',
    { schema: { ...own('One consent'), params: byId, response: { 200: mandateView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const walletId = await walletOf(desk, msisdn)
      const found = await transfers.mandate(request.params.id)
      const isMine =
        walletId !== undefined && [found?.walletId, found?.payeeWalletId].includes(walletId)
      if (!found || !isMine) throw notFound('mandate')
      return viewOf(found, msisdn)
    },
  )
  routes.post(
    '/consumer/mandates/:id/draws',
    {
      config: { admission: 'order' },
      schema: {
        ...own('By the payee: draw what is due, up to the cap'),
        params: byId,
        body: z.strictObject({ amount: positiveAmount, key }),
        response: { 200: transferView, 201: transferView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { amount, key: name } = request.body
      const order = { msisdn, mandateId: request.params.id, amount: amountOf(amount) }
      return sent(desk, reply, msisdn, await transfers.draw({ ...order, key: keyOf(name) }))
    },
  )
  routes.post(
    '/consumer/mandates/:id/end',
    {
      schema: {
        ...own('Take the consent back, or give it up; by either of the two'),
        params: byId,
        response: { 200: mandateView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const mandateId = request.params.id
      const found = await transfers.mandate(mandateId)
      await mustBeOfTenure(desk, msisdn, found?.madeAt)
      const done = await transfers.endMandate({ msisdn, mandateId })
      if (!done.ok) throw refusedByTransfers(desk, done)
      return viewOf(done.value, msisdn)
    },
  )
}

const viewOf = (mandate: Mandate, msisdn: Msisdn): z.infer<typeof mandateView> => ({
  ...{ id: mandate.id, every: mandate.every, state: mandate.state, memo: mandate.memo },
  direction: mandate.msisdn === msisdn ? 'out' : 'in',
  from: masked(mandate.msisdn),
  to: masked(mandate.payee),
  cap: mandate.cap.toString(),
  amount: mandate.amount?.toString() ?? null,
  startsOn: mandate.startsOn,
  endsOn: mandate.endsOn,
  used: mandate.used.toString(),
  nextAt: isoOrNull(mandate.dueAt),
  madeAt: iso(mandate.madeAt),
  endedAt: isoOrNull(mandate.endedAt),
})
