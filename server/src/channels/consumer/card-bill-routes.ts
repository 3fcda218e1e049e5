/** Bills of credit cards: looked at, entered, repaid, and repaid by themselves. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { type BillStanding, billWords } from '../../bank-cards/index.ts'
import { isBusinessDate, type Msisdn } from '../../kernel/index.ts'
import type { AutoAmount } from '../../repayments/index.ts'
import { cardFee } from '../../wallet/index.ts'
import { notFound } from '../http/index.ts'
import { type AppCard, amountOf, type ConsumerDesk, refused, sessionOf } from './desk.ts'
import { iso, key, own, positiveAmount, proven, uuid } from './fields.ts'
import { bankPinOf, cardOf, mustConfirm, mustConfirmFor } from './proof.ts'
import { movementView } from './views.ts'
import { answer, moving, orderOf } from './wallet-routes.ts'

const date = z.string().refine(isBusinessDate, 'must be a day, yyyy-mm-dd')
const auto = z.enum(['full', 'minimum'])

const billView = z.object({
  billedOn: z.string(),
  dueOn: z.string(),
  amount: z.string(),
  minimum: z.string(),
  paid: z.string(),
  onTheWay: z.string().describe('Repayments that have not ended'),
  left: z.string().describe('What may still be repaid'),
  leastLeft: z.string().describe('Of the minimum'),
  source: z.enum(['customer', 'bank']),
  asOf: z.string(),
})
const cardBillView = z.object({
  bill: billView.nullable().describe('The newest one; null while none is known'),
  auto: auto.nullable().describe('What is repaid by itself on the due day'),
})

const params = z.object({ id: uuid })

export function cardBillRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { cardBills: bills, wallet } = desk

  routes.get(
    '/consumer/cards/:id/bill',
    {
      schema: { ...own('The bill of a credit card'), params, response: { 200: cardBillView } },
    },
    async (request) => {
      const { id } = await creditCard(desk, sessionOf(request).msisdn, request.params.id)
      // A bank that says no, or nothing, leaves what is known.
      const seen = await bills.look(id)
      const bill = seen.ok ? seen.value : await bills.standing(desk.db, id)
      return { bill: bill ? viewOf(bill) : null, auto: await bills.autoOf(desk.db, id) }
    },
  )
  routes.post(
    '/consumer/cards/:id/bill/question',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Asks a bank for a bill that it tells nobody without the PIN it keeps'),
        params,
        body: proven({ key }),
        response: { 200: cardBillView },
      },
    },
    async (request) => {
      const { msisdn } = sessionOf(request)
      const { id, pinKeptBy } = await creditCard(desk, msisdn, request.params.id)
      const bankPin = pinKeptBy === 'bank' ? bankPinOf(request.body) : undefined
      if (!bankPin) await mustConfirm(desk, request, request.body)
      const seen = await bills.look(id, bankPin)
      if (!seen.ok)
        throw refused('bank_refused', { words: desk.bankWords(seen.refusal.refusal.reason) })
      return {
        bill: seen.value ? viewOf(seen.value) : null,
        auto: await bills.autoOf(desk.db, id),
      }
    },
  )
  routes.put(
    '/consumer/cards/:id/bill',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Enters the bill of a card whose bank does not tell it'),
        params,
        body: z.strictObject({
          ...{ billedOn: date, dueOn: date, amount: positiveAmount },
          minimum: positiveAmount.optional().describe('Ten per cent when absent'),
        }),
        response: { 200: cardBillView },
      },
    },
    async (request) => {
      const { id } = await creditCard(desk, sessionOf(request).msisdn, request.params.id)
      const { billedOn, dueOn, amount, minimum } = request.body
      const entered = await bills.enter({
        ...{ bindingId: id, billedOn, dueOn, amount: amountOf(amount) },
        ...(minimum !== undefined && { minimum: amountOf(minimum) }),
      })
      if (!entered.ok) throw refused('bill_refused', { words: billWords[entered.refusal] })
      return { bill: viewOf(entered.value), auto: await bills.autoOf(desk.db, id) }
    },
  )
  routes.put(
    '/consumer/cards/:id/auto-repayment',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Orders bills of a card to be repaid by themselves, from the balance'),
        params,
        body: proven({ amount: auto, key }),
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const card = await creditCard(desk, msisdn, request.params.id)
      await mustConfirmFor(desk, request, { ...request.body, card })
      await setAuto(desk, { card, msisdn }, request.body.amount)
      return reply.status(204).send(null)
    },
  )
  routes.delete(
    '/consumer/cards/:id/auto-repayment',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Takes that order back; what was begun goes on'),
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const card = await creditCard(desk, msisdn, request.params.id)
      await setAuto(desk, { card, msisdn }, null)
      return reply.status(204).send(null)
    },
  )
  routes.get(
    '/consumer/repayments/fee',
    {
      schema: {
        ...own('What a repayment would cost, on top of it'),
        querystring: z.strictObject({ amount: positiveAmount }),
        response: { 200: z.object({ fee: z.string(), total: z.string() }) },
      },
    },
    async (request) => {
      const amount = amountOf(request.query.amount)
      const fee = cardFee(desk.policy(), amount)
      return { fee: fee.toString(), total: (amount + fee).toString() }
    },
  )
  routes.post(
    '/consumer/repayments',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Repays the bill of a credit card from the balance, or from a debit card'),
        body: proven({
          ...moving,
          fromCardId: uuid.optional().describe('The debit card that pays; the balance when absent'),
        }),
        response: { 200: movementView, 201: movementView },
      },
    },
    async (request, reply) => {
      const { msisdn } = sessionOf(request)
      const { fromCardId } = request.body
      const order = orderOf(request, request.body)
      if (fromCardId === undefined) {
        const card = await cardOf(desk, msisdn, order.cardId)
        await mustConfirmFor(desk, request, { ...request.body, card })
        return answer(desk, reply, await wallet.repay(order))
      }
      const from = await cardOf(desk, msisdn, fromCardId)
      if (from?.pinKeptBy === 'bank')
        return answer(
          desk,
          reply,
          await wallet.repay({ ...order, fromCardId, pin: bankPinOf(request.body) }),
        )
      await mustConfirm(desk, request, request.body)
      return answer(desk, reply, await wallet.repay({ ...order, fromCardId }))
    },
  )
}

async function creditCard(desk: ConsumerDesk, msisdn: Msisdn, id: string): Promise<AppCard> {
  const card = await cardOf(desk, msisdn, id)
  if (card?.kind !== 'credit') throw notFound('card')
  return card
}

async function setAuto(
  { cardBills: bills }: ConsumerDesk,
  { card, msisdn }: { readonly card: AppCard; readonly msisdn: Msisdn },
  amount: AutoAmount | null,
): Promise<void> {
  const set = await bills.setAuto({ id: card.id, msisdn }, amount)
  if (!set.ok) throw refused('bill_refused', { words: billWords[set.refusal] })
}

const viewOf = (bill: BillStanding): z.infer<typeof billView> => ({
  ...{ billedOn: bill.billedOn, dueOn: bill.dueOn, source: bill.source, asOf: iso(bill.askedAt) },
  ...{ amount: bill.amount.toString(), minimum: bill.minimum.toString() },
  ...{ paid: bill.paid.toString(), onTheWay: bill.onTheWay.toString() },
  ...{ left: bill.left.toString(), leastLeft: bill.leastLeft.toString() },
})
