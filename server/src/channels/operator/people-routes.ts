/**
 * Who works here, for an admin: of the operator and of the halls. Password and secret of the second factor are in
 * one answer only. Nobody changes himself: somebody else would have to let him in again.
 */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { authorOf, type Handover, type KeptPerson, type Staff } from '../../staff/index.ts'
import { loginName, personOf, personView, role, viewOfPerson } from '../staff-door/index.ts'
import { names } from './access.ts'
import { type Desk, pageOf, refusedAndLogged } from './desk.ts'
import { described, iso, isoOrNull, line, page, pageOfView } from './fields.ts'

export interface PeopleDesk extends Desk {
  readonly staff: Pick<Staff, 'people'>
}

const roles = z.array(role).min(1).max(role.options.length).describe('`admin` stands alone')

const keptView = personView.extend({
  id: z.string().describe('The login'),
  passwordIsInitial: z.boolean().describe('Has not been here with the newest password'),
  lockedUntil: z.string().nullable().describe('After too many wrong tries; null when not locked'),
  disabledAt: z.string().nullable().describe('Since when nobody comes in by this login'),
  createdAt: z.string(),
})
const handoverView = keptView.extend({
  password: z.string().describe('To be handed over, and changed at the first sign-in'),
  secret: z.string().describe('For an authenticator, by hand'),
  uri: z.string().describe('The same for a QR code'),
})

const viewOf = (person: KeptPerson, now: number): z.infer<typeof keptView> => ({
  ...{ id: person.login, ...viewOfPerson(person), passwordIsInitial: person.passwordIsInitial },
  lockedUntil: person.lockedUntil > now ? iso(person.lockedUntil) : null,
  ...{ disabledAt: isoOrNull(person.disabledAt), createdAt: iso(person.createdAt) },
})
const handedOver = ({ person, password, seed, uri }: Handover, now: number) => ({
  ...viewOf(person, now),
  ...{ password: password.reveal(), secret: seed.reveal(), uri: uri.reveal() },
})

const path = '/operator/people'
const params = z.object({ login: loginName })

export function peopleRoutes(app: FastifyInstance, desk: PeopleDesk): void {
  const { people } = desk.staff
  const { clock } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.get(
    path,
    {
      config: names,
      schema: {
        ...described('Everybody, by login'),
        querystring: z.strictObject({ before: loginName.optional(), limit: page.limit }),
        response: { 200: pageOfView(keptView) },
      },
    },
    async (request) => {
      const { before = '', limit } = request.query
      const after = (await people.list()).filter(({ login }) => login > before)
      const now = clock.now()
      return pageOf(
        after.slice(0, limit + 1).map((person) => viewOf(person, now)),
        limit,
      )
    },
  )
  routes.post(
    path,
    {
      config: names,
      schema: {
        ...described('Add a person; the answer holds what is to be handed over, this once'),
        body: z.strictObject({
          ...{ login: loginName, name: line(40), roles },
          office: line(40).describe('The hall or the department'),
        }),
        response: { 201: handoverView },
      },
    },
    async (request, reply) => {
      const added = await people.add(request.body, authorOf(personOf(request)))
      if (!added.ok) throw await refusedAndLogged(desk, request, added.refusal)
      return reply.status(201).send(handedOver(added.value, clock.now()))
    },
  )
  routes.post(
    `${path}/:login/reset`,
    {
      config: names,
      schema: {
        ...described('Make a new password and a new second factor, shown this once'),
        params,
        response: { 200: handoverView },
      },
    },
    async (request) => {
      const done = await people.reset(...(await about(desk, request, request.params.login)))
      if (!done.ok) throw await refusedAndLogged(desk, request, done.refusal)
      return handedOver(done.value, clock.now())
    },
  )
}

const changes = [
  ['unlock', 'End the lock after too many wrong tries'],
  ['disable', 'Let nobody in by this login, at once'],
  ['enable', 'Let the person in again'],
] as const

export function personChangeRoutes(app: FastifyInstance, desk: PeopleDesk): void {
  const { people } = desk.staff
  const { clock } = desk
  const routes = app.withTypeProvider<ZodTypeProvider>()

  routes.put(
    `${path}/:login/roles`,
    {
      config: names,
      schema: {
        ...described('Say what a person may do; ends the sessions of that person'),
        params,
        body: z.strictObject({ roles }),
        response: { 200: keptView },
      },
    },
    async (request) => {
      const [login, author] = await about(desk, request, request.params.login)
      const done = await people.assign(login, request.body.roles, author)
      if (!done.ok) throw await refusedAndLogged(desk, request, done.refusal)
      return viewOf(done.value, clock.now())
    },
  )
  for (const [change, summary] of changes)
    routes.post(
      `${path}/:login/${change}`,
      {
        config: names,
        schema: { ...described(summary), params, response: { 200: keptView } },
      },
      async (request) => {
        const done = await people[change](...(await about(desk, request, request.params.login)))
        if (!done.ok) throw await refusedAndLogged(desk, request, done.refusal)
        return viewOf(done.value, clock.now())
      },
    )
}

/** Who is changed and who does it, who are two. */
async function about(
  desk: PeopleDesk,
  request: FastifyRequest,
  login: string,
): Promise<[login: string, author: string]> {
  const person = personOf(request)
  if (person.login === login) throw await refusedAndLogged(desk, request, 'person_is_own')
  return [login, authorOf(person)]
}
