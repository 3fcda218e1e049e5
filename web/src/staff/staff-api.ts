// An API behind the staff's door. The token against foreign pages lives in this closure, nowhere else.
import { type Answer, call, type Problem } from '../api.ts'
import type { StaffSession } from './session.ts'

export type Hooks = {
  /** The session is over, whatever was asked. */
  onSignedOut: () => void
  /** Something was done that keeps the session from becoming idle. */
  onActive: () => void
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type More = { body?: object; headers?: Record<string, string>; patienceMs?: number }

type Given = Hooks & {
  root: string
  /** Whether the server takes it for an act of a person. */
  isAct: (method: Method, path: string) => boolean
}

export type StaffApi<Session extends StaffSession> = ReturnType<typeof createStaffApi<Session>>

export function createStaffApi<Session extends StaffSession>(given: Given) {
  const { root, isAct, onActive, onSignedOut } = given
  let csrfToken = ''

  async function ask<T>(method: Method, path: string, more: More = {}): Promise<Answer<T>> {
    const { headers, ...rest } = more
    const answer = await call<T>(root + path, {
      ...rest,
      method,
      headers: { ...(method === 'GET' ? {} : { 'x-csrf-token': csrfToken }), ...headers },
    })
    if (answer.ok && isAct(method, path)) onActive()
    if (!answer.ok && isSignedOut(answer.problem)) onSignedOut()
    return answer
  }

  return {
    ask,
    csrfToken: () => csrfToken,
    get: <T>(path: string) => ask<T>('GET', path),
    post: <T>(path: string, body?: object) => ask<T>('POST', path, body ? { body } : {}),
    remove: (path: string) => ask<null>('DELETE', path),
    /** Every look at the session brings the token that belongs to it. */
    async session(credentials?: object): Promise<Answer<Session>> {
      const answer = await (credentials
        ? ask<Session>('POST', '/session', { body: credentials })
        : ask<Session>('GET', '/session'))
      if (answer.ok) csrfToken = answer.value.csrfToken
      return answer
    },
  }
}

function isSignedOut(problem: Problem): boolean {
  return problem.kind === 'refused' && problem.type === '/problems/session_missing'
}
