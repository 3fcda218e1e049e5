/** retrieveRefund, retrieveRefunds and retrievePaymentRemainingAmount. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Payment, Refund } from '../../payments/index.ts'
import type { CamaraDependencies } from './dependencies.ts'
import {
  boundAnswer,
  instantQuery,
  listOf,
  pageHeaders,
  pageQuery,
  rangeOf,
  windowOf,
} from './listing.ts'
import { ownPayment, owns } from './payer.ts'
import { presentRefund, presentRemaining, refundRequestOf } from './present.ts'
import { common, problem } from './problems.ts'
import { paymentParams, refundParams } from './requests.ts'
import { errorsOf, refundAnswer, remainingAnswer } from './responses.ts'
import { callerOf, type OperationConfig } from './scope.ts'
import { refundStatuses, refundStatusOf } from './status.ts'

const config: OperationConfig = { scope: 'carrier-billing-refund:refunds:read' }
const shared = {
  tags: ['Refund'],
  security: [{ openId: ['carrier-billing-refund:refunds:read'] }],
}
const prefix = 'CARRIER_BILLING_REFUND'

const query = z.object({
  ...pageQuery,
  'refundCreationDate.gte': instantQuery,
  'refundCreationDate.lte': instantQuery,
  refundStatus: listOf(refundStatuses),
})

export function registerRefundRetrieve(app: FastifyInstance, deps: CamaraDependencies): void {
  const { payments } = deps
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.get(
    '/payments/:paymentId/refunds/remaining-amount',
    {
      config,
      schema: {
        ...shared,
        summary: 'Get remaining amount not refunded for a given payment',
        operationId: 'retrievePaymentRemainingAmount',
        params: paymentParams,
        response: { 200: remainingAnswer, ...errorsOf(400, 404) },
      },
    },
    async (request) =>
      presentRemaining(await ownPayment(payments, callerOf(request), request.params.paymentId)),
  )
  typed.get(
    '/payments/:paymentId/refunds/:refundId',
    {
      config,
      schema: {
        ...shared,
        summary: 'Get refund details',
        operationId: 'retrieveRefund',
        params: refundParams,
        response: { 200: refundAnswer, ...errorsOf(400, 404) },
      },
    },
    async (request) => {
      const caller = callerOf(request)
      const { paymentId, refundId } = request.params
      const payment = await ownPayment(payments, caller, paymentId)
      const refund = await payments.getRefund(refundId)
      if (refund?.paymentId !== payment.id || !owns(caller, refund)) throw problem(common.notFound)
      return presentRefund(refund, payment)
    },
  )
  registerList(app, deps)
}

function registerList(app: FastifyInstance, { payments, clock }: CamaraDependencies): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/payments/:paymentId/refunds',
    {
      config,
      schema: {
        ...shared,
        summary: 'Get a list of refunds',
        operationId: 'retrieveRefunds',
        params: paymentParams,
        querystring: query,
        response: { 200: z.array(refundAnswer), ...errorsOf(400, 404) },
      },
    },
    async (request, reply) => {
      const caller = callerOf(request)
      const asked = request.query
      const window = windowOf(asked)
      const gte = asked['refundCreationDate.gte']
      const range = rangeOf(prefix, { gte, lte: asked['refundCreationDate.lte'] }, clock.now())
      const payment = await ownPayment(payments, caller, request.params.paymentId)
      const found = (await payments.refundsOf(payment.id))
        .filter((refund) => owns(caller, refund) && matches(refund, payment, asked, range))
        .sort(byAge(asked.order))
      boundAnswer(prefix, window, found.length)
      const shown = found.slice(window.offset, window.offset + window.limit)
      reply.headers(pageHeaders(window, shown.length, found.length))
      return shown.map((refund) => presentRefund(refund, payment))
    },
  )
}

const matches = (
  refund: Refund,
  payment: Payment,
  { refundStatus, merchantIdentifier }: z.infer<typeof query>,
  { from = 0, to = Number.POSITIVE_INFINITY }: ReturnType<typeof rangeOf>,
) =>
  refund.requestedAt >= from &&
  refund.requestedAt <= to &&
  (refundStatus === undefined || refundStatus.includes(refundStatusOf(refund))) &&
  (merchantIdentifier === undefined ||
    refundRequestOf(refund, payment).refundAmount.chargingMetaData?.merchantIdentifier ===
      merchantIdentifier)

const byAge = (order: 'asc' | 'desc') => (one: Refund, other: Refund) =>
  (one.requestedAt - other.requestedAt || (one.id < other.id ? -1 : 1)) * (order === 'asc' ? 1 : -1)
