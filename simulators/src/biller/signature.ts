/** The signatures of docs/reference/biller-http.md: HMAC with SHA-256 over lines, in hex. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'

const digest = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (secret: string, lines: readonly (string | number)[]) =>
  createHmac('sha256', secret).update(lines.join('\n')).digest('hex')

export interface Signed {
  readonly method: string
  readonly path: string
  readonly requestId: string
  readonly time: string
  readonly body: string
}

export function isSigned(secret: string, request: Signed, signature: string): boolean {
  const { method, path, requestId, time, body } = request
  const expected = Buffer.from(hmac(secret, [method, path, requestId, time, digest(body)]))
  const given = Buffer.from(signature)
  return given.length === expected.length && timingSafeEqual(given, expected)
}

export const answerSignature = (
  secret: string,
  { status, requestId, body }: { status: number; requestId: string; body: string },
): string => hmac(secret, [status, requestId, digest(body)])
