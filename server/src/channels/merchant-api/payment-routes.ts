/** Payments over the merchant API: create, ask, confirm, cancel, say what was delivered. */
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { parseMsisdn } from '../../kernel/index.ts'
import type { ApiClient } from '../../merchants/index.ts'
import type { BusinessKey, Order, Payment, State } from '../../payments/index.ts'
import { deadlineOf, notFound, ProblemError } from '../http/index.ts'
import { clientOf } from './caller.ts'
import type { MerchantApi } from './dependencies.ts'
import { refused } from './problems.ts'
import {
  codeBody,
  deliveryBody,
  idParams,
  newPayment,
  paymentView,
  viewOfPayment,
} from './schemas.ts'

const tags = ['Payments']
const security = [{ apiKey: [] }]
/** How long a request waits for the carrier before it answers `charging`. */
const waitMs = 5_000

export async function paymentRoutes(root: FastifyInstance, api: MerchantApi): Promise<void> {
  const app = root.withTypeProvider<ZodTypeProvider>()

  app.post(
    '/v1/payments',
    {
      config: { admission: 'order' },
      schema: {
        tags,
        security,
        summary: 'Ask a customer to pay from the phone bill or by card',
        description:
          'Sends the question to the phone and answers at once; with consent `none` (by contract) charges and waits for the carrier, or with `Prefer: respond-async` answers 202 as soon as the charge is sure to be made or refused, and tells the outcome by webhook. The same orderId with the same content answers with the same payment.',
        headers: z.object({
          'idempotency-key': z.string().min(1).max(128).optional(),
          prefer: z.string().max(200).optional(),
        }),
        body: newPayment,
        response: { 200: paymentView, 201: paymentView, 202: paymentView },
      },
    },
    async (request, reply) => {
      const client = clientOf(request)
      const order = await orderOf(request.body, request.headers['idempotency-key'], client, api)
      const deadline = deadlineOf(request, api.clock.now())
      const result = await api.payments.order(order, deadline)
      if (!result.ok) throw refused(result.refusal)
      const { payment, replayed } = result.value
      if (payment.state === 'charging' && isAsync(request.headers.prefer))
        return reply
          .status(202)
          .header('preference-applied', 'respond-async')
          .send(viewOfPayment(payment))
      const left = deadline === undefined ? waitMs : deadline - api.clock.now()
      const settled = await api.payments.settled(payment.id, Math.min(waitMs, Math.max(0, left)))
      if (settled?.reason && ['charge_failed', 'refused'].includes(settled.state))
        throw refused(settled.reason)
      return reply.status(replayed ? 200 : 201).send(viewOfPayment(settled ?? payment))
    },
  )

  app.get(
    '/v1/payments',
    {
      schema: {
        tags,
        security,
        summary: 'List payments, newest first',
        querystring: z.object({
          page: z.coerce.number().int().min(1).max(10_000).default(1),
          perPage: z.coerce.number().int().min(1).max(200).default(50),
          state: paymentView.shape.state.optional(),
          from: z.iso.datetime().optional(),
          to: z.iso.datetime().optional(),
        }),
        response: { 200: z.object({ total: z.number(), items: z.array(paymentView) }) },
      },
    },
    async (request) => {
      const client = clientOf(request)
      const { page, perPage, state, from, to } = request.query
      const found = await api.payments.list({
        merchantId: client.merchantId,
        ...(state && { states: [state] }),
        ...(from && { createdFrom: Date.parse(from) }),
        ...(to && { createdTo: Date.parse(to) }),
        order: 'desc',
        offset: (page - 1) * perPage,
        limit: perPage,
      })
      return { total: found.total, items: found.items.map(viewOfPayment) }
    },
  )

  app.get(
    '/v1/payments/:id',
    {
      schema: {
        tags,
        security,
        summary: 'One payment, as it truly is',
        params: idParams,
        response: { 200: paymentView },
      },
    },
    async (request) => viewOfPayment(await ownPayment(request, api, request.params.id)),
  )

  step(app, api, {
    path: 'cancel',
    summary: 'Cancel a payment that is not charged yet',
    body: z.object({}).nullish(),
    isDone: (payment) => payment.state === 'cancelled',
    run: (payment, _body, deadline) =>
      api.payments.cancel({ paymentId: payment.id, msisdn: payment.msisdn }, deadline),
  })
  step(app, api, {
    path: 'validate',
    summary: 'Give the code the customer was texted',
    body: codeBody,
    isDone: () => false,
    run: (payment, { code }, deadline) =>
      api.payments.validate({ paymentId: payment.id, msisdn: payment.msisdn, code }, deadline),
  })
  step(app, api, {
    path: 'delivery',
    summary: 'Say that the goods are delivered, or that they cannot be (the money goes back)',
    body: deliveryBody,
    isDone: (payment, { result }) => deliveredAs[result].includes(payment.state),
    run: (payment, { result }, deadline) =>
      api.payments.delivery({ paymentId: payment.id, msisdn: payment.msisdn, result }, deadline),
  })
}

