/** What days of billers have shown, for the operator: looked at here, settled with the biller. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Billers } from '../../billers/index.ts'
import { described, iso, page } from './fields.ts'

export interface BillerDesk {
  readonly billers: Pick<Billers, 'differences'>
}

const differenceView = z.object({
  biller: z.string(),
  day: z.string(),
  kind: z
    .enum(['missing_here', 'missing_there', 'amount', 'state'])
    .describe('`state`: written off there, and given back or not paid here'),
  billId: z.string(),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  foundAt: z.string(),
})

export function billerRoutes(app: FastifyInstance, { billers }: BillerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/operator/biller-differences',
    {
      schema: {
        ...described('What billers and we see differently, newest first'),
        querystring: z.strictObject({ limit: page.limit }),
        response: { 200: z.object({ items: z.array(differenceView) }) },
      },
    },
    async (request) => {
      const found = await billers.differences(request.query.limit)
      return { items: found.map(({ foundAt, ...one }) => ({ ...one, foundAt: iso(foundAt) })) }
    },
  )
}
