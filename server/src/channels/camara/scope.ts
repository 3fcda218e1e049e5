/**
 * What every CAMARA operation does first, in this order: the correlator, the token, the scope, the
 * rate; only then is a body read. And what every failure becomes: `{status, code, message}`.
 */
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { validatorCompiler } from 'fastify-type-provider-zod'
import { DeadlinePassed, isOutage, isTransient, Overloaded } from '../../db/index.ts'
import type { Clock, Ids } from '../../kernel/index.ts'
import { createRateLimit, type Guesses, type Rate } from '../http/index.ts'
import type { Caller, Scope, TokenVerifier } from '../oauth/index.ts'
import { CamaraProblem, common, problem } from './problems.ts'
import { correlatorPattern, type NamedIssue } from './requests.ts'

export interface ScopeDependencies {
  readonly verify: TokenVerifier
  readonly guesses: Guesses
  readonly clock: Clock
  readonly ids: Ids
  readonly rate: Rate
}

/** Route options: the scope an operation needs, or null when any valid token will do. */
export interface OperationConfig {
  readonly scope: Scope | null
}

/** Bodies of the contract are a few kilobytes. */
export const bodyBytesMax = 65_536

export const callerOf = (request: FastifyRequest) => request.getDecorator<Caller>('caller')

export function installScope(app: FastifyInstance, deps: ScopeDependencies): void {
  const withinRate = createRateLimit(deps.rate, deps.clock)
  app.decorateRequest('caller', undefined)
  app.removeAllContentTypeParsers()
  const readJson = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: bodyBytesMax },
    readJson,
  )
  app.setValidatorCompiler(validatorCompiler)
  // Response schemas are documentation: tests hold every answer against the published YAML.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.addHook('onRequest', async (request, reply) => {
    const { 'x-correlator': given = '' } = request.headers
    const valid = typeof given === 'string' && correlatorPattern.test(given)
    const known = valid && given !== '' ? given : deps.ids.next(0, deps.clock.now())
    reply.header('x-correlator', known)
    if (!valid) throw problem(common.invalidArgument, 'x-correlator does not match its pattern.')
    const { scope } = request.routeOptions.config as Partial<OperationConfig>
    if (scope === undefined) return
    const verified = await deps.verify(request.headers.authorization)
    if (!verified.ok) throw unauthenticated(request, reply, deps.guesses)
    if (scope !== null && !verified.value.scopes.has(scope)) throw problem(common.permissionDenied)
    if (!withinRate(verified.value.clientId)) {
      reply.header('retry-after', '1')
      throw problem(common.tooManyRequests)
    }
    request.setDecorator('caller', verified.value)
  })
  app.setErrorHandler(answerError)
  app.setNotFoundHandler((_request, reply) => send(reply, problem(common.notFound)))
}

/** Wrong tokens count against their address; no token at all is no guess. */
function unauthenticated({ headers, ip }: FastifyRequest, reply: FastifyReply, guesses: Guesses) {
  if (headers.authorization !== undefined) guesses.wrong(ip)
  const lockedMs = guesses.lockedMs(ip)
  if (lockedMs === 0) {
    reply.header('www-authenticate', 'Bearer')
    return problem(common.unauthenticated)
  }
  reply.header('retry-after', String(Math.ceil(lockedMs / 1_000)))
  return problem(common.tooManyRequests)
}

type Failure = Error & Partial<FastifyError>

function answerError(error: Failure, request: FastifyRequest, reply: FastifyReply) {
  const answer = error instanceof CamaraProblem ? error : problemOf(error)
  if (answer.status >= 500) request.log.error({ err: error }, 'a CAMARA request failed')
  return send(reply, answer)
}

function send(reply: FastifyReply, { status, code, message }: CamaraProblem) {
  if (status === 503) void reply.header('retry-after', '1')
  return reply
    .code(status)
    .header('content-type', 'application/json')
    .send({ status, code, message })
}

function problemOf(error: Failure): CamaraProblem {
  if (error instanceof Overloaded || error instanceof DeadlinePassed) return problem(common.busy)
  if (isOutage(error) || isTransient(error)) return problem(common.unavailable)
  if (error.validation) return validationProblem(error.validation)
  if (error.code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return problem(common.unsupportedMedia)
  const status = error.statusCode ?? 500
  if (status === 413)
    return problem(common.invalidArgument, `The body is larger than ${bodyBytesMax} bytes.`)
  if (status >= 400 && status < 500) return problem(common.invalidArgument, error.message)
  return problem(common.internal)
}

interface ValidationIssue {
  readonly instancePath: string
  readonly message?: string | undefined
  readonly params: unknown
}

/** The first issue with a code of its own, else the first. */
function validationProblem(issues: readonly ValidationIssue[]): CamaraProblem {
  const nameOf = (issue: ValidationIssue) =>
    (issue.params as { readonly params?: Partial<NamedIssue> }).params?.camara
  const special = issues.find((issue) => nameOf(issue) !== undefined)
  const issue = special ?? issues[0]
  const where = issue?.instancePath.replaceAll('/', '.').replace(/^\.*/, '') ?? ''
  const detail = `${where === '' ? 'The request' : where}: ${issue?.message ?? 'invalid'}`
  const code = special && nameOf(special)
  return code ? new CamaraProblem(400, code, detail) : problem(common.invalidArgument, detail)
}
