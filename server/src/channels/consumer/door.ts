/**
 * The door of the app: a cookie that no script reads and no other site sends. What changes something bears the
 * header `X-Telepurse`, which a form of another site cannot set, and where a browser says whence it comes, it comes
 * from our own page. A route is for whoever is signed in, unless it says that it is for anybody.
 */
import type { FastifyRequest } from 'fastify'
import { bucketOfId, isTokenShape } from '../../kernel/index.ts'
import { sessionMs } from '../../sign-ins/index.ts'
import { type SessionCookie, sessionCookie } from '../http/index.ts'
import { type ConsumerDesk, keepSession, refused } from './desk.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly consumer?: 'anybody'
  }
}

export const consumerCookie = ({ origin }: Pick<ConsumerDesk, 'origin'>): SessionCookie =>
  sessionCookie({ name: 'consumer', https: origin.startsWith('https:'), shape, keptMs: sessionMs })

/** `<id>.<256 bits>` */
function shape(text: string): boolean {
  const [id = '', secret = '', ...more] = text.split('.')
  return bucketOfId(id) !== undefined && isTokenShape(secret) && more.length === 0
}

export async function door(
  desk: ConsumerDesk,
  cookie: SessionCookie,
  request: FastifyRequest,
): Promise<void> {
  if (request.routeOptions.config.consumer !== 'anybody') {
    const token = cookie.read(request)
    const session = token && (await desk.signIns.sessionOf(token))
    if (!session) throw refused('session_missing')
    keepSession(request, session)
  }
  const isChange = request.method !== 'GET' && request.method !== 'HEAD'
  if (isChange && !isOwn(desk, request)) throw refused('foreign_request')
}

function isOwn({ origin: own }: ConsumerDesk, { headers }: FastifyRequest): boolean {
  const { origin = own, 'sec-fetch-site': site = 'same-origin' } = headers
  return headers['x-telepurse'] !== undefined && origin === own && site === 'same-origin'
}
