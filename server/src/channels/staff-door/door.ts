/**
 * The door of the pages where staff works: who comes in, by a cookie that no script reads and no other site sends,
 * and that what changes something was sent by our own page. A route says who may use it; one that does not is for
 * nobody.
 */
import { timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { isTokenShape } from '../../kernel/index.ts'
import type { KeptPerson, Role, Session, Staff } from '../../staff/index.ts'
import {
  type Guesses,
  type ProblemError,
  type SessionCookie,
  sessionCookie,
} from '../http/index.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly staff?: {
      /** `anybody` signs in; all others have a session. */
      readonly for: 'anybody' | readonly Role[]
      /** Looking on does not keep a session from becoming idle. */
      readonly passive?: boolean
      /** Also for who has still to change the password. */
      readonly early?: boolean
    }
  }
}

export type DoorRefusal =
  | 'session_missing'
  | 'wrong_credentials'
  | 'locked'
  | 'foreign_request'
  | 'role_missing'
  | 'password_must_change'
  | 'password_weak'
  | 'password_same'

export interface Door {
  /** Names its cookie. */
  readonly page: 'counter' | 'operator'
  /** The outside reaches this server by TLS. */
  readonly https: boolean
  readonly signIn: Pick<
    Staff['signIn'],
    'signIn' | 'sessionOf' | 'signOut' | 'changePassword' | 'proveSupervisor'
  >
  /** Wrong ones by address. */
  readonly wrongSignIns: Guesses
  /** The problem in the page's own words. */
  readonly refusedAtDoor: (refusal: DoorRefusal, retryAfterMs?: number) => ProblemError
}

export async function enter(door: Door, request: FastifyRequest): Promise<void> {
  const { signIn, refusedAtDoor: refused } = door
  const { staff } = request.routeOptions.config
  const isChange = request.method !== 'GET' && request.method !== 'HEAD'
  if (isChange && isForeign(request)) throw refused('foreign_request')
  if (staff?.for === 'anybody') return
  const token = cookieOf(door).read(request)
  const session = token && (await signIn.sessionOf(token, staff?.passive !== true))
  if (!session) throw refused('session_missing')
  if (isChange && !isSame(request.headers['x-csrf-token'], session.csrfToken))
    throw refused('foreign_request')
  const { roles, passwordIsInitial } = session.person
  if (!staff?.for.some((role) => roles.includes(role))) throw refused('role_missing')
  if (passwordIsInitial && staff.early !== true) throw refused('password_must_change')
  sessions.set(request, session)
}

/** A browser says where a request comes from; whoever says nothing is no browser, or one that has the token. */
const isForeign = ({ headers }: FastifyRequest): boolean =>
  (headers['sec-fetch-site'] ?? 'same-origin') !== 'same-origin'

const isSame = (sent: unknown, expected: string): boolean =>
  typeof sent === 'string' &&
  sent.length === expected.length &&
  timingSafeEqual(Buffer.from(sent), Buffer.from(expected))

export const cookieOf = ({ page, https }: Pick<Door, 'page' | 'https'>): SessionCookie =>
  sessionCookie({ name: page, https, shape: isTokenShape })

const sessions = new WeakMap<FastifyRequest, Session>()

/** Of a request that came in by the door; undefined where there is another one beside it. */
export const foundSession = (request: FastifyRequest): Session | undefined => sessions.get(request)

export function sessionOf(request: FastifyRequest): Session {
  const session = foundSession(request)
  if (!session) throw new Error('this route is behind the door of the staff')
  return session
}

/** Whose request it is; the door has let nobody else in. */
export const personOf = (request: FastifyRequest): KeptPerson => sessionOf(request).person
