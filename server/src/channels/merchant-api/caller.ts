/** Who calls the merchant API: the bearer of a merchant's key. */
import type { FastifyRequest } from 'fastify'
import type { ApiClient, ApiKeyVerifier } from '../../merchants/index.ts'
import { type Guesses, ProblemError, tooManyGuesses } from '../http/index.ts'

export interface Door {
  readonly verifyKey: ApiKeyVerifier
  readonly guesses: Guesses
}

/**
 * The client of the request's key. Throws 401 when there is none or it does not hold, and 429 when that
 * happens too often. A right key is let in whatever others at its address do: it cannot be a guess.
 */
export async function callerOf(
  request: FastifyRequest,
  { verifyKey, guesses }: Door,
): Promise<ApiClient> {
  const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  const client = key === undefined ? undefined : await verifyKey(key)
  if (client?.test)
    throw new ProblemError({
      status: 403,
      type: 'test_key',
      title: 'A test key opens the sandbox of carrier billing, and nothing here',
    })
  if (client) return client
  if (key !== undefined) guesses.wrong(request.ip)
  const lockedMs = guesses.lockedMs(request.ip)
  if (lockedMs > 0) throw tooManyGuesses(lockedMs)
  throw new ProblemError({
    status: 401,
    type: 'unauthenticated',
    title: 'Send a valid API key: Authorization: Bearer tp_live_…',
  })
}

/** The client that `index.ts` made sure of before the request's body was read. */
export const clientOf = (request: FastifyRequest): ApiClient =>
  request.getDecorator<ApiClient>('client')
