/**
 * Webhook endpoints and the delivery log, for merchants. A caller sees what is its own merchant's;
 * everything else is not there (404), so that ids tell nothing.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Database } from '../../db/index.ts'
import { bucketOfId, type Clock } from '../../kernel/index.ts'
import type { ApiClient } from '../../merchants/index.ts'
import { readEndpoints, readEndpointsOf } from './endpoint-store.ts'
import {
  changeEndpoint,
  createEndpoint,
  type EndpointTools,
  type IssuedEndpoint,
  removeEndpoint,
  rotateSecret,
} from './endpoints.ts'
import { refused } from './problems.ts'
import { type EventRecorder, parseSubject } from './recorder.ts'
import { resend } from './resend.ts'
import {
  deliveryPage,
  deliveryParams,
  deliveryQuery,
  deliveryView,
  deliveryWithBody,
  endpointChanges,
  endpointParams,
  endpointView,
  issuedView,
  newEndpoint,
  rotation,
  viewOfDelivery,
  viewOfEndpoint,
} from './schemas.ts'
import { listDeliveries, readDelivery } from './store.ts'

export interface WebhookRoutesOptions extends EndpointTools {
  readonly db: Database
  readonly clock: Clock
  readonly recorder: Pick<EventRecorder, 'reload'>
  /** The client of the request's key. Throws a 401 problem when there is none. */
  readonly callerOf: (request: FastifyRequest) => Promise<ApiClient>
}

const common = { tags: ['Webhooks'], security: [{ apiKey: [] }] }

/** A Fastify plugin: `/v1/webhook-endpoints` and `/v1/webhook-deliveries`. */
export async function merchantWebhookRoutes(
  app: FastifyInstance,
  options: WebhookRoutesOptions,
): Promise<void> {
  app.decorateRequest('merchantId', '')
  // Before the body is read: a stranger gets a 401 and nothing else.
  app.addHook('onRequest', async (request) => {
    request.setDecorator('merchantId', (await options.callerOf(request)).merchantId)
  })
  endpointRoutes(app, options)
  secretRoutes(app, options)
  deliveryRoutes(app, options)
}

const merchantOf = (request: FastifyRequest) => request.getDecorator<string>('merchantId')