/** RFC 7240 §4.1, among other preferences that are not ours. */
const isAsync = (prefer: string | undefined) =>
  prefer !== undefined && /(?:^|,)\s*respond-async\s*(?:[,;]|$)/i.test(prefer)

/** What a payment is after the merchant has said this of its goods. */
const deliveredAs: Readonly<Record<'delivered' | 'failed', readonly State[]>> = {
  delivered: ['delivered'],
  failed: ['delivery_failed'],
}

/** A payment of the caller's merchant; anybody else's does not exist. */
export async function ownPayment(
  request: FastifyRequest,
  api: MerchantApi,
  id: string,
): Promise<Payment> {
  const client = clientOf(request)
  const payment = await api.payments.get(id)
  if (!payment || payment.merchantId !== client.merchantId) throw notFound('payment')
  return payment
}

interface Step<Body extends z.ZodType> {
  readonly path: string
  readonly summary: string
  readonly body: Body
  /** The step was taken before: it answers as then, for the answer may have been lost. */
  readonly isDone: (payment: Payment, body: z.infer<Body>) => boolean
  readonly run: (
    payment: Payment,
    body: z.infer<Body>,
    deadline: number | undefined,
  ) => ReturnType<MerchantApi['payments']['cancel']>
}

function step<Body extends z.ZodType>(
  app: FastifyInstance,
  api: MerchantApi,
  { path, summary, body, isDone, run }: Step<Body>,
): void {
  app.post(
    `/v1/payments/:id/${path}`,
    { schema: { tags, security, summary, params: idParams, body, response: { 200: paymentView } } },
    async (request) => {
      const { id } = request.params as z.infer<typeof idParams>
      const payment = await ownPayment(request, api, id)
      const given = request.body as z.infer<Body>
      if (isDone(payment, given)) return viewOfPayment(payment)
      const result = await run(payment, given, deadlineOf(request, api.clock.now()))
      if (!result.ok) throw refused(result.refusal)
      return viewOfPayment((await api.payments.settled(id, waitMs)) ?? result.value)
    },
  )
}

async function orderOf(
  body: z.infer<typeof newPayment>,
  idempotencyKey: string | undefined,
  client: ApiClient,
  api: MerchantApi,
): Promise<Order> {
  const msisdn = parseMsisdn(body.msisdn)
  if (!msisdn.ok)
    throw new ProblemError({
      status: 422,
      type: 'invalid_request',
      title: 'The request is not valid',
      errors: [{ field: 'msisdn', message: 'must be a mobile number' }],
    })
  if (api.isTestNumber(msisdn.value)) throw refused('number_unknown')
  const direct = api.catalogue.merchant(client.merchantId)?.directCharge === true
  if (body.consent === 'none' && !direct)
    throw new ProblemError({
      status: 403,
      type: 'consent_needed',
      title: 'The contract asks for the customer’s consent: use reply or code',
    })
  // None is an order too, refused like any other: said again, it is answered as it was.
  const card = body.source === 'card' ? await api.cardOf(msisdn.value) : undefined
  const withPin = card !== undefined || body.source === 'wallet'
  return {
    msisdn: msisdn.value,
    merchantId: client.merchantId,
    what: whatOf(body),
    channel: 'api',
    consent: withPin ? 'pin' : body.consent === 'none' ? 'token' : body.consent,
    ...(card !== undefined && { card }),
    ...(body.source === 'wallet' && { source: body.source }),
    flow: 'charge',
    ...(body.replyMinutes && { replyMs: body.replyMinutes * 60_000 }),
    keys: keysOf(body, idempotencyKey, client),
    merchantOrderId: body.orderId,
    client: client.id,
  }
}

/** A product of the catalogue, or an amount with words of the merchant's own. */
export function whatOf(body: {
  readonly product?: string | undefined
  readonly account?: string | undefined
  readonly amount?: string | undefined
  readonly goods?: string | undefined
}): Order['what'] {
  if (body.product !== undefined)
    return { product: body.product, ...(body.account && { account: body.account }) }
  const goods = body.goods
  return { amount: BigInt(body.amount ?? '0'), ...(goods && { goods: { zh: goods, en: goods } }) }
}

/** The merchant's order number is unique for ever; an Idempotency-Key too, for the client. */
function keysOf(
  body: z.infer<typeof newPayment>,
  idempotencyKey: string | undefined,
  client: ApiClient,
): BusinessKey[] {
  const contentHash = createHash('sha256').update(JSON.stringify(body)).digest('hex')
  const own = { scope: `order:${client.merchantId}`, key: body.orderId, contentHash }
  if (idempotencyKey === undefined) return [own]
  return [own, { scope: `http:${client.id}`, key: idempotencyKey, contentHash }]
}
