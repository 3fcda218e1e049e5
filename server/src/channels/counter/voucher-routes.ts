/** Vouchers: what they say, and the paper. Each printing is counted and written down. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { hallRoles } from '../../staff/index.ts'
import { personOf } from '../staff-door/index.ts'
import { type CounterDesk, refused } from './desk.ts'
import { described } from './fields.ts'
import { voucherView } from './schemas.ts'
import { viewOfVoucher } from './views.ts'
import { voucherPdf } from './voucher-pdf.ts'

const path = '/counter/api/vouchers/:number'
const params = z.object({
  number: z.string().regex(/^BD-\d{4}-\d{6}$/, 'must be a voucher number'),
})

export function voucherRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { staff, db } = desk

  routes.get(
    path,
    {
      config: { staff: { for: hallRoles, passive: true } },
      schema: { ...described('What a voucher says'), params, response: { 200: voucherView } },
    },
    async (request) => {
      const found = await staff.vouchers.find(db, request.params.number, personOf(request))
      if (!found) throw refused('voucher_unknown', { desk })
      return viewOfVoucher(found)
    },
  )
  routes.post(
    `${path}/prints`,
    {
      config: { admission: 'report', staff: { for: hallRoles } },
      schema: {
        ...described('The voucher as a PDF; from the second time on it says that it is a copy'),
        params,
      },
    },
    async (request, reply) => {
      const { number } = request.params
      const voucher = await staff.vouchers.print(number, personOf(request))
      if (!voucher?.content) throw refused('voucher_unknown', { desk })
      const { content, prints, issuedAt } = voucher
      const pdf = await voucherPdf({ number, content, issuedAt: issuedAt ?? 0, copy: prints > 1 })
      return reply
        .type('application/pdf')
        .header('content-disposition', `inline; filename="${number}.pdf"`)
        .send(pdf)
    },
  )
}
