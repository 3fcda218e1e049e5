/** Errors over HTTP in the form of RFC 9457 (`application/problem+json`). */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import {
  DatabaseBusy,
  DeadlinePassed,
  isOutage,
  isTransient,
  type Log,
  OutcomeUnknown,
  Overloaded,
} from '../../db/index.ts'

export interface Problem {
  readonly status: number
  /** A word of ours, which also names the page `/problems/<type>`. */
  readonly type: string
  readonly title: string
  readonly detail?: string
  /** For people who serve others: the code they quote, and the words they say. */
  readonly code?: string
  readonly words?: { readonly zh: string; readonly en: string }
  /** What is wrong with which field. */
  readonly errors?: readonly { readonly field: string; readonly message: string }[]
  /** Told in the header `Retry-After`. */
  readonly retryAfterMs?: number
  /** With 401: the scheme of RFC 9110 §11.6.1 to come back with; a bearer token without it. */
  readonly challenge?: string
}

/** Thrown by a handler to answer with a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.title)
    this.problem = problem
  }
}

export function sendProblem(reply: FastifyReply, problem: Problem): FastifyReply {
  const { type, retryAfterMs, challenge = 'Bearer', ...rest } = problem
  if (retryAfterMs !== undefined)
    void reply.header('retry-after', String(Math.ceil(retryAfterMs / 1_000)))
  // RFC 9110 §11.6.1: who is turned away is told what to bring.
  if (problem.status === 401) void reply.header('www-authenticate', challenge)
  return reply
    .status(problem.status)
    .type('application/problem+json')
    .send({ type: `/problems/${type}`, ...rest })
}

interface Issue {
  readonly instancePath?: string
  readonly message?: string
}

/** Says what went wrong; what is our fault is logged and told without its inside. */
export const problemHandler =
  (log: Log) =>
  (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof ProblemError) return sendProblem(reply, error.problem)
    if (error.validation) return sendProblem(reply, invalid(error.validation))
    const later = laterOf(error)
    if (later) {
      log.warn({ err: error, route: request.routeOptions.url }, 'a request must come again')
      void reply.header('retry-after', '1')
      return sendProblem(reply, later)
    }
    const status = error.statusCode ?? 500
    if (status < 500)
      return sendProblem(reply, {
        status,
        type: frameworkTypes[error.code] ?? 'bad_request',
        title: error.message,
      })
    log.error({ err: error, route: request.routeOptions.url }, 'a request failed')
    return sendProblem(reply, {
      status: 500,
      type: 'internal_error',
      title: 'Something went wrong on our side',
      detail: `Nothing was guessed. Quote ${request.id} when you ask.`,
    })
  }

/** What the framework refuses before a handler is asked, in our words. */
const frameworkTypes: Readonly<Record<string, string>> = {
  FST_ERR_BAD_URL: 'malformed_url',
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'malformed_body',
  FST_ERR_CTP_INVALID_JSON_BODY: 'malformed_json',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_MAX_PARAM_LENGTH: 'malformed_url',
}

/** Machinery that is busy or away is no answer about the money: the same request may come again. */
function laterOf(error: unknown): Problem | undefined {
  const title = 'Not now; send the same request again'
  if (error instanceof OutcomeUnknown)
    return {
      status: 503,
      type: 'outcome_unknown',
      title: 'We could not make sure whether this was done',
      detail: 'Send the same request with the same Idempotency-Key, or ask for the object.',
    }
  if (error instanceof Overloaded || error instanceof DatabaseBusy)
    return { status: 503, type: 'overloaded', title }
  if (error instanceof DeadlinePassed)
    return { status: 503, type: 'too_late', title, detail: 'Its time was over: nothing was done.' }
  // Others stood in the way each time it was run again: nothing was done.
  if (isTransient(error)) return { status: 503, type: 'busy', title }
  return isOutage(error) ? { status: 503, type: 'database_away', title } : undefined
}

function invalid(issues: readonly Issue[]): Problem {
  return {
    status: 422,
    type: 'invalid_request',
    title: 'The request is not valid',
    errors: issues.map((issue) => ({
      field: (issue.instancePath ?? '').replace(/^\//, '').replaceAll('/', '.'),
      message: issue.message ?? 'is not valid',
    })),
  }
}

export const tooManyGuesses = (retryAfterMs: number): ProblemError =>
  new ProblemError({
    status: 429,
    type: 'too_many_wrong_keys',
    title: 'Too many wrong keys came from your address; try again later',
    retryAfterMs,
  })

export const notFound = (what: string): ProblemError =>
  new ProblemError({ status: 404, type: 'not_found', title: `There is no such ${what}` })
