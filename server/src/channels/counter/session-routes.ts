/** Signing in with both factors, looking who one is, changing the password, signing out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import { idleMs, roles, type Session } from '../../staff/index.ts'
import { tooManyGuesses } from '../http/index.ts'
import { type CounterDesk, personOf, refused, sessionOf } from './desk.ts'
import { counterCookie } from './door.ts'
import { described } from './fields.ts'
import { passwordBody, sessionView, signInBody } from './schemas.ts'
import { viewOfPerson, viewOfTill } from './views.ts'

const path = '/counter/api/session'

export function sessionRoutes(app: FastifyInstance, desk: CounterDesk): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { staff } = desk
  const cookie = counterCookie(desk.https)

  routes.post(
    path,
    {
      config: { counter: { for: 'anybody' } },
      schema: {
        ...described('Sign in: password and authenticator at once'),
        security: [],
        body: signInBody,
        response: { 201: sessionView },
      },
    },
    async (request, reply) => {
      const { login, password, code } = request.body
      const lockedMs = desk.guesses.lockedMs(request.ip)
      if (lockedMs > 0) throw tooManyGuesses(lockedMs)
      const done = await staff.signIn.signIn({ login, password: new Secret(password), code })
      if (!done.ok) throw credentialsRefused(desk, request, done.refusal)
      cookie.set(reply, done.value.token)
      return reply.status(201).send(await viewOf(desk, done.value))
    },
  )
  routes.get(
    path,
    {
      config: { counter: { for: roles, passive: true, early: true } },
      schema: { ...described('Who is signed in, with what'), response: { 200: sessionView } },
    },
    (request) => viewOf(desk, sessionOf(request)),
  )
  routes.delete(
    path,
    {
      config: { counter: { for: roles, early: true } },
      schema: described('Sign out'),
    },
    async (request, reply) => {
      await staff.signIn.signOut(tokenOf(desk, request), personOf(request))
      cookie.set(reply, null)
      return nothing(reply)
    },
  )
  routes.post(
    `${path}/password`,
    {
      config: { counter: { for: roles, early: true } },
      schema: {
        ...described('Change one’s own password; ends one’s other sessions'),
        body: passwordBody,
      },
    },
    async (request, reply) => {
      const { current, next, code } = request.body
      const done = await staff.signIn.changePassword(
        { token: tokenOf(desk, request), person: personOf(request) },
        { current: new Secret(current), next: new Secret(next), code },
      )
      if (!done.ok) throw credentialsRefused(desk, request, done.refusal)
      return nothing(reply)
    },
  )
}

const nothing = (reply: FastifyReply) => reply.status(204).send()

type CredentialsRefusal =
  | 'wrong'
  | 'password_weak'
  | 'password_same'
  | { readonly lockedMs: number }

function credentialsRefused(
  desk: CounterDesk,
  request: FastifyRequest,
  refusal: CredentialsRefusal,
) {
  if (typeof refusal === 'object')
    return refused('locked', { desk, retryAfterMs: Math.max(1_000, refusal.lockedMs) })
  if (refusal !== 'wrong') return refused(refusal, { desk })
  desk.guesses.wrong(request.ip)
  return refused('wrong_credentials', { desk })
}

function tokenOf(desk: CounterDesk, request: FastifyRequest): Secret {
  const token = counterCookie(desk.https).read(request)
  if (!token) throw refused('session_missing', { desk })
  return token
}

async function viewOf(
  desk: CounterDesk,
  { person, csrfToken }: Session,
): Promise<z.infer<typeof sessionView>> {
  const till = await desk.staff.tills.ofPerson(desk.db, person.id)
  const { version, title, points } = desk.agreement
  return {
    person: viewOfPerson(person),
    csrfToken,
    idleSeconds: idleMs / 1_000,
    passwordIsInitial: person.passwordIsInitial,
    till: till ? viewOfTill(till, person) : null,
    cashApprovalAbove: desk.cashApprovalAbove.toString(),
    agreement: { version, title, points: [...points] },
  }
}
