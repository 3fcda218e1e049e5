/** Payments that ask for the PIN on the customer's own device: which there are, yes with the PIN, and no. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { CardTerms, Payment, StepRefusal } from '../../payments/index.ts'
import { notFound } from '../http/index.ts'
import { type ConsumerDesk, refused, refusedByPayments, sessionOf } from './desk.ts'
import { own, type Proof, pin, proven } from './fields.ts'
import { ownPayments, paymentView, viewOfPayment } from './payment-view.ts'
import { bankPinOf, mustConfirm } from './proof.ts'
import { byId } from './transfer-routes.ts'

/** How long a request waits for the carrier or the bank. */
export const waitMs = 5_000
const askedMax = 10

export function askedRoutes(app: FastifyInstance, desk: ConsumerDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { payments } = desk

  routes.get(
    '/consumer/payments',
    {
      schema: {
        ...own('What waits for the PIN in the app, the newest first'),
        response: { 200: z.object({ items: z.array(paymentView) }) },
      },
    },
    async (request) => {
      const session = sessionOf(request)
      const [isOwn, { items }] = await Promise.all([
        ownPayments(desk, session),
        payments.list({
          ...{ msisdn: session.msisdn, states: ['awaiting_confirm'], order: 'desc' },
          ...{ offset: 0, limit: askedMax },
        }),
      ])
      const asked = items.filter((one) => one.consent === 'app' && isOwn(one))
      return { items: await Promise.all(asked.map((one) => viewOfPayment(desk, one))) }
    },
  )
  routes.post(
    '/consumer/payments/:id/approve',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Yes to a payment that asks for the PIN'),
        params: byId,
        body: proven({}, pin.describe('The wallet’s, or the card’s where its bank keeps it')),
        response: { 200: paymentView },
      },
    },
    async (request) => {
      const payment = await ownPayment(desk, request, request.params.id)
      return viewOfPayment(desk, await approve(desk, payment, { request, proof: request.body }))
    },
  )
  routes.post(
    '/consumer/payments/:id/decline',
    {
      schema: {
        ...own('No to a payment that asks for the PIN; nothing is paid'),
        params: byId,
        body: z.strictObject({}).nullish(),
        response: { 200: paymentView },
      },
    },
    async (request) => {
      const payment = await ownPayment(desk, request, request.params.id)
      if (payment.consent !== 'app') throw refused('question_over')
      if (payment.state === 'cancelled') return viewOfPayment(desk, payment)
      const { id: paymentId, msisdn } = payment
      const said = await payments.cancel({ paymentId, msisdn })
      if (!said.ok) throw refused('question_over')
      return viewOfPayment(desk, said.value)
    },
  )
}

/** Anybody else's does not exist. */
export async function ownPayment(
  desk: ConsumerDesk,
  request: FastifyRequest,
  id: string,
): Promise<Payment> {
  const payment = await desk.payments.get(id)
  const isOwn = await ownPayments(desk, sessionOf(request))
  if (!payment || !isOwn(payment)) throw notFound('payment')
  return payment
}

interface Given {
  readonly request: FastifyRequest
  readonly proof: Proof
}

/** Whoever keeps the PIN checks it; once it was right, the same yes again is no second one. */
async function approve(desk: ConsumerDesk, payment: Payment, given: Given): Promise<Payment> {
  const { id: paymentId, msisdn } = payment
  if (payment.consent !== 'app') throw refused('question_over')
  if (payment.state === 'awaiting_confirm') {
    const card = await proved(desk, payment, given)
    const said = await desk.payments.approve({ paymentId, msisdn, ...(card && { card }) })
    if (!said.ok && said.refusal !== 'not_allowed_now')
      throw await refusedStep(desk, payment, said.refusal)
  }
  const now = (await desk.payments.settled(paymentId, waitMs)) ?? payment
  if (now.confirmedAt === null) throw refused('question_over')
  return now
}

async function proved(
  desk: ConsumerDesk,
  { id, msisdn, card }: Payment,
  { request, proof }: Given,
): Promise<CardTerms | null> {
  const paying = card && (await cardNamed(desk, msisdn, card.id))
  if (paying?.pinKeptBy === 'bank') await desk.cards.keepPin(id, bankPinOf(proof))
  else await mustConfirm(desk, request, { ...proof, key: `approve ${id}` })
  return paying?.terms ?? null
}

/** Throws unless the card can pay now; the preferred one without a name. */
export async function cardNamed({ cards, ...desk }: ConsumerDesk, msisdn: Msisdn, id?: string) {
  const found = (await cards.paying(msisdn)).find(
    ({ terms }) => id === undefined || terms.id === id,
  )
  if (!found) throw refusedByPayments(desk, { refusal: 'card_unavailable' })
  return found
}

const overs = ['payment_not_found', 'no_tries_left', 'codes_locked', 'too_late'] as const
type Over = (typeof overs)[number]
const isOver = (refusal: StepRefusal): refusal is Over =>
  (overs as readonly string[]).includes(refusal)

export async function refusedStep(
  desk: ConsumerDesk,
  payment: Payment,
  refusal: Exclude<StepRefusal, 'not_allowed_now'>,
) {
  if (isOver(refusal)) return refused('question_over')
  const left = refusal === 'over_code_limit' ? await desk.codeRoom(payment) : null
  return refusedByPayments(desk, { refusal, ...(left !== null && { left }) })
}
