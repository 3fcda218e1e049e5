/**
 * What every operation does first, in this order: the headers, the token, the scope, the rate; only then is a body
 * read, and held against X-Content-Hash. And what every failure becomes: the standard's error object.
 */
import { createHash } from 'node:crypto'
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import {
  DatabaseBusy,
  DeadlinePassed,
  isOutage,
  isTransient,
  OutcomeUnknown,
  Overloaded,
} from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { createRateLimit, fields, type Guesses, type Rate } from '../http/index.ts'
import type { Caller, Scope, TokenVerifier } from '../oauth/index.ts'
import {
  type ErrorName,
  errorObject,
  type Fault,
  fault,
  MobileMoneyError,
  statusOf,
} from './errors.ts'

export interface ScopeDependencies {
  readonly verify: TokenVerifier
  readonly guesses: Guesses
  readonly clock: Clock
  readonly rate: Rate
}

/** Route options: the scope an operation needs, or null when any valid token will do. */
export interface OperationConfig {
  readonly scope: Scope | null
}

/** Bodies of the standard are a few kilobytes. */
const bodyBytesMax = 65_536
/** A message that is older, or from a clock that is further off, is stale. */
const staleMs = 15 * 60_000

export const callerOf = (request: FastifyRequest) => request.getDecorator<Caller>('caller')

export function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const value = headers[name.toLowerCase()]
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** The payer's PIN, and what it came with. */
export const shownPin = (request: FastifyRequest, name: string) => ({
  ...{ pin: headerOf(request, 'X-User-Credential-1'), request: name },
})

export function installScope(app: FastifyInstance, deps: ScopeDependencies): void {
  const { verify, guesses, clock } = deps
  const withinRate = createRateLimit(deps.rate, clock)
  app.decorateRequest('caller', undefined)
  app.removeAllContentTypeParsers()
  const readJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: bodyBytesMax },
    (request, body, done) => {
      const hash = headerOf(request, 'X-Content-Hash')?.toLowerCase()
      if (hash !== undefined && hash !== createHash('sha256').update(body).digest('hex'))
        done(fault('format', { field: 'X-Content-Hash' }))
      else void readJson(request, String(body), done)
    },
  )
  app.setValidatorCompiler(validatorCompiler)
  // Response schemas are documentation: tests hold every answer against the published YAML.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-date', fields.iso(clock.now()))
    const { scope } = request.routeOptions.config as Partial<OperationConfig>
    if (scope === undefined) return
    mustBeFresh(headerOf(request, 'X-Date'), clock.now())
    const verified = await verify(request.headers.authorization)
    if (!verified.ok) throw unauthenticated(request, reply, guesses)
    if (scope !== null && !verified.value.scopes.has(scope)) throw fault('requestingParty')
    if (!withinRate(verified.value.clientId)) throw fault('rateLimit')
    request.setDecorator('caller', verified.value)
  })
  app.setErrorHandler((error: Failure, request, reply) => {
    const shown = error instanceof MobileMoneyError ? error.fault : faultOf(error)
    if (shown.name === 'internal' || shown.name === 'busy')
      request.log.error({ err: error }, 'a mobile money request failed')
    return answer(reply, shown, clock.now())
  })
  app.setNotFoundHandler((_request, reply) => answer(reply, { name: 'identifier' }, clock.now()))
}

function answer(reply: FastifyReply, shown: Fault, now: number) {
  const body = errorObject(shown, now)
  const status = statusOf[body.errorCategory]
  if (status === 503) void reply.header('retry-after', '1')
  return reply.code(status).header('content-type', 'application/json').send(body)
}

const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/

function mustBeFresh(date: string | undefined, now: number): void {
  if (date === undefined) return
  const at = instant.test(date) ? Date.parse(date) : Number.NaN
  if (!(Math.abs(at - now) <= staleMs)) throw fault('format', { field: 'X-Date' })
}

/** Wrong tokens count against their address; no token at all is no guess. */
function unauthenticated({ headers, ip }: FastifyRequest, reply: FastifyReply, guesses: Guesses) {
  if (headers.authorization !== undefined) guesses.wrong(ip)
  if (guesses.lockedMs(ip) > 0) return fault('rateLimit')
  reply.header('www-authenticate', 'Bearer')
  return fault('client')
}

type Failure = Error & Partial<FastifyError>

/** Busy, or not known: the same request, sent again, finds out. */
const later = [Overloaded, DeadlinePassed, DatabaseBusy, OutcomeUnknown] as const

function faultOf(error: Failure): Fault {
  if (later.some((one) => error instanceof one)) return { name: 'busy' }
  if (isOutage(error) || isTransient(error)) return { name: 'busy' }
  if (error.validation) return validationFault(error.validation)
  const status = error.statusCode ?? 500
  if (status === 413) return { name: 'length', words: `At most ${bodyBytesMax} bytes.` }
  if (status >= 400 && status < 500) return { name: 'format', words: error.message }
  return { name: 'internal' }
}

interface ValidationIssue {
  readonly keyword: string
  readonly instancePath: string
  readonly message?: string | undefined
  readonly params: unknown
}

/** An issue that has a name of its own in the standard. */
export interface NamedIssue {
  readonly mobileMoney: ErrorName
}

const names: Readonly<Record<string, ErrorName>> = { too_small: 'length', too_big: 'length' }

/** The first issue, for the standard tells one. */
function validationFault([issue]: readonly ValidationIssue[]): Fault {
  if (!issue) return { name: 'invalid' }
  const field = issue.instancePath.replace(/^\//, '').replaceAll('/', '.')
  const named = (issue.params as { readonly params?: Partial<NamedIssue> }).params?.mobileMoney
  const isMissing = issue.message?.endsWith('received undefined') ?? false
  const name = named ?? (isMissing ? 'missing' : (names[issue.keyword] ?? 'format'))
  return { name, field, ...(issue.message !== undefined && { words: issue.message }) }
}
