/**
 * The customer's side of a three-legged token: number → one-time code → consent. Where a sign-in
 * stands is in the database, so that a reload shows the same step and a restart loses none. The
 * interaction cookie of the library is bound to this path and does not travel with foreign forms.
 */
import type {} from '@fastify/swagger'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Provider } from 'oidc-provider'
import { type Msisdn, masked, parseMsisdn } from '../../../kernel/index.ts'
import type { ApiClient, Catalogue } from '../../../merchants/index.ts'
import { allowedScopes } from '../scopes.ts'
import { codePage, consentPage, errorPage, numberPage, type Page } from './pages.ts'
import type { SignIn } from './sign-in.ts'
import { languageOf, words } from './words.ts'

export interface SignInRoutes {
  readonly provider: () => Promise<Provider>
  readonly catalogue: Catalogue
  readonly signIn: SignIn
  readonly audience: string
  /** Mount path of the authorization server, for example `/oauth`. */
  readonly mountPath: string
  /** Numbers of the sandbox: a test client's `login_hint` with one of them needs no browser. */
  readonly isTestNumber: (msisdn: Msisdn) => boolean
}

type Request = FastifyRequest<{ Params: { uid: string }; Body: unknown }>

export function registerSignIn(app: FastifyInstance, deps: SignInRoutes): void {
  const options = { schema: { hide: true } }
  const path = '/interaction/:uid'
  app.addHook('onRequest', async (request) => refuseForeignForm(request))
  app.get(path, options, async (request: Request, reply) => {
    const opened = await open(deps, request, reply)
    const hinted = testNumber(deps, opened)
    if (hinted !== undefined) return finish(deps, opened, hinted, reply)
    const code = await deps.signIn.find(opened.uid)
    const other = Object.hasOwn(request.query as object, 'number')
    return show(reply, code && !other ? stepOf(opened, code) : numberPage(opened.frame))
  })
  app.post(`${path}/number`, options, async (request: Request, reply) => {
    const opened = await open(deps, request, reply)
    const typed = field(request.body, 'number')
    const number = parseMsisdn(typed)
    const text = words[opened.language]
    if (!number.ok) return show(reply, numberPage(opened.frame, typed, text.numberWrong))
    const { language, merchantName: merchant } = opened
    const sent = await deps.signIn.send(opened.uid, { to: number.value, merchant, language })
    if (sent.ok) return reply.redirect(opened.frame.action, 303)
    const seconds = Math.ceil(sent.refusal.waitMs / 1_000)
    return show(reply, numberPage(opened.frame, typed, text.wait(seconds)))
  })
  app.post(`${path}/code`, options, async (request: Request, reply) => {
    const opened = await open(deps, request, reply)
    const checked = await deps.signIn.check(opened.uid, field(request.body, 'code').trim())
    if (checked.ok) return reply.redirect(opened.frame.action, 303)
    const problem = words[opened.language][checked.refusal]
    const code = await deps.signIn.find(opened.uid)
    const again = code && checked.refusal === 'code_wrong'
    return show(
      reply,
      again
        ? codePage(opened.frame, masked(code.msisdn), problem)
        : numberPage(opened.frame, '', problem),
    )
  })
  app.post(`${path}/consent`, options, async (request: Request, reply) => {
    const opened = await open(deps, request, reply)
    const code = await deps.signIn.find(opened.uid)
    if (!code || code.verifiedAt === null) return reply.redirect(opened.frame.action, 303)
    return finish(deps, opened, code.msisdn, reply)
  })
  app.post(`${path}/abort`, options, async (request: Request, reply) => {
    const opened = await open(deps, request, reply)
    const result = { error: 'access_denied', error_description: 'the customer did not agree' }
    return reply.redirect(await resultOf(opened, result, reply), 303)
  })
  app.setErrorHandler((error: { readonly error?: string; statusCode?: number }, request, reply) => {
    const status = error.error === undefined ? (error.statusCode ?? 500) : 400
    if (status >= 500) request.log.error({ err: error }, 'a sign-in failed')
    const shown = errorPage(error.error ?? 'server_error', request.headers['accept-language'])
    return show(reply.code(status), shown)
  })
}

