/** What the customer may see and change of himself. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type Msisdn, Secret } from '../../kernel/index.ts'
import { setLanguage } from '../../subscribers/index.ts'
import { type ConsumerDesk, refused, refusedByWallet, sessionOf } from './desk.ts'
import { language, own, sixDigits } from './fields.ts'
import { meOf, meView, source } from './me.ts'
import { walletOf } from './transfer-routes.ts'
import { pinRefusal, weakPin } from './words.ts'

export function meRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { db, clock, pins } = desk

  routes.get(
    '/consumer/me',
    { schema: { ...own('Who is signed in'), response: { 200: meView } } },
    (request) => meOf(desk, sessionOf(request).msisdn),
  )
  routes.patch(
    '/consumer/me',
    {
      schema: {
        ...own('Change the language we speak, and the order in which sources are offered'),
        body: z.strictObject({
          language: language.optional(),
          sources: z.array(source).length(3).optional(),
        }),
        response: { 200: meView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const { language: spoken, sources } = request.body
      if (sources !== undefined) await order(desk, msisdn, sources)
      if (spoken !== undefined)
        await db.transact((tx) => setLanguage(tx, { msisdn, language: spoken }, clock.now()))
      return meOf(desk, msisdn)
    },
  )
  routes.post(
    '/consumer/pin',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Change the payment PIN; a wrong old one counts'),
        body: z.strictObject({ old: sixDigits, new: sixDigits }),
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const old = new Secret(request.body.old)
      const next = new Secret(request.body.new)
      const facts = await desk.pinFactsOf(msisdn)
      const changed = await pins.change({ msisdn, old, next, channel: 'web' }, facts)
      if (changed.ok) return reply.status(204).send()
      const { refusal } = changed
      if (refusal.code === 'weak') throw refused(weakPin(refusal.weakness))
      if (refusal.code === 'unchanged') throw refused('pin_unchanged')
      throw refused(pinRefusal(refusal), refusal.code === 'wrong' ? refusal : {})
    },
  )
}

async function order(
  desk: ConsumerDesk,
  msisdn: Msisdn,
  sources: z.infer<typeof source>[],
): Promise<void> {
  const walletId = await walletOf(desk, msisdn)
  const done = walletId === undefined ? undefined : await desk.wallet.setSources(walletId, sources)
  if (done?.ok) return
  if (done?.refusal === 'order_incomplete') throw refused('order_incomplete')
  throw refusedByWallet(desk, { refusal: 'wallet_not_found' })
}
