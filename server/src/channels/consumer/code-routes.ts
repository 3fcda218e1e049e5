/** What a signed-in device makes its payment codes of, and goes on with when there is no network. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ConsumerDesk, sessionOf } from './desk.ts'
import { iso, own } from './fields.ts'

const poolView = z.object({
  prefix: z.string(),
  key: z.string().describe('32 octets, base64url; told once, for the key store of the device'),
  aliases: z.array(z.string()).describe('To be used in turn: one code counts once'),
  expiresAt: z.string(),
  now: z.string(),
})

export function codeRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/payment-codes',
    {
      schema: {
        ...own('A new pool of aliases for this device, good for a day without the network'),
        body: z.strictObject({
          now: z.iso.datetime().describe('The time by the clock of the device'),
        }),
        response: { 201: poolView },
      },
    },
    async (request, reply) => {
      const pool = await desk.codes.issue(sessionOf(request), Date.parse(request.body.now))
      const { prefix, key, aliases, expiresAt } = pool
      const now = iso(desk.clock.now())
      return reply
        .status(201)
        .send({ prefix, key: key.reveal(), aliases: [...aliases], expiresAt: iso(expiresAt), now })
    },
  )
}
