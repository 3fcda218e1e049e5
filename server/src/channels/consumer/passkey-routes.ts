/** Passkeys: made by whoever is signed in, and signing in with one. */
import type { FastifyInstance } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Passkey, Session } from '../../sign-ins/index.ts'
import { notFound, type SessionCookie, tooManyGuesses } from '../http/index.ts'
import { type ConsumerDesk, refused, sessionOf } from './desk.ts'
import { deviceOf } from './device.ts'
import { iso, isoOrNull, key, open, own, passkeyAnswer, pin } from './fields.ts'
import { meView } from './me.ts'
import { contentOf, mustBeOwner, mustBeUsable } from './proof.ts'
import { signedIn } from './session-routes.ts'

const passkeyView = z.object({
  id: z.string(),
  device: z.string(),
  madeAt: z.string(),
  usedAt: z.string().nullable(),
  current: z.boolean().describe('It signed this device in'),
  confirms: z.boolean().describe('It was made by who knew the PIN, and may stand for it'),
})

const proof = z.strictObject({
  pin: pin
    .optional()
    .describe(
      'Of whoever has one, and to remove one that is neither the initial one nor locked; others have signed in within 10 minutes',
    ),
  key,
})

/** `options` go to the browser as they are (WebAuthn Level 3 §5.1.9, §5.1.10). */
const optionsView = z.object({ id: z.string(), options: z.looseObject({}) })

export function passkeyRoutes(
  app: FastifyInstance,
  desk: ConsumerDesk,
  cookie: SessionCookie,
): void {
  const routes = app.withTypeProvider<ZodTypeProvider>()
  const { passkeys } = desk
  const shown = ({ challenge, options }: { challenge: string; options: object }) => ({
    id: challenge,
    options: { ...options },
  })

  routes.post(
    '/consumer/sessions/options',
    {
      config: { consumer: 'anybody', admission: 'order' },
      schema: {
        ...open('What a passkey is to sign; the same for everybody'),
        response: { 200: optionsView },
      },
    },
    async () => shown(await passkeys.signInOptions()),
  )
  routes.post(
    '/consumer/sessions/passkey',
    {
      config: { consumer: 'anybody', admission: 'order' },
      schema: {
        ...open('Sign in with a passkey; one answer to whatever is wrong with it'),
        body: passkeyAnswer,
        response: { 201: meView },
      },
    },
    async (request, reply) => {
      const lockedMs = desk.guesses.lockedMs(request.ip)
      if (lockedMs > 0) throw tooManyGuesses(lockedMs)
      const { id: challenge, response } = request.body
      const device = deviceOf(request.headers['user-agent'])
      const begun = await passkeys.signIn({ challenge, response, device })
      if (begun.ok) return signedIn(desk, { reply, cookie }, begun.value)
      desk.guesses.wrong(request.ip)
      throw refused(begun.refusal)
    },
  )
  routes.get(
    '/consumer/passkeys',
    {
      schema: {
        ...own('Passkeys of one’s own'),
        response: { 200: z.object({ items: z.array(passkeyView) }) },
      },
    },
    async (request) => {
      const session = sessionOf(request)
      const all = await passkeys.list(session.msisdn)
      return { items: all.map((passkey) => viewOf(passkey, session)) }
    },
  )
  routes.post(
    '/consumer/passkeys/options',
    {
      config: { admission: 'order' },
      schema: {
        ...own('What to make a passkey with, for the owner'),
        body: proof,
        response: { 200: optionsView },
      },
    },
    async (request) => {
      const session = sessionOf(request)
      if ((await desk.coolOffUntil(session.msisdn)) !== null) throw refused('cooling_off')
      const { withPin } = await mustBeOwner(desk, session, { ...request.body, to: 'make' })
      return shown(await passkeys.registrationOptions(session, { withPin }))
    },
  )
  routes.post(
    '/consumer/passkeys',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Keep a passkey that was made'),
        body: passkeyAnswer,
        response: { 201: passkeyView },
      },
    },
    async (request, reply) => {
      const { id: challenge, response } = request.body
      const session = sessionOf(request)
      const made = await passkeys.register(session, { challenge, response })
      if (!made.ok) throw refused(made.refusal)
      return reply.status(201).send(viewOf(made.value, session))
    },
  )
  routes.post(
    '/consumer/passkeys/proof-options',
    {
      config: { admission: 'order' },
      schema: {
        ...own('What a passkey is to sign in place of the PIN: one request, for two minutes'),
        body: z.strictObject({
          for: z
            .string()
            .regex(/^(POST|PUT) \/consumer\/[\w/-]{1,200}$/, 'must be a method and a path')
            .describe('Method and path of the request, as `POST /consumer/transfers`'),
          body: z.looseObject({}).describe('Its whole body but for the proof; `key` is of it'),
        }),
        response: { 200: optionsView },
      },
    },
    async (request) => {
      const session = sessionOf(request)
      await mustBeUsable(desk, session.msisdn)
      const { for: act, body } = request.body
      const asked = await passkeys.proofOptions(session, { act, content: contentOf(body) })
      if (!asked.ok) throw refused(asked.refusal)
      return shown(asked.value)
    },
  )
  routes.post(
    '/consumer/passkeys/:id/remove',
    {
      config: { admission: 'order' },
      schema: {
        ...own('Remove a passkey, for the owner; other devices that it signed in are signed out'),
        params: z.object({ id: z.string().regex(/^[\w-]{1,1400}$/) }),
        body: proof,
      },
    },
    async (request, reply) => {
      const session = sessionOf(request)
      await mustBeOwner(desk, session, { ...request.body, to: 'remove' })
      if (!(await passkeys.remove(session, request.params.id))) throw notFound('passkey')
      return reply.status(204).send()
    },
  )
}

const viewOf = (passkey: Passkey, session: Session): z.infer<typeof passkeyView> => ({
  ...{ id: passkey.credentialId, device: passkey.device },
  madeAt: iso(passkey.madeAt),
  usedAt: isoOrNull(passkey.usedAt),
  current: passkey.credentialId === session.credentialId,
  confirms: passkey.madeWithPin,
})
