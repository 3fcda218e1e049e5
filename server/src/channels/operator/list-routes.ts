/** The operator's lists (CB-9): search, add with a reason and an expiry, remove. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import {
  addEntry,
  type ListEntry,
  removeEntry,
  searchEntries,
  subjectKinds,
} from '../../risk/index.ts'
import { changes, reads } from './access.ts'
import { change, type Desk, operatorOf, pageOf } from './desk.ts'
import { described, instant, iso, isoOrNull, line, msOrNull, page, pageOfView } from './fields.ts'

const list = z.enum(['black', 'grey', 'white'])
const kind = z.enum(subjectKinds)

export const entryView = z.object({
  id: z.string(),
  list,
  kind,
  value: z.string(),
  reason: z.string(),
  author: z.string(),
  createdAt: z.string(),
  expiresAt: z.string().nullable(),
  removedAt: z.string().nullable(),
  removedBy: z.string().nullable(),
})

export const viewOfEntry = (entry: ListEntry): z.infer<typeof entryView> => ({
  id: entry.id,
  list: entry.list,
  kind: entry.subject.kind,
  value: entry.subject.value,
  reason: entry.reason,
  author: entry.author,
  createdAt: iso(entry.createdAt),
  expiresAt: isoOrNull(entry.expiresAt),
  removedAt: isoOrNull(entry.removedAt),
  removedBy: entry.removedBy,
})

const query = z.strictObject({
  list: list.optional(),
  kind: kind.optional(),
  startsWith: line(64).optional().describe("The beginning of the subject's value"),
  past: z.enum(['yes', 'no']).default('no').describe('Removed and expired entries too'),
  ...page,
})

const subjectOf = (entry: ListEntry) => `${entry.subject.kind}:${entry.subject.value}`

export function listRoutes(app: FastifyInstance, desk: Desk): void {
  const { db, clock, ids } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    '/operator/lists',
    {
      config: reads,
      schema: {
        ...described('Entries of the lists, newest first'),
        querystring: query,
        response: { 200: pageOfView(entryView) },
      },
    },
    async (request) => {
      const { limit, past, ...given } = request.query
      const filter = {
        list: given.list ?? null,
        kind: given.kind ?? null,
        startsWith: given.startsWith ?? null,
        before: given.before ?? null,
        past: past === 'yes',
        limit: limit + 1,
      }
      const found = await searchEntries(db, filter, clock.now())
      return pageOf(found.map(viewOfEntry), limit)
    },
  )
  routes.post(
    '/operator/lists',
    {
      config: changes,
      schema: {
        ...described('Put a subject on a list'),
        body: z.strictObject({
          list,
          kind,
          value: line(128),
          reason: line(200),
          expiresAt: instant.nullable().default(null),
        }),
        response: { 201: entryView },
      },
    },
    async (request, reply) => {
      const { expiresAt, ...body } = request.body
      const author = operatorOf(request)
      const command = { ...body, author, expiresAt: msOrNull(expiresAt) }
      const entry = await change(
        desk,
        request,
        (tx, now) => addEntry(tx, command, { ids, now }),
        (made) => ({
          action: 'list.add',
          subject: subjectOf(made),
          before: null,
          after: viewOfEntry(made),
        }),
      )
      return reply.status(201).send(viewOfEntry(entry))
    },
  )
  routes.delete(
    '/operator/lists/:id',
    {
      config: changes,
      schema: {
        ...described('Take an entry off its list'),
        params: z.object({ id: z.uuid() }),
        response: { 200: entryView },
      },
    },
    async (request) => {
      const command = { id: request.params.id, author: operatorOf(request) }
      const { after } = await change(
        desk,
        request,
        (tx, now) => removeEntry(tx, command, now),
        ({ before, after }) => ({
          action: 'list.remove',
          subject: subjectOf(after),
          before: viewOfEntry(before),
          after: viewOfEntry(after),
        }),
      )
      return viewOfEntry(after)
    },
  )
}