/**
 * A form that another site sends in the customer's name. Our cookies are not sent with it (SameSite),
 * and here it ends even in a browser that does not know of that. `Origin` would say nothing: the pages
 * keep it to themselves (`Referrer-Policy`).
 */
function refuseForeignForm({ method, headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'] ?? 'same-origin'
  if (method === 'POST' && site !== 'same-origin')
    throw Object.assign(new Error('a form of another site'), { error: 'access_denied' })
}

type Opened = Awaited<ReturnType<typeof open>>

/** The authorization request behind the page; throws the library's error when there is none. */
async function open(deps: SignInRoutes, request: Request, reply: FastifyReply) {
  const provider = await deps.provider()
  const { uid, params } = await provider.interactionDetails(request.raw, reply.raw)
  const client = deps.catalogue.client(String(params.client_id))
  if (!client || client.revokedAt !== null || uid !== request.params.uid)
    throw Object.assign(new Error('no such sign-in'), { error: 'invalid_request' })
  const language = languageOf(params.ui_locales, request.headers['accept-language'])
  const name = deps.catalogue.merchant(client.merchantId)?.name
  const merchantName = name ?? { zh: client.name, en: client.name }
  const requested = typeof params.scope === 'string' ? params.scope : ''
  const frame = {
    language,
    action: `${deps.mountPath}/interaction/${uid}`,
    redirectUri: String(params.redirect_uri),
    merchant: merchantName[language],
  }
  const loginHint = params.login_hint
  return { provider, request, uid, client, requested, language, merchantName, frame, loginHint }
}

const stepOf = (
  { frame, requested, client }: { frame: Opened['frame']; requested: string; client: ApiClient },
  code: { readonly msisdn: Msisdn; readonly verifiedAt: number | null },
): Page =>
  code.verifiedAt === null
    ? codePage(frame, masked(code.msisdn))
    : consentPage(frame, { number: masked(code.msisdn), scopes: allowedScopes(requested, client) })

/** `login_hint=tel:+86…` of a sandbox number, and only for a client of the sandbox. */
function testNumber(deps: SignInRoutes, { client, loginHint }: Opened): Msisdn | undefined {
  if (!client.test || typeof loginHint !== 'string') return undefined
  const number = parseMsisdn(loginHint.replace(/^tel:/, ''))
  return number.ok && deps.isTestNumber(number.value) ? number.value : undefined
}

async function finish(deps: SignInRoutes, opened: Opened, msisdn: Msisdn, reply: FastifyReply) {
  const { provider, client, requested, uid } = opened
  const accountId = await deps.signIn.finish(uid, client.merchantId, msisdn)
  const grant = new provider.Grant({ accountId, clientId: client.id })
  const standard = requested.split(' ').filter((scope) => /^(openid|offline_access)$/.test(scope))
  if (standard.length > 0) grant.addOIDCScope(standard.join(' '))
  const allowed = allowedScopes(requested, client)
  if (allowed.length > 0) grant.addResourceScope(deps.audience, allowed.join(' '))
  const grantId = await grant.save()
  const result = { login: { accountId, remember: false }, consent: { grantId } }
  return reply.redirect(await resultOf(opened, result, reply), 303)
}

const resultOf = (
  { provider, request }: Opened,
  result: Readonly<Record<string, unknown>>,
  reply: FastifyReply,
) => provider.interactionResult(request.raw, reply.raw, result, { mergeWithLastSubmission: false })

const show = (reply: FastifyReply, { body, headers }: Page) => reply.headers(headers).send(body)

function field(body: unknown, name: string): string {
  const value = typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined
  return typeof value === 'string' ? value : ''
}
