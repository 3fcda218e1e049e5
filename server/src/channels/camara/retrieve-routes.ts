/** retrievePayment and retrievePayments. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Payment, PaymentFilter } from '../../payments/index.ts'
import type { CamaraDependencies } from './dependencies.ts'
import {
  boundAnswer,
  instantQuery,
  listOf,
  pageHeaders,
  pageQuery,
  rangeOf,
  scanMax,
  tooManyRecords,
  type Window,
  windowOf,
} from './listing.ts'
import { ownPayment } from './payer.ts'
import { presentPayment, requestOf } from './present.ts'
import { paymentParams } from './requests.ts'
import { errorsOf, paymentAnswer } from './responses.ts'
import { callerOf, type OperationConfig } from './scope.ts'
import { type PaymentStatus, paymentStatuses, statesOf, statusOf } from './status.ts'

const config: OperationConfig = { scope: 'carrier-billing:payments:read' }
const shared = { tags: ['Payment'], security: [{ openId: ['carrier-billing:payments:read'] }] }
const prefix = 'CARRIER_BILLING'

const query = z.object({
  ...pageQuery,
  'paymentCreationDate.gte': instantQuery,
  'paymentCreationDate.lte': instantQuery,
  paymentStatus: listOf(paymentStatuses),
})

export function registerRetrieve(app: FastifyInstance, deps: CamaraDependencies): void {
  const { payments, origin } = deps
  const typed = app.withTypeProvider<ZodTypeProvider>()
  typed.get(
    '/payments/:paymentId',
    {
      config,
      schema: {
        ...shared,
        summary: 'Get payment details',
        operationId: 'retrievePayment',
        params: paymentParams,
        response: { 200: paymentAnswer, ...errorsOf(400, 404) },
      },
    },
    async (request) => {
      const { paymentId } = request.params
      return presentPayment(await ownPayment(payments, callerOf(request), paymentId), origin)
    },
  )
  typed.get(
    '/payments',
    {
      config,
      schema: {
        ...shared,
        summary: 'Get a list of payments',
        operationId: 'retrievePayments',
        querystring: query,
        response: { 200: z.array(paymentAnswer), ...errorsOf(400) },
      },
    },
    async (request, reply) => {
      const { clientId, msisdn } = callerOf(request)
      const asked = request.query
      const window = windowOf(asked)
      const gte = asked['paymentCreationDate.gte']
      const { from, to } = rangeOf(
        prefix,
        { gte, lte: asked['paymentCreationDate.lte'] },
        deps.clock.now(),
      )
      const filter = {
        client: clientId,
        order: asked.order,
        ...(msisdn !== undefined && { msisdn }),
        ...(from !== undefined && { createdFrom: from }),
        ...(to !== undefined && { createdTo: to }),
        ...(asked.paymentStatus && { states: statesOf(asked.paymentStatus) }),
      }
      const found = await find(filter, asked, window, deps)
      boundAnswer(prefix, window, found.total)
      reply.headers(pageHeaders(window, found.items.length, found.total))
      return found.items.map((payment) => presentPayment(payment, origin))
    },
  )
}

interface Sieve {
  readonly merchantIdentifier?: string | undefined
  readonly paymentStatus?: readonly PaymentStatus[] | undefined
}

/**
 * The database filters by client, number, time and state. What it cannot tell (the merchant's own
 * identifier; a payment that waits for a code from one that waits for a reply) is sieved here, among
 * at most a thousand.
 */
async function find(
  filter: Omit<PaymentFilter, 'offset' | 'limit'>,
  sieve: Sieve,
  window: Window,
  { payments }: CamaraDependencies,
): Promise<{ readonly total: number; readonly items: readonly Payment[] }> {
  const { merchantIdentifier, paymentStatus: statuses } = sieve
  const waiting = ['processing', 'pending_validation'] as const
  const splitsWaiting =
    statuses !== undefined &&
    waiting.some((one) => statuses.includes(one)) &&
    !waiting.every((one) => statuses.includes(one))
  if (merchantIdentifier === undefined && !splitsWaiting)
    return payments.list({ ...filter, ...window })
  const scanned = await payments.list({ ...filter, offset: 0, limit: scanMax })
  if (scanned.total > scanMax) throw tooManyRecords(prefix)
  const kept = scanned.items.filter(
    (payment) =>
      (statuses === undefined || statuses.includes(statusOf(payment))) &&
      (merchantIdentifier === undefined ||
        requestOf(payment).paymentAmount.chargingMetaData?.merchantIdentifier ===
          merchantIdentifier),
  )
  return { total: kept.length, items: kept.slice(window.offset, window.offset + window.limit) }
}
