/** API clients of merchants, for the operator. A secret is in one answer only, and in no log. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  createClient,
  type Issued,
  readClientsOf,
  readMerchant,
  revokeClient,
  rotateClient,
} from '../../merchants/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk } from './desk.ts'
import { described, merchantId } from './fields.ts'
import { clientFields, clientView, issuedView, viewOfClient } from './merchant-views.ts'
import { refused } from './problems.ts'

const ofMerchant = z.object({ id: merchantId })
const ofClient = z.object({ id: z.string().regex(/^tpc_[0-9a-f]{16}$/) })

const issued = ({ client, secret }: Issued) => ({
  ...viewOfClient(client),
  secret: secret.reveal(),
})

export function clientRoutes(app: FastifyInstance, desk: Desk): void {
  const { db, ids } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/merchants/:id/clients',
    {
      config: reads,
      schema: {
        ...described('API clients of a merchant, oldest first'),
        params: ofMerchant,
        response: { 200: z.object({ items: z.array(clientView) }) },
      },
    },
    async (request) => {
      const { id } = request.params
      if (!(await readMerchant(db, id))) throw refused('merchant_not_found')
      return { items: (await readClientsOf(db, id)).map(viewOfClient) }
    },
  )
  routes.post(
    '/operator/merchants/:id/clients',
    {
      config: changes,
      schema: {
        ...described('Make an API client; the answer holds its secret, this once'),
        params: ofMerchant,
        body: z.strictObject(clientFields),
        response: { 201: issuedView },
      },
    },
    async (request, reply) => {
      const content = { ...request.body, merchantId: request.params.id }
      const made = await change(
        desk,
        request,
        (tx, now) => createClient(tx, content, { ids, now }),
        ({ client }) => ({
          action: 'client.create',
          subject: `client:${client.id}`,
          before: null,
          after: viewOfClient(client),
        }),
      )
      return reply.status(201).send(issued(made))
    },
  )
}

export function clientChangeRoutes(app: FastifyInstance, desk: Desk): void {
  const { ids } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.post(
    '/operator/clients/:id/rotate',
    {
      config: changes,
      schema: {
        ...described('Make a new secret; the old one opens until the overlap is over'),
        params: ofClient,
        body: z.strictObject({
          overlapSeconds: z
            .int()
            .min(0)
            .max(7 * 86_400),
        }),
        response: { 200: issuedView },
      },
    },
    async (request) => {
      const { overlapSeconds } = request.body
      const command = { clientId: request.params.id, overlapMs: overlapSeconds * 1_000 }
      const made = await change(
        desk,
        request,
        (tx, now) => rotateClient(tx, command, { ids, now }),
        ({ client }) => ({
          action: 'client.rotate',
          subject: `client:${client.id}`,
          before: null,
          after: { overlapSeconds },
        }),
      )
      return issued(made)
    },
  )
  routes.delete(
    '/operator/clients/:id',
    {
      config: changes,
      schema: {
        ...described('Revoke an API client for good'),
        params: ofClient,
        response: { 200: clientView },
      },
    },
    async (request) => {
      const client = await change(
        desk,
        request,
        (tx, now) => revokeClient(tx, request.params.id, now),
        (revoked) => ({
          action: 'client.revoke',
          subject: `client:${revoked.id}`,
          before: null,
          after: viewOfClient(revoked),
        }),
      )
      return viewOfClient(client)
    },
  )
}
