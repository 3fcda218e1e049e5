/** The statement of the balance, line by line out of the ledger: to look through, as a receipt, and as a file. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import { type Reason, reasonTitles } from '../../ledger/index.ts'
import { findSubscriber } from '../../subscribers/index.ts'
import { counterpartyText, type Line } from '../../wallet-statement/index.ts'
import { notFound } from '../http/index.ts'
import { type ConsumerDesk, refusedByWallet, sessionOf } from './desk.ts'
import { iso, own, line as text, words } from './fields.ts'
import { byId, walletOf } from './transfer-routes.ts'

/** As a customer calls them, with what the ledger calls them. */
const kinds = {
  payment: ['payment'],
  refund: ['refund'],
  transfer: ['transfer', 'transfer_hold', 'transfer_back', 'transfer_unclaimed', 'transfer_return'],
  face_to_face: ['face_to_face'],
  bill: ['bill', 'bill_return'],
  packet: ['red_packet', 'red_packet_part', 'red_packet_return'],
  top_up: ['top_up'],
  top_up_voucher: ['top_up_voucher'],
  withdrawal: ['withdrawal', 'withdrawal_return'],
  repayment: ['repayment', 'repayment_return'],
  card_transfer: ['card_transfer', 'card_transfer_return'],
  fee: ['withdrawal_fee', 'repayment_fee', 'card_transfer_fee'],
  cash_in: ['cash_in'],
  cash_out: ['cash_out'],
} as const satisfies Readonly<Record<string, readonly Reason[]>>
type Kind = keyof typeof kinds
const names = Object.keys(kinds) as [Kind, ...Kind[]]
const kindName = z.enum(names)

const lineView = z.object({
  id: z.string(),
  at: z.string(),
  date: z.string().describe('The business date'),
  kind: kindName.nullable().describe('Null for what has no kind of its own'),
  title: words,
  amount: z.string().describe('Signed: what came in, or went out'),
  balance: z.string().describe('Just after it'),
  counterparty: words.nullable(),
  orderNo: z.string().nullable(),
  memo: z.string().nullable(),
  subject: z.string().describe('Of the payment, movement, transfer or bill that it belongs to'),
})

const date = z.iso.date()
const filterQuery = {
  kind: z.union([kindName, z.array(kindName).max(names.length)]).optional(),
  text: text(40).optional().describe('In names, order number, last digits or memo'),
}
const linesQuery = z.strictObject({
  before: z
    .string()
    .regex(/^\d{1,18}$/, 'must be `next` of the page before')
    .optional(),
  from: date.optional(),
  to: date.optional().describe('With this day'),
  ...filterQuery,
  limit: z.coerce.number().int().min(1).max(200).default(50),
})
const spanQuery = z.strictObject({
  ...{ from: date, to: date.describe('With this day') },
  ...filterQuery,
})

export function lineRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { statements } = desk

  routes.get(
    '/consumer/lines',
    {
      schema: {
        ...own('What changed the balance, the newest first'),
        querystring: linesQuery,
        response: { 200: z.object({ items: z.array(lineView), next: z.string().nullable() }) },
      },
    },
    async (request) => {
      const { before, kind, text: sought, limit, ...span } = request.query
      const lines = await statements.lines({
        ...{ walletId: await walletNeeded(desk, sessionOf(request).msisdn), limit },
        ...spanOf(desk, span),
        ...(before !== undefined && { before: BigInt(before) }),
        ...filterOf(kind, sought),
      })
      const next = lines.length < limit ? null : (lines.at(-1)?.no.toString() ?? null)
      return { items: lines.map(viewOf), next }
    },
  )
  routes.get(
    '/consumer/receipts/:id',
    { schema: { ...own('One line'), params: byId, response: { 200: lineView } } },
    async (request) => {
      const walletId = await walletNeeded(desk, sessionOf(request).msisdn)
      const line = await statements.line(walletId, request.params.id)
      if (!line) throw notFound('receipt')
      return viewOf(line)
    },
  )
  const files = { csv: 'text/csv; charset=utf-8', pdf: 'application/pdf' } as const
  for (const [kind, type] of Object.entries(files) as [keyof typeof files, string][])
    routes.get(
      `/consumer/lines.${kind}`,
      {
        config: { admission: 'report' },
        schema: {
          ...own(`The statement as ${kind.toUpperCase()}; the newest 10,000 lines, which it says`),
          querystring: spanQuery,
        },
      },
      async (request, reply) => {
        const { msisdn } = sessionOf(request)
        const { from, to, kind: chosen, text: sought } = request.query
        const walletId = await walletNeeded(desk, msisdn)
        const language = (await findSubscriber(desk.db, msisdn, desk.clock.now()))?.language ?? 'zh'
        const made = await statements[kind]({
          ...{ walletId, language, ...daysOf(desk, from, to) },
          ...filterOf(chosen, sought),
        })
        const file = `attachment; filename="wallet-${from}-${to}.${kind}"`
        return reply
          .type(type)
          .header('content-disposition', file)
          .send(typeof made === 'string' ? made : Buffer.from(made))
      },
    )
}

async function walletNeeded(desk: ConsumerDesk, msisdn: Msisdn): Promise<string> {
  const walletId = await walletOf(desk, msisdn)
  if (walletId === undefined) throw refusedByWallet(desk, { refusal: 'wallet_not_found' })
  return walletId
}

/** Days of the operator, the last one with all of it. */
const daysOf = ({ time }: ConsumerDesk, from: string, to: string) => ({
  from: time.startOf(from),
  to: time.startOf(time.nextDate(to)),
})

const filterOf = (kind: Kind | Kind[] | undefined, sought: string | undefined) => ({
  ...(kind !== undefined && { kinds: [kind].flat().flatMap((one) => kinds[one]) }),
  ...(sought !== undefined && { text: sought }),
})

function spanOf(
  desk: ConsumerDesk,
  { from, to }: { readonly from?: string | undefined; readonly to?: string | undefined },
) {
  return {
    ...(from !== undefined && { from: daysOf(desk, from, from).from }),
    ...(to !== undefined && { to: daysOf(desk, to, to).to }),
  }
}

function viewOf(line: Line): z.infer<typeof lineView> {
  const kind = names.find((name) => (kinds[name] as readonly Reason[]).includes(line.kind))
  const { zh, en } = reasonTitles[line.kind]
  const other = { zh: counterpartyText(line, 'zh'), en: counterpartyText(line, 'en') }
  return {
    ...{ id: line.id, date: line.businessDate, kind: kind ?? null, title: { zh, en } },
    at: iso(line.at),
    amount: `${line.way === 'in' ? '' : '-'}${line.amount}`,
    balance: line.balance.toString(),
    counterparty: line.counterparty === null ? null : other,
    ...{ orderNo: line.orderNo, memo: line.memo, subject: line.subject },
  }
}
