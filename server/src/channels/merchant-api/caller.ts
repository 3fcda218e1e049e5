/** Who calls the merchant API: the bearer of a merchant's key. */
import type { FastifyRequest } from 'fastify'
import type { ApiClient, ApiKeyVerifier } from '../../merchants/index.ts'
import { ProblemError } from '../http/index.ts'

/** The client of the request's key. Throws 401 when there is none or it does not hold. */
export async function callerOf(
  request: FastifyRequest,
  verify: ApiKeyVerifier,
): Promise<ApiClient> {
  const [, key] = /^Bearer ([\x21-\x7e]{1,200})$/i.exec(request.headers.authorization ?? '') ?? []
  const client = key === undefined ? undefined : await verify(key)
  if (client) return client
  throw new ProblemError({
    status: 401,
    type: 'unauthenticated',
    title: 'Send a valid API key: Authorization: Bearer tp_live_…',
  })
}

/** The client that `index.ts` made sure of before the request's body was read. */
export const clientOf = (request: FastifyRequest): ApiClient =>
  request.getDecorator<ApiClient>('client')
