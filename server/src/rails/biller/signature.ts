/**
 * What both sides sign with the secret they share (docs/reference/biller-http.md): HMAC with SHA-256, in hex. A
 * request's is bound to its place, its id and its time; an answer's to the id of its request, so that an old answer
 * cannot pass for a new one.
 */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { Secret } from '../../kernel/index.ts'

export interface SignedRequest {
  readonly method: string
  readonly path: string
  readonly requestId: string
  readonly time: number
  readonly body: string
}

export interface SignedAnswer {
  readonly status: number
  readonly requestId: string
  readonly body: Uint8Array
}

export const requestSignature = (secret: Secret, request: SignedRequest): string =>
  signed(secret, [
    ...[request.method, request.path, request.requestId, request.time],
    digest(request.body),
  ])

export function isSigned(secret: Secret, answer: SignedAnswer, signature: string): boolean {
  const { status, requestId, body } = answer
  const expected = signed(secret, [status, requestId, digest(body)])
  return (
    signature.length === expected.length &&
    timingSafeEqual(Buffer.from(signature), Buffer.from(expected))
  )
}

const signed = (secret: Secret, lines: readonly (string | number)[]) =>
  createHmac('sha256', secret.reveal()).update(lines.join('\n')).digest('hex')

const digest = (body: string | Uint8Array) => createHash('sha256').update(body).digest('hex')