function endpointRoutes(app: FastifyInstance, options: WebhookRoutesOptions) {
  const { db, clock, recorder } = options
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const list = z.object({ items: z.array(endpointView) })

  routes.get(
    '/v1/webhook-endpoints',
    { schema: { ...common, summary: 'Your webhook endpoints', response: { 200: list } } },
    async (request) => ({
      items: (await readEndpointsOf(db, merchantOf(request))).map(viewOfEndpoint),
    }),
  )
  routes.get(
    '/v1/webhook-endpoints/:id',
    { schema: { ...common, params: endpointParams, response: { 200: endpointView } } },
    async (request) => {
      const endpoint = (await readEndpoints(db, [request.params.id])).get(request.params.id)
      if (endpoint?.merchantId !== merchantOf(request)) throw refused('endpoint_not_found')
      return viewOfEndpoint(endpoint)
    },
  )
  routes.patch(
    '/v1/webhook-endpoints/:id',
    {
      schema: {
        ...common,
        summary: 'Change an endpoint, or switch it on or off',
        params: endpointParams,
        body: endpointChanges,
        response: { 200: endpointView },
      },
    },
    async (request) => {
      const command = {
        merchantId: merchantOf(request),
        endpointId: request.params.id,
        changes: onlyGiven(request.body),
      }
      const result = await db.transact((tx) => changeEndpoint(tx, command, options, clock.now()))
      if (!result.ok) throw refused(result.refusal)
      await recorder.reload()
      return viewOfEndpoint(result.value)
    },
  )
  routes.delete(
    '/v1/webhook-endpoints/:id',
    { schema: { ...common, params: endpointParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const command = { merchantId: merchantOf(request), endpointId: request.params.id }
      const result = await db.transact((tx) => removeEndpoint(tx, command))
      if (!result.ok) throw refused(result.refusal)
      await recorder.reload()
      return reply.status(204).send(null)
    },
  )
}

/** What makes a secret: the only answers that hold one. */
function secretRoutes(app: FastifyInstance, options: WebhookRoutesOptions) {
  const { db, clock, recorder } = options
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const issued = ({ endpoint, secret }: IssuedEndpoint) => ({
    ...viewOfEndpoint(endpoint),
    secret: secret.reveal(),
  })

  routes.post(
    '/v1/webhook-endpoints',
    {
      schema: {
        ...common,
        summary: 'Add an endpoint; the answer holds its secret, this once',
        body: newEndpoint,
        response: { 201: issuedView },
      },
    },
    async (request, reply) => {
      const command = { merchantId: merchantOf(request), content: request.body }
      const result = await db.transact((tx) => createEndpoint(tx, command, options, clock.now()))
      if (!result.ok) throw refused(result.refusal)
      await recorder.reload()
      return reply.status(201).send(issued(result.value))
    },
  )
  routes.post(
    '/v1/webhook-endpoints/:id/rotate-secret',
    {
      schema: {
        ...common,
        summary: 'Make a new secret; both sign until the overlap is over',
        params: endpointParams,
        body: rotation,
        response: { 200: issuedView },
      },
    },
    async (request) => {
      const command = {
        merchantId: merchantOf(request),
        endpointId: request.params.id,
        overlapMs: request.body.overlapSeconds * 1_000,
      }
      const result = await db.transact((tx) => rotateSecret(tx, command, options, clock.now()))
      if (!result.ok) throw refused(result.refusal)
      return issued(result.value)
    },
  )
}

function deliveryRoutes(app: FastifyInstance, { db, clock }: WebhookRoutesOptions) {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/v1/webhook-deliveries',
    {
      schema: {
        ...common,
        summary: 'What you were told, newest first, and what became of it',
        querystring: deliveryQuery,
        response: { 200: deliveryPage },
      },
    },
    async (request) => {
      const { state, endpoint, payment, type, before, limit } = request.query
      const found = await listDeliveries(db, {
        merchantId: merchantOf(request),
        state: state ?? null,
        endpointId: endpoint ?? null,
        paymentId: payment ?? null,
        type: type ?? null,
        before: (before !== undefined && parseSubject(before)) || null,
        limit: limit + 1,
      })
      const items = found.slice(0, limit).map(viewOfDelivery)
      return { items, next: found.length > limit ? (items.at(-1)?.id ?? null) : null }
    },
  )
  routes.get(
    '/v1/webhook-deliveries/:id',
    { schema: { ...common, params: deliveryParams, response: { 200: deliveryWithBody } } },
    async (request) => {
      const delivery = await readDelivery(db, keyOf(request.params.id))
      if (delivery?.merchantId !== merchantOf(request)) throw refused('delivery_not_found')
      return { ...viewOfDelivery(delivery), body: delivery.body }
    },
  )
  routes.post(
    '/v1/webhook-deliveries/:id/resend',
    {
      schema: {
        ...common,
        summary: 'Send it again: same id, same body',
        params: deliveryParams,
        response: { 202: deliveryView },
      },
    },
    async (request, reply) => {
      const command = { ...keyOf(request.params.id), merchantId: merchantOf(request) }
      const result = await db.transact((tx) => resend(tx, command, clock.now()))
      if (!result.ok) throw refused(result.refusal)
      return reply.status(202).send(viewOfDelivery(result.value))
    },
  )
}

/** The event's id tells the bucket; an id that is none of ours is in no bucket. */
function keyOf(id: string) {
  const key = parseSubject(id)
  const bucket = key && bucketOfId(key.eventId)
  if (!key || bucket === undefined) throw refused('delivery_not_found')
  return { bucket, ...key }
}

type Given<Body> = { [Name in keyof Body]?: Exclude<Body[Name], undefined> }

/** Without the fields that are there but undefined: they are no change. */
const onlyGiven = <Body extends object>(body: Body): Given<Body> =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)) as Given<Body>
