/** Why no answer came, in words that fit a delivery log. */
import type { UrlRefusal } from './target.ts'

export type SendFailure =
  | UrlRefusal
  | 'name_not_found'
  | 'connect_failed'
  | 'connect_timed_out'
  | 'tls_failed'
  | 'timed_out'
  | 'connection_lost'
  | 'reply_too_large'
  | 'reply_malformed'
  | 'request_malformed'

const byCode: Readonly<Record<string, SendFailure>> = {
  ENOTFOUND: 'name_not_found',
  ENODATA: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  ECONNREFUSED: 'connect_failed',
  EHOSTUNREACH: 'connect_failed',
  ENETUNREACH: 'connect_failed',
  EADDRNOTAVAIL: 'connect_failed',
  ETIMEDOUT: 'connect_timed_out',
  UND_ERR_CONNECT_TIMEOUT: 'connect_timed_out',
  UND_ERR_HEADERS_TIMEOUT: 'timed_out',
  UND_ERR_BODY_TIMEOUT: 'timed_out',
  UND_ERR_RES_EXCEEDED_MAX_SIZE: 'reply_too_large',
  UND_ERR_HEADERS_OVERFLOW: 'reply_too_large',
  UND_ERR_INVALID_ARG: 'request_malformed',
}

/** Anything not known is a lost connection: what became of the request is then unknown too. */
export function failureOf(error: unknown): SendFailure {
  const { name = '', code = '' } = Object(error) as { name?: unknown; code?: unknown }
  if (name === 'TimeoutError' || name === 'AbortError') return 'timed_out'
  if (name === 'HTTPParserError') return 'reply_malformed'
  if (typeof code !== 'string') return 'connection_lost'
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/.test(code)) return 'tls_failed'
  return byCode[code] ?? 'connection_lost'
}
