// The counter's API as this page calls it. The token against foreign pages lives in this closure, nowhere else.
import { type Answer, call, type Problem, problemOf } from '../api.ts'
import type { SessionView } from './views.ts'

const root = '/counter/api'

/** A bank may take its time, and who waits for it must not take silence for a no. */
const actPatienceMs = 60_000

export type CounterApi = ReturnType<typeof createCounterApi>

type Hooks = {
  /** The session is over, whatever was asked. */
  onSignedOut: () => void
  /** Something was done that keeps the session from becoming idle. */
  onActive: () => void
}

export function createCounterApi({ onSignedOut, onActive }: Hooks) {
  let csrfToken = ''

  async function ask<T>(
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    more: { body?: object; key?: string } = {},
  ): Promise<Answer<T>> {
    const { body, key } = more
    const answer = await call<T>(root + path, {
      method,
      headers: {
        ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body ? { body } : {}),
      ...(path.startsWith('/acts') && method === 'POST' ? { patienceMs: actPatienceMs } : {}),
    })
    if (answer.ok && method !== 'GET') onActive()
    if (!answer.ok && isSignedOut(answer.problem)) onSignedOut()
    return answer
  }

  return {
    get: <T>(path: string) => ask<T>('GET', path),
    post: <T>(path: string, body?: object, key?: string) =>
      ask<T>('POST', path, { ...(body ? { body } : {}), ...(key === undefined ? {} : { key }) }),
    remove: (path: string) => ask<null>('DELETE', path),
    /** Every look at the session brings the token that belongs to it. */
    async session(credentials?: object): Promise<Answer<SessionView>> {
      const answer = await (credentials
        ? ask<SessionView>('POST', '/session', { body: credentials })
        : ask<SessionView>('GET', '/session'))
      if (answer.ok) csrfToken = answer.value.csrfToken
      return answer
    },
    /** A file, which is made anew each time and therefore posted for. */
    async file(path: string): Promise<Answer<Blob>> {
      try {
        const response = await fetch(root + path, {
          method: 'POST',
          headers: { 'x-csrf-token': csrfToken },
          signal: AbortSignal.timeout(actPatienceMs),
        })
        if (!response.ok) {
          const said: unknown = await response.json().catch(() => null)
          return { ok: false, problem: problemOf(response.status, said) }
        }
        onActive()
        return { ok: true, value: await response.blob() }
      } catch {
        return { ok: false, problem: { kind: 'offline' } }
      }
    },
  }
}

function isSignedOut(problem: Problem): boolean {
  return problem.kind === 'refused' && problem.type === '/problems/session_missing'
}
