/**
 * How long a caller waits: `Prefer: wait=5` (RFC 7240 §4.3), in seconds. What cannot be committed within
 * that time is not done, and the caller is told so; without it, callers wait as long as we do.
 */
import type { FastifyRequest } from 'fastify'

/** Nobody is waited for longer: a client that says more gets this. */
const waitMaxSeconds = 30

/** The last instant at which the caller still wants it done; undefined when it does not say. */
export function deadlineOf(request: Pick<FastifyRequest, 'headers'>, now: number) {
  const seconds = waitOf(request.headers.prefer)
  return seconds === undefined ? undefined : now + Math.min(seconds, waitMaxSeconds) * 1_000
}

/** A preference that is not understood is passed over (RFC 7240 §2); of several the first one counts. */
function waitOf(prefer: string | string[] | undefined): number | undefined {
  const preferences = [prefer ?? []].flat().join(',').split(',')
  for (const preference of preferences) {
    const [, seconds] = /^\s*wait\s*=\s*"?(\d{1,6})"?\s*(;|$)/i.exec(preference) ?? []
    if (seconds !== undefined) return Number(seconds)
  }
  return undefined
}
