/**
 * What every answer tells a browser, whoever made it: take it for what it says it is, show it in no
 * frame, run nothing in it, tell nobody where it came from. Pages say by themselves what they may load.
 */
import type { ServerResponse } from 'node:http'

/** A year (RFC 6797 §6.1.1): only where the outside reaches us by TLS, or a browser would lose us. */
const strictTransport = 'max-age=31536000'

export function guardAnswer(answer: ServerResponse, { https }: { readonly https: boolean }): void {
  answer.setHeader('x-content-type-options', 'nosniff')
  answer.setHeader('referrer-policy', 'no-referrer')
  answer.setHeader('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
  if (https) answer.setHeader('strict-transport-security', strictTransport)
}

/** For the page of the API's description: scripts and styles of its own, nothing foreign. */
export const descriptionPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')
