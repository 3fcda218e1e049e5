/**
 * The door of the counter: who comes in, by a cookie that no script reads and no other site sends, and that
 * what changes something was sent by our own page. A route says who may use it; one that does not is for nobody.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Secret } from '../../kernel/index.ts'
import type { Role } from '../../staff/index.ts'
import { type CounterDesk, keepSession, refused } from './desk.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly counter?: {
      /** `anybody` signs in; all others have a session. */
      readonly for: 'anybody' | readonly Role[]
      /** Looking on does not keep a session from becoming idle. */
      readonly passive?: boolean
      /** Also for who has still to change the password. */
      readonly early?: boolean
    }
  }
}

export async function door(desk: CounterDesk, request: FastifyRequest): Promise<void> {
  const { counter } = request.routeOptions.config
  const isChange = request.method !== 'GET' && request.method !== 'HEAD'
  if (isChange) refuseForeign(desk, request)
  if (counter?.for === 'anybody') return
  const token = tokenIn(request, desk.https)
  const session = token && (await desk.staff.signIn.sessionOf(token, counter?.passive !== true))
  if (!session) throw refused('session_missing', { desk })
  if (isChange && !isSame(request.headers['x-csrf-token'], session.csrfToken))
    throw refused('foreign_request', { desk })
  const { roles, passwordIsInitial } = session.person
  if (!counter?.for.some((role) => roles.includes(role))) throw refused('role_missing', { desk })
  if (passwordIsInitial && counter.early !== true) throw refused('password_must_change', { desk })
  keepSession(request, session)
}

/** A browser says where a request comes from; whoever says nothing is no browser, or one that has the token. */
function refuseForeign(desk: CounterDesk, { headers }: FastifyRequest): void {
  const site = headers['sec-fetch-site'] ?? 'same-origin'
  if (site !== 'same-origin') throw refused('foreign_request', { desk })
}

const isSame = (sent: unknown, expected: string): boolean =>
  typeof sent === 'string' &&
  sent.length === expected.length &&
  timingSafeEqual(Buffer.from(sent), Buffer.from(expected))

/** Under TLS the prefix binds it to this host alone (RFC 6265bis §4.1.3.2). */
const cookieName = (https: boolean) => (https ? '__Host-counter' : 'counter')

const tokenShape = /^[\w-]{43}$/

export function tokenIn(request: FastifyRequest, https: boolean): Secret | undefined {
  const cookies = (request.headers.cookie ?? '').split(';').map((one) => one.trim())
  const name = `${cookieName(https)}=`
  const token = cookies.find((one) => one.startsWith(name))?.slice(name.length)
  return token !== undefined && tokenShape.test(token) ? new Secret(token) : undefined
}

/** Without an end of its own: the server knows when a session ends. `null` takes it away. */
export function setToken(reply: FastifyReply, token: Secret | null, https: boolean): void {
  const attributes = ['Path=/', 'HttpOnly', 'SameSite=Strict', ...(https ? ['Secure'] : [])]
  const value = token === null ? '; Max-Age=0' : token.reveal()
  void reply.header('set-cookie', [`${cookieName(https)}=${value}`, ...attributes].join('; '))
}

/** Nothing that is answered here is for a cache, a browser's own least of all. */
export const keepNowhere = (reply: FastifyReply): void => {
  void reply.header('cache-control', 'no-store')
}
