/** A session's token in a cookie that no script reads and no other site sends. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Secret } from '../../kernel/index.ts'

export interface SessionCookie {
  read(request: Pick<FastifyRequest, 'headers'>): Secret | undefined
  /** `null` takes it away. */
  set(reply: FastifyReply, token: Secret | null): void
}

export interface SessionCookieOptions {
  readonly name: string
  readonly https: boolean
  /** What does not look like a token is none. */
  readonly shape: (text: string) => boolean
  /** How long a browser keeps it; without it, until it is closed. The server knows when a session ends. */
  readonly keptMs?: number
}

export function sessionCookie({ name, https, shape, keptMs }: SessionCookieOptions): SessionCookie {
  // Under TLS the prefix binds it to this host alone (RFC 6265bis §4.1.3.2).
  const full = https ? `__Host-${name}` : name
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(https ? ['Secure'] : [])]
  const kept = keptMs === undefined ? [] : [`Max-Age=${Math.floor(keptMs / 1_000)}`]
  return {
    read({ headers }) {
      const cookies = (headers.cookie ?? '').split(';').map((one) => one.trim())
      const token = cookies.find((one) => one.startsWith(`${full}=`))?.slice(full.length + 1)
      return token !== undefined && shape(token) ? new Secret(token) : undefined
    },
    set(reply, token) {
      const value = token === null ? '' : token.reveal()
      const life = token === null ? ['Max-Age=0'] : kept
      void reply.header('set-cookie', [`${full}=${value}`, ...life, ...attributes].join('; '))
    },
  }
}

/** Nothing that is answered there is for a cache, a browser's own least of all. */
export const keepNowhere = (reply: FastifyReply): void => {
  void reply.header('cache-control', 'no-store')
}
