/** What the demo page may do beside the simulators' own face: move time, bend the network, act as a shop. */
import type { FastifyInstance, FastifyReply } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { follow, notFound, sendProblem } from '../channels/http/index.ts'
import { createIds } from '../kernel/index.ts'
import { produceStatement } from '../settlement/index.ts'
import { durationOf } from './clock.ts'
import { carrierBehaviours } from './network.ts'
import { ShopRefused, shopIds } from './shops.ts'
import { type DemoWorld, demoState } from './state.ts'

const hide = true
/** Farther than a statement or a subscription of the demo ever needs. */
const advanceMaxMs = 400 * 86_400_000
const percent = z.int().min(0).max(100)
const shop = z.object({ merchantId: z.enum(shopIds) })

export async function demoRoutes(root: FastifyInstance, world: DemoWorld): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()
  const { parts, clock, shops } = world
  const read = async () => JSON.stringify(await demoState(world))

  app.get('/demo/state', { schema: { hide } }, async (_request, reply) =>
    reply.type('application/json').send(await read()),
  )
  const stream = { config: { admission: 'stream' }, schema: { hide } } as const
  app.get('/demo/stream', stream, async (request, reply) => {
    follow(request, reply, {
      read: async () => ({ state: await read() }),
      lookEveryMs: 1_000,
      quietMs: 150,
      subscribe(changed) {
        const stops = [
          parts.payments.onChange(changed),
          world.smsc.onChange(changed),
          world.boss.onChange(changed),
        ]
        return () => {
          for (const stop of stops) stop()
        }
      },
    })
  })

  app.post(
    '/simulator/clock',
    {
      schema: {
        hide,
        body: z.strictObject({
          advance: z.string().max(30).optional(),
          paused: z.boolean().optional(),
        }),
      },
    },
    async (request, reply) => {
      const { advance, paused } = request.body
      const ms = advance === undefined ? 0 : durationOf(advance)
      if (ms === undefined || ms > advanceMaxMs)
        return sendProblem(reply, {
          status: 422,
          type: 'not_a_duration',
          title: 'advance is an ISO 8601 duration of at most 400 days, for example P1D or PT1H',
        })
      if (paused !== undefined) clock.setPaused(paused)
      if (ms > 0) clock.advance(ms)
      parts.kick()
      return { now: clock.now(), paused: clock.paused() }
    },
  )
  app.get('/simulator/clock', { schema: { hide } }, async () => ({
    now: clock.now(),
    paused: clock.paused(),
  }))

  app.post(
    '/demo/network',
    {
      schema: {
        hide,
        body: z
          .strictObject({
            delayMs: z.int().min(0).max(60_000),
            lossPercent: percent,
            duplicatePercent: percent,
            carrier: z.enum(carrierBehaviours),
          })
          .partial(),
      },
    },
    async (request) => {
      const given = Object.entries(request.body).filter(([, value]) => value !== undefined)
      await world.network.change(Object.fromEntries(given))
      return world.network.current()
    },
  )
  app.post('/demo/reset', { schema: { hide } }, async (_request, reply) => {
    world.reset()
    return reply.status(202).send({ reset: true })
  })
  app.post('/demo/verify', { schema: { hide } }, async () => world.selfCheck.run())
  shopRoutes(root, world)

  app.get(
    '/demo/statements/:merchantId/:date',
    { schema: { hide, params: shop.extend({ date: z.iso.date() }) } },
    async (request, reply) => {
      const { merchantId, date } = request.params
      const order = { merchantId, date, format: 'native', now: clock.now() } as const
      const file = await produceStatement(parts.db, parts.time, order)
      return reply
        .type('text/plain; charset=utf-8')
        .header('content-disposition', `inline; filename="${file.name}"`)
        .send(Buffer.from(file.bytes))
    },
  )

  // A merchant's own server: it checks the signature before it believes a word.
  await app.register(async (scope) => {
    scope.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(
      '/demo/merchants/:merchantId/webhook',
      { schema: { hide } },
      async (request, reply) => {
        const { merchantId } = request.params as { merchantId: string }
        const signed = shops.isSigned(merchantId, request.headers, String(request.body))
        return reply.status(signed ? 200 : 401).send({ ok: signed })
      },
    )
  })
}

