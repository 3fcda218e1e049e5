/** Asking somebody for money, and being asked. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { MoneyRequest } from '../../transfers/index.ts'
import { fields, notFound } from '../http/index.ts'
import { amountOf, type ConsumerDesk, msisdnOf, refusedByTransfers, sessionOf } from './desk.ts'
import { key, number, own, positiveAmount } from './fields.ts'
import { mustBeOfTenure, tenureOf } from './tenure.ts'
import { byId, keyOf, memo, paged, pageOf, paid, payer, paying, sent } from './transfer-routes.ts'
import { requestView, transferView, viewOfRequest } from './transfer-views.ts'

export function requestRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { transfers } = desk

  routes.post(
    '/consumer/requests',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Ask a number for money; nothing moves before it agrees'),
        body: z.strictObject({ from: number, amount: positiveAmount, memo, key }),
        response: { 200: requestView, 201: requestView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { from, amount, memo: said, key: name } = request.body
      const asked = await transfers.ask({
        ...{ msisdn, from: msisdnOf(from), amount: amountOf(amount), key: keyOf(name) },
        ...(said !== undefined && { memo: said }),
      })
      if (!asked.ok) throw refusedByTransfers(desk, asked)
      const { request: made, replayed } = asked.value
      return reply.status(replayed ? 200 : 201).send(viewOfRequest(made, msisdn))
    },
  )
  routes.get(
    '/consumer/requests',
    {
      schema: {
        ...own('Asked by oneself and of oneself, the newest first'),
        querystring: z.strictObject(fields.page),
        response: { 200: fields.pageOfView(requestView) },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const [isOwn, all] = await Promise.all([
        tenureOf(desk, msisdn),
        transfers.requests(msisdn, pageOf(request.query)),
      ])
      return paged(
        all.filter(({ askedAt }) => isOwn(askedAt)).map((one) => viewOfRequest(one, msisdn)),
        request.query.limit,
      )
    },
  )
  routes.get(
    '/consumer/requests/:id',
    { schema: { ...own('One request'), params: byId, response: { 200: requestView } } },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const [isOwn, found] = await Promise.all([
        tenureOf(desk, msisdn),
        transfers.request(request.params.id),
      ])
      const isNamed = found && [found.msisdn, found.payer].includes(msisdn)
      if (!isNamed || !isOwn(found.askedAt)) throw notFound('request')
      return shownRequest(desk, found, msisdn)
    },
  )
  routes.post(
    '/consumer/requests/:id/pay',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Pay what one is asked for'),
        params: byId,
        body: paid(paying),
        response: { 200: transferView, 201: transferView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const requestId = request.params.id
      await mustBeOfTenure(desk, msisdn, (await transfers.request(requestId))?.askedAt)
      const order = await payer(desk, request, request.body)
      return sent(desk, reply, msisdn, await transfers.payRequest({ ...order, requestId }))
    },
  )
  const ends = {
    decline: ['Say no to what one is asked for', transfers.decline],
    cancel: ['No longer ask', transfers.cancelRequest],
  } as const
  for (const [name, [summary, act]] of Object.entries(ends))
    routes.post(
      `/consumer/requests/:id/${name}`,
      { schema: { ...own(summary), params: byId, response: { 200: requestView } } },
      async (request) => {
        const { msisdn } = sessionOf(request)
        const requestId = request.params.id
        await mustBeOfTenure(desk, msisdn, (await transfers.request(requestId))?.askedAt)
        const done = await act({ msisdn, requestId })
        if (!done.ok) throw refusedByTransfers(desk, done)
        return viewOfRequest(done.value, msisdn)
      },
    )
}

/** Where a code was read, with the name of the other: two who stand before each other need not spell numbers. */
export async function shownRequest(
  { transfers }: Pick<ConsumerDesk, 'transfers'>,
  request: MoneyRequest,
  msisdn: Msisdn,
) {
  if (request.codeAlias === null) return viewOfRequest(request, msisdn)
  const other = request.msisdn === msisdn ? request.payer : request.msisdn
  const { maskedName } = await transfers.payee(other)
  return viewOfRequest(request, msisdn, maskedName)
}
