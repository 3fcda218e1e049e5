/** The day's statements over the merchant API: which there are, and the files (M-5). */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { daysOf, produceStatement, type SourceTotals, totalsOf } from '../../settlement/index.ts'
import { clientOf } from './caller.ts'
import type { MerchantApi } from './dependencies.ts'

const tags = ['Statements']
const security = [{ apiKey: [] }]
const daysMax = 60

/** Business dates are of this century: a database knows no year 0000. */
const dateField = z.iso.date().regex(/^2/, 'must be a date from 2000 on')

const sums = {
  salesCount: z.string(),
  sales: z.string(),
  refundsCount: z.string(),
  refunds: z.string(),
}

const dayView = z.object({
  date: z.iso.date(),
  state: z.enum(['ready', 'not_ready']),
  ...sums,
  bySource: z.object({ phoneBill: z.object(sums), card: z.object(sums) }),
})

const viewOfSums = (totals: SourceTotals) => ({
  salesCount: totals.salesCount.toString(),
  sales: totals.sales.toString(),
  refundsCount: totals.refundsCount.toString(),
  refunds: totals.refunds.toString(),
})

export async function statementRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()

  app.get(
    '/v1/statements',
    {
      config: { admission: 'report' },
      schema: {
        tags,
        security,
        summary: 'The last days with their totals in fen',
        querystring: z.object({ days: z.coerce.number().int().min(1).max(daysMax).default(14) }),
        response: { 200: z.object({ items: z.array(dayView) }) },
      },
    },
    async (request) => {
      const client = clientOf(request)
      const today = api.time.dateOf(api.clock.now())
      const { closedThrough } = await daysOf(api.db)
      const items: z.infer<typeof dayView>[] = []
      for (let back = 0; back < request.query.days; back += 1) {
        const date = api.time.nextDate(today, -back)
        const totals = await totalsOf(api.db, date, client.merchantId)
        items.push({
          date,
          state: closedThrough !== null && date <= closedThrough ? 'ready' : 'not_ready',
          ...viewOfSums(totals),
          bySource: {
            phoneBill: viewOfSums(totals.bySource.phone_bill),
            card: viewOfSums(totals.bySource.card),
          },
        })
      }
      return { items }
    },
  )

  app.get(
    '/v1/statements/:date',
    {
      config: { admission: 'report' },
      schema: {
        tags,
        security,
        summary: 'The file of a day; the same bytes each time once the day is closed',
        params: z.object({ date: dateField }),
        querystring: z.object({ format: z.enum(['native', 'v3']).default('native') }),
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const file = await produceStatement(api.db, api.time, {
        merchantId: client.merchantId,
        date: request.params.date,
        format: request.query.format,
        now: api.clock.now(),
      })
      const charset = request.query.format === 'v3' ? 'gb18030' : 'utf-8'
      return reply
        .type(`text/plain; charset=${charset}`)
        .header('content-disposition', `attachment; filename="${file.name}"`)
        .header('x-content-sha256', file.sha256)
        .send(Buffer.from(file.bytes))
    },
  )
}
