/**
 * Which requests are the same request. `clientCorrelator` and `referenceCode` name a request once and
 * for ever: a second one with either is refused. `Idempotency-Key` is ours: with the same key and the
 * same body the answer is that of the first time.
 */
import type { FastifyRequest } from 'fastify'
import type { Ids } from '../../kernel/index.ts'
import type { BusinessKey } from '../../payments/index.ts'
import { contentHash as hashOf } from '../http/index.ts'
import type { RequestKeys } from './details.ts'
import { type CamaraProblem, common, problem } from './problems.ts'
import { idempotencyKeyPattern } from './requests.ts'

export function idempotencyKeyOf({ headers }: FastifyRequest): string | undefined {
  const key = headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !idempotencyKeyPattern.test(key))
    throw problem(common.invalidArgument, 'Idempotency-Key: 1 to 256 printable characters.')
  return key
}

/**
 * The keys of one request, the repeatable one first. The others carry a content hash that only a
 * repetition under the same Idempotency-Key can produce again, so any other reuse is a conflict.
 */
export function businessKeys(
  kind: 'payment' | 'refund',
  clientId: string,
  request: RequestKeys & { readonly content: unknown },
  ids: Pick<Ids, 'random'>,
): BusinessKey[] {
  const { idempotencyKey, clientCorrelator, referenceCode, content } = request
  const hash = hashOf(content)
  const once =
    idempotencyKey === undefined
      ? Buffer.from(ids.random(16)).toString('hex')
      : hashOf([idempotencyKey, hash])
  const key = (name: string, value: string | undefined, contentHash: string): BusinessKey[] =>
    value === undefined
      ? []
      : [{ scope: `camara-${kind}-${name}:${clientId}`, key: value, contentHash }]
  return [
    ...key('repeat', idempotencyKey, hash),
    ...key('correlator', clientCorrelator, once),
    ...key('reference', referenceCode, once),
  ]
}

/**
 * What a conflict is called. The YAML names a correlator that "still exists" a 400, and its test
 * definitions mean by that: of a payment that is not completed. Every other reuse is a 409.
 */
export function conflictOf(
  request: RequestKeys,
  earlier: { readonly keys: RequestKeys | undefined; readonly unfinished: boolean } | undefined,
): CamaraProblem {
  const { idempotencyKey, clientCorrelator } = request
  const keys = earlier?.keys
  if (idempotencyKey !== undefined && keys?.idempotencyKey === idempotencyKey)
    return problem(common.alreadyExists, 'Idempotency-Key was used with another body.')
  if (
    clientCorrelator !== undefined &&
    keys?.clientCorrelator === clientCorrelator &&
    earlier?.unfinished
  )
    return problem(common.invalidArgument, 'clientCorrelator already exist on server.')
  return problem(common.alreadyExists)
}
