/** Signing in with a code, seeing where one is signed in, signing out. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { Secret } from '../../kernel/index.ts'
import type { Begun, Session } from '../../sign-ins/index.ts'
import { notFound, type SessionCookie, tooManyGuesses } from '../http/index.ts'
import { type ConsumerDesk, msisdnOf, refused, sessionOf } from './desk.ts'
import { deviceOf } from './device.ts'
import { iso, language, number, open, own, sixDigits, uuid } from './fields.ts'
import { meOf, meView } from './me.ts'

const sessionView = z.object({
  id: z.string(),
  device: z.string(),
  signedInBy: z.enum(['code', 'passkey']),
  signedInAt: z.string(),
  seenAt: z.string(),
  current: z.boolean(),
})

export function sessionRoutes(
  app: FastifyInstance,
  desk: ConsumerDesk,
  cookie: SessionCookie,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { signIns } = desk

  routes.post(
    '/consumer/codes',
    {
      config: { consumer: 'anybody', admission: 'order' },
      schema: {
        ...open('Text a code to a number; the same answer whoever has it'),
        body: z.strictObject({ number, language: language.default('zh') }),
      },
    },
    async (request, reply) => {
      const to = msisdnOf(request.body.number)
      const lockedMs = desk.codeRequests.lockedMs(request.ip)
      if (lockedMs > 0) throw refused('code_asked_too_often', { retryAfterMs: lockedMs })
      desk.codeRequests.wrong(request.ip)
      const asked = await signIns.askCode({ to, language: request.body.language })
      if (!asked.ok) throw refused('code_asked_too_often', { retryAfterMs: asked.refusal.waitMs })
      return reply.status(202).send()
    },
  )
  routes.post(
    '/consumer/sessions',
    {
      config: { consumer: 'anybody', admission: 'order' },
      schema: {
        ...open('Sign in with the code; it is used up'),
        body: z.strictObject({ number, code: sixDigits }),
        response: { 201: meView },
      },
    },
    async (request, reply) => {
      const lockedMs = desk.guesses.lockedMs(request.ip)
      if (lockedMs > 0) throw tooManyGuesses(lockedMs)
      const begun = await signIns.byCode({
        msisdn: msisdnOf(request.body.number),
        code: new Secret(request.body.code),
        device: deviceOf(request.headers['user-agent']),
      })
      if (begun.ok) return signedIn(desk, { reply, cookie }, begun.value)
      if (begun.refusal === 'code_wrong') desk.guesses.wrong(request.ip)
      throw refused(begun.refusal)
    },
  )
  routes.get(
    '/consumer/sessions',
    {
      schema: {
        ...own('Where one is signed in'),
        response: { 200: z.object({ items: z.array(sessionView) }) },
      },
    },
    async (request) => {
      const current = sessionOf(request)
      const all = await signIns.sessionsOf(current.msisdn)
      return { items: all.map((session) => viewOf(session, session.id === current.id)) }
    },
  )
  routes.delete(
    '/consumer/sessions/current',
    { schema: own('Sign out') },
    async (request, reply) => {
      await endOne(desk, request, sessionOf(request).id)
      cookie.set(reply, null)
      return nothing(reply)
    },
  )
  routes.delete(
    '/consumer/sessions/others',
    { schema: own('Sign all devices out but this one') },
    async (request, reply) => {
      await signIns.endOthers(sessionOf(request))
      return nothing(reply)
    },
  )
  routes.delete(
    '/consumer/sessions/:id',
    { schema: { ...own('Sign another device out'), params: z.object({ id: uuid }) } },
    async (request, reply) => {
      if (!(await endOne(desk, request, request.params.id))) throw notFound('session')
      return nothing(reply)
    },
  )
}

const nothing = (reply: FastifyReply) => reply.status(204).send()

const endOne = ({ signIns }: ConsumerDesk, request: FastifyRequest, id: string) =>
  signIns.end(sessionOf(request).msisdn, id)

/** The first answer of a session: who is signed in, and the cookie. */
export async function signedIn(
  desk: ConsumerDesk,
  { reply, cookie }: { readonly reply: FastifyReply; readonly cookie: SessionCookie },
  { session, token }: Begun,
) {
  const me = await meOf(desk, session.msisdn)
  cookie.set(reply, token)
  return reply.status(201).send(me)
}

const viewOf = (session: Session, current: boolean): z.infer<typeof sessionView> => ({
  ...{ id: session.id, device: session.device, signedInBy: session.method, current },
  signedInAt: iso(session.beganAt),
  seenAt: iso(session.activeAt),
})