/** What the page does as a merchant goes through the public API, with the merchant's key. */
function shopRoutes(root: FastifyInstance, world: DemoWorld): void {
  const app = root.withTypeProvider<ZodTypeProvider>()
  const { parts, shops } = world
  const ids = createIds()
  const orderId = () => `DEMO-${ids.next(0, parts.clock.now()).slice(0, 18)}`
  const pass = async (reply: FastifyReply, work: Promise<unknown>) => {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof ShopRefused)) throw error
      return reply.status(error.status).type('application/problem+json').send(error.problem)
    }
  }

  app.post(
    '/demo/shop',
    {
      schema: {
        hide,
        body: shop.extend({ product: z.string().optional(), amount: z.string().optional() }),
      },
    },
    async (request, reply) => {
      const { merchantId, ...what } = request.body
      const body = { ...what, orderId: orderId(), returnUrl: `${parts.origin}/demo` }
      return pass(reply, shops.call(merchantId, { method: 'POST', url: '/v1/checkouts', body }))
    },
  )
  tillRoutes(app, { shops, orderId, pass })
  app.post(
    '/demo/payments/:id/refund',
    { schema: { hide, params: z.object({ id: z.uuid() }) } },
    async (request, reply) => {
      const payment = await parts.payments.get(request.params.id)
      if (!payment) throw notFound('payment')
      const url = `/v1/payments/${payment.id}/refunds`
      const body = { refundId: orderId(), reason: 'demo' }
      return pass(reply, shops.call(payment.merchantId, { method: 'POST', url, body }))
    },
  )
  app.post(
    '/demo/webhooks/:deliveryId/resend',
    { schema: { hide, params: z.object({ deliveryId: z.string().max(80) }) } },
    async (request, reply) => {
      const url = `/v1/webhook-deliveries/${encodeURIComponent(request.params.deliveryId)}/resend`
      for (const merchantId of shopIds) {
        const sent = await shops
          .call(merchantId, { method: 'POST', url })
          .catch((error: unknown) => {
            if (error instanceof ShopRefused && error.status === 404) return undefined
            throw error
          })
        if (sent !== undefined) return sent
      }
      return pass(reply, Promise.reject(notFound('delivery')))
    },
  )
}

interface Till {
  readonly shops: DemoWorld['shops']
  readonly orderId: () => string
  readonly pass: (reply: FastifyReply, work: Promise<unknown>) => Promise<unknown>
}

/** A till of a shop: it reads the code of the app, and shows one for the app to read. */
function tillRoutes(root: FastifyInstance, { shops, orderId, pass }: Till): void {
  const app = root.withTypeProvider<ZodTypeProvider>()
  app.post(
    '/demo/scans',
    { schema: { hide, body: shop.extend({ code: z.string(), amount: z.string() }) } },
    async (request, reply) => {
      const { merchantId, ...read } = request.body
      const body = { ...read, orderId: orderId() }
      return pass(reply, shops.call(merchantId, { method: 'POST', url: '/v1/scans', body }))
    },
  )
  app.post(
    '/demo/qr-codes',
    { schema: { hide, body: shop.extend({ amount: z.string().optional() }) } },
    async (request, reply) => {
      const { merchantId, amount } = request.body
      const ofShop = { method: 'GET', url: '/v1/qr-code' } as const
      const body = { amount, orderId: orderId() }
      const ofOrder = { method: 'POST', url: '/v1/qr-codes', body } as const
      return pass(reply, shops.call(merchantId, amount === undefined ? ofShop : ofOrder))
    },
  )
}
