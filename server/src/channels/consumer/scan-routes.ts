/** What the customer has read from a merchant: whom it pays, and how much. Nothing is paid by looking. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type ConsumerDesk, refused } from './desk.ts'
import { iso, own, words } from './fields.ts'

/** EMVCo codes have at most 512 octets, and addresses of pages fewer. */
const textMax = 600

const scanView = z.object({
  merchant: z.object({ id: z.string(), name: words }),
  order: z.string().nullable().describe('Of a payment page; without it the shop itself is paid'),
  goods: words.nullable(),
  amount: z.string().nullable().describe('Null: the customer says how much'),
  min: z.string().nullable(),
  max: z.string().nullable(),
  expiresAt: z.string().nullable(),
})

export function scanRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  app.withTypeProvider<ZodTypeProvider>().post(
    '/consumer/scans',
    {
      schema: {
        ...own('What a merchant’s code, or the address of a payment page, asks to be paid'),
        body: z.strictObject({ text: z.string().min(1).max(textMax) }),
        response: { 200: scanView },
      },
    },
    async (request) => {
      const reading = desk.readCode(request.body.text.trim())
      if (!reading) throw refused('code_not_ours')
      return reading.kind === 'order'
        ? orderShown(desk, reading.orderId)
        : merchantShown(desk, reading.merchantId)
    },
  )
}

type View = z.infer<typeof scanView>

async function orderShown(desk: ConsumerDesk, id: string): Promise<View> {
  const order = await desk.orders.get(id)
  if (!order) throw refused('order_over')
  const { merchantId, goods, amount, expiresAt } = order
  return {
    merchant: { id: merchantId, name: desk.merchantName(merchantId) },
    ...{ order: id, goods, amount: amount.toString(), min: null, max: null },
    expiresAt: iso(expiresAt),
  }
}

function merchantShown(desk: ConsumerDesk, id: string): View {
  const open = desk.openAmountOf(id)
  if (!open) throw refused('code_not_ours')
  return {
    merchant: { id, name: desk.merchantName(id) },
    ...{ order: null, goods: null, amount: null, expiresAt: null },
    ...{ min: open.min.toString(), max: open.max.toString() },
  }
}
