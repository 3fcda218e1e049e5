/** Signing in with both factors, looking who one is, changing the password, signing out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import type { Role, Session } from '../../staff/index.ts'
import { tooManyGuesses } from '../http/index.ts'
import { cookieOf, type Door, personOf, sessionOf } from './door.ts'
import { passwordBody, type SessionView, signInBody } from './fields.ts'

export interface SessionPage {
  readonly path: string
  /** Who comes in here at all. */
  readonly roles: readonly Role[]
  readonly described: (summary: string) => object
  readonly view: z.ZodType<SessionView>
  readonly viewOf: (session: Session) => Promise<SessionView> | SessionView
}

export function sessionRoutes(
  app: FastifyInstance,
  door: Door,
  { path, roles, described, view, viewOf }: SessionPage,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { signIn } = door
  const cookie = cookieOf(door)

  routes.post(
    path,
    {
      config: { staff: { for: 'anybody' } },
      schema: {
        ...described('Sign in: password and authenticator at once'),
        security: [],
        body: signInBody,
        response: { 201: view },
      },
    },
    async (request, reply) => {
      const { login, password, code } = request.body
      const lockedMs = door.wrongSignIns.lockedMs(request.ip)
      if (lockedMs > 0) throw tooManyGuesses(lockedMs)
      const done = await signIn.signIn({ login, password: new Secret(password), code }, roles)
      if (!done.ok) throw credentialsRefused(door, request, done.refusal)
      cookie.set(reply, done.value.token)
      return reply.status(201).send(await viewOf(done.value))
    },
  )
  routes.get(
    path,
    {
      config: { staff: { for: roles, passive: true, early: true } },
      schema: { ...described('Who is signed in, with what'), response: { 200: view } },
    },
    async (request) => viewOf(sessionOf(request)),
  )
  routes.delete(
    path,
    { config: { staff: { for: roles, early: true } }, schema: described('Sign out') },
    async (request, reply) => {
      await signIn.signOut(tokenOf(door, request), personOf(request))
      cookie.set(reply, null)
      return nothing(reply)
    },
  )
  routes.post(
    `${path}/password`,
    {
      config: { staff: { for: roles, early: true } },
      schema: {
        ...described('Change one’s own password; ends one’s other sessions'),
        body: passwordBody,
      },
    },
    async (request, reply) => {
      const { current, next, code } = request.body
      const done = await signIn.changePassword(
        { token: tokenOf(door, request), person: personOf(request) },
        { current: new Secret(current), next: new Secret(next), code },
      )
      if (!done.ok) throw credentialsRefused(door, request, done.refusal)
      return nothing(reply)
    },
  )
}

const nothing = (reply: FastifyReply) => reply.status(204).send()

type CredentialsRefusal =
  | 'wrong'
  | 'role_missing'
  | 'password_weak'
  | 'password_same'
  | { readonly lockedMs: number }

function credentialsRefused(door: Door, request: FastifyRequest, refusal: CredentialsRefusal) {
  if (typeof refusal === 'object')
    return door.refusedAtDoor('locked', Math.max(1_000, refusal.lockedMs))
  if (refusal !== 'wrong') return door.refusedAtDoor(refusal)
  door.wrongSignIns.wrong(request.ip)
  return door.refusedAtDoor('wrong_credentials')
}

function tokenOf(door: Door, request: FastifyRequest): Secret {
  const token = cookieOf(door).read(request)
  if (!token) throw door.refusedAtDoor('session_missing')
  return token
}
