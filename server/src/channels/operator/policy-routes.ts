/** The policy of carrier billing and the log of what the operator changed. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readLog } from '../../audit/index.ts'
import {
  defaultPolicy,
  type Policy,
  type PolicyName,
  policyNames,
  setPolicy,
} from '../../risk/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk, onlyGiven, operatorOf, pageOf } from './desk.ts'
import { amount, described, iso, line, page, pageOfView } from './fields.ts'

/** A value over HTTP: money as a string of fen, times in ms as a number, switches as they are. */
const fieldOf = (name: PolicyName) => {
  const kind = typeof defaultPolicy[name]
  if (kind === 'boolean') return z.boolean()
  return kind === 'number' ? z.int().min(0) : amount
}
type Field = ReturnType<typeof fieldOf>

const fields: Record<string, Field> = Object.fromEntries(
  policyNames.map((name) => [name, fieldOf(name)]),
)
const policyView = z.object(fields)

const viewOf = (policy: Policy): z.infer<typeof policyView> =>
  Object.fromEntries(
    policyNames.map((name) => {
      const value = policy[name]
      return [name, typeof value === 'bigint' ? value.toString() : value]
    }),
  )

/** The schema has let each name pass with its own type only. */
const changesOf = (body: Readonly<Record<string, unknown>>): Partial<Policy> =>
  Object.fromEntries(
    Object.entries(onlyGiven(body)).map(([name, value]) => [
      name,
      typeof value === 'string' ? BigInt(value) : value,
    ]),
  )

export function policyRoutes(app: FastifyInstance, desk: Desk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/policy',
    {
      config: reads,
      schema: { ...described('The policy in force'), response: { 200: policyView } },
    },
    async () => {
      await desk.policy.refresh()
      return viewOf(desk.policy.current())
    },
  )
  routes.patch(
    '/operator/policy',
    {
      config: changes,
      schema: {
        ...described('Change what is named of the policy; counts within a second'),
        body: z.strictObject(fields).partial(),
        response: { 200: policyView },
      },
    },
    async (request) => {
      const command = { changes: changesOf(request.body), author: operatorOf(request) }
      const { after } = await change(
        desk,
        request,
        (tx, now) => setPolicy(tx, command, now),
        ({ before, after }) => ({
          action: 'policy.change',
          subject: 'policy:carrier-billing',
          before: viewOf(before),
          after: viewOf(after),
        }),
      )
      return viewOf(after)
    },
  )
}

const logView = z.object({
  id: z.string(),
  at: z.string(),
  operator: z.string(),
  action: z.string(),
  subject: z.string(),
  before: z.unknown(),
  after: z.unknown(),
  seq: z.string().describe('Its place in the chain'),
  hash: z.string().describe('SHA-256 over this row and the hash of the row before'),
})

export function logRoutes(app: FastifyInstance, { db }: Desk): void {
  app.withTypeProvider<ZodTypeProvider>().get(
    '/operator/log',
    {
      config: reads,
      schema: {
        ...described('Who changed what, newest first'),
        querystring: z.strictObject({ subject: line(200).optional(), ...page }),
        response: { 200: pageOfView(logView) },
      },
    },
    async (request) => {
      const { subject = null, before = null, limit } = request.query
      const found = await readLog(db, { subject, before, limit: limit + 1 })
      const { items, next } = pageOf(found, limit)
      return { items: items.map((entry) => ({ ...entry, at: iso(entry.at) })), next }
    },
  )
}
