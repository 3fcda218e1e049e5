// The app's API as this page calls it. The session is a cookie that no script can read; the header says that
// the request was made by our own page, for a foreign one cannot set it.
import { type Answer, call, type Problem } from '../api.ts'

const root = '/consumer'

/** A bank may take its time, and who waits for it must not take silence for a no. */
const moneyPatienceMs = 60_000

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

let signedOut: () => void = () => {}

/** Called whenever the server says that nobody is signed in. */
export function onSignedOut(act: () => void): void {
  signedOut = act
}

/** What only reads bears no header of its own: so it can be an answer that the page has fetched ahead (`Link`). */
async function ask<T>(method: Method, path: string, body?: object): Promise<Answer<T>> {
  const answer = await call<T>(root + path, {
    method,
    ...(method === 'GET' ? {} : { headers: { 'x-telepurse': 'app' } }),
    ...(body ? { body } : {}),
    ...(method === 'POST' ? { patienceMs: moneyPatienceMs } : {}),
  })
  if (!answer.ok && isSignedOut(answer.problem)) signedOut()
  return answer
}

const isSignedOut = (problem: Problem): boolean =>
  problem.kind === 'refused' && problem.status === 401

export const consumerApi = {
  get: <T>(path: string) => ask<T>('GET', path),
  post: <T>(path: string, body: object = {}) => ask<T>('POST', path, body),
  put: <T>(path: string, body: object) => ask<T>('PUT', path, body),
  patch: <T>(path: string, body: object) => ask<T>('PATCH', path, body),
  remove: (path: string) => ask<null>('DELETE', path),
}
