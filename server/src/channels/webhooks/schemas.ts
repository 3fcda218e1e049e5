/** The shapes of the webhook API. Times are RFC 3339 in UTC. */
import { z } from 'zod'
import type { Endpoint } from './endpoint.ts'
import { eventTypes } from './event.ts'
import { parseSubject } from './recorder.ts'
import type { Delivery } from './store.ts'

const url = z
  .string()
  .max(2_048)
  .describe('https, a public address, port 443 or 8443')
  .meta({ example: 'https://shop.example/telepurse' })
const description = z
  .string()
  .max(100)
  .regex(/^[^\p{C}]*$/u, 'must be plain text on one line')
const types = z
  .array(z.enum(eventTypes))
  .max(eventTypes.length)
  .describe('What to be told of; empty for everything')

export const newEndpoint = z.strictObject({
  url,
  description: description.default(''),
  eventTypes: types.default([]),
})

export const endpointChanges = z
  .strictObject({
    url,
    description,
    eventTypes: types,
    status: z.enum(['on', 'off']).describe('`on` also opens an endpoint that answered 410'),
  })
  .partial()

export const rotation = z.strictObject({
  overlapSeconds: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(86_400)
    .describe('How long the old secret signs along'),
})

export const endpointParams = z.object({ id: z.uuid() })

export const endpointView = z.object({
  id: z.string(),
  url: z.string(),
  description: z.string(),
  eventTypes: z.array(z.enum(eventTypes)),
  status: z.enum(['on', 'off', 'gone']),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
})

export const issuedView = endpointView.extend({
  secret: z.string().describe('`whsec_…`: shown this once, keep it'),
})

const deliveryId = z
  .string()
  .refine((text) => parseSubject(text) !== undefined, 'must be the id of a delivery')
export const deliveryParams = z.object({ id: deliveryId })

const states = ['pending', 'delivered', 'dead'] as const

export const deliveryQuery = z.strictObject({
  state: z.enum(states).optional().describe('`dead` lists what was given up'),
  endpoint: z.uuid().optional(),
  payment: z.uuid().optional(),
  type: z.enum(eventTypes).optional(),
  before: deliveryId.optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
})

export const deliveryView = z.object({
  id: z.string(),
  eventId: z.string().describe('The `webhook-id` of every try'),
  endpointId: z.string(),
  paymentId: z.string(),
  type: z.enum(eventTypes),
  state: z.enum(states),
  attempts: z.int(),
  nextTryAt: z.iso.datetime().nullable(),
  lastStatus: z.int().nullable(),
  lastMs: z.int().nullable(),
  lastError: z.string().nullable(),
  createdAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
})

export const deliveryWithBody = deliveryView.extend({
  body: z.string().describe('The text that is sent, to the byte'),
})

export const deliveryPage = z.object({
  items: z.array(deliveryView),
  next: z.string().nullable(),
})

const iso = (at: number) => new Date(at).toISOString()
const isoOrNull = (at: number | null) => (at === null ? null : iso(at))

export const viewOfEndpoint = (endpoint: Endpoint): z.infer<typeof endpointView> => ({
  id: endpoint.id,
  url: endpoint.url,
  description: endpoint.description,
  eventTypes: [...endpoint.eventTypes],
  status: endpoint.status,
  createdAt: iso(endpoint.createdAt),
  updatedAt: iso(endpoint.updatedAt),
})

export const viewOfDelivery = (delivery: Delivery): z.infer<typeof deliveryView> => ({
  id: `${delivery.eventId}.${delivery.endpointId}`,
  eventId: delivery.eventId,
  endpointId: delivery.endpointId,
  paymentId: delivery.paymentId,
  type: delivery.type,
  state: delivery.state,
  attempts: delivery.attempts,
  nextTryAt: isoOrNull(delivery.nextAt),
  lastStatus: delivery.lastStatus,
  lastMs: delivery.lastMs,
  lastError: delivery.lastError,
  createdAt: iso(delivery.createdAt),
  endedAt: isoOrNull(delivery.endedAt),
})
