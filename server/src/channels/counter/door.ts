/**
 * The door of the counter: who comes in, by a cookie that no script reads and no other site sends, and that
 * what changes something was sent by our own page. A route says who may use it; one that does not is for nobody.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isTokenShape } from '../../kernel/index.ts'
import type { Role } from '../../staff/index.ts'
import { sessionCookie } from '../http/index.ts'
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
  const token = counterCookie(desk.https).read(request)
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

export const counterCookie = (https: boolean) =>
  sessionCookie({ name: 'counter', https, shape: isTokenShape })
