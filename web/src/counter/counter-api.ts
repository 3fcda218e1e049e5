// The counter's API as this page calls it.
import { type Answer, problemOf } from '../api.ts'
import { createStaffApi, type Hooks } from '../staff/staff-api.ts'
import type { SessionView } from './views.ts'

const root = '/counter/api'

/** A bank may take its time, and who waits for it must not take silence for a no. */
const actPatienceMs = 60_000

export type CounterApi = ReturnType<typeof createCounterApi>

export function createCounterApi(hooks: Hooks) {
  const isAct = (method: string) => method !== 'GET'
  const api = createStaffApi<SessionView>({ ...hooks, root, isAct })
  return {
    ...api,
    post: <T>(path: string, body?: object, key?: string) =>
      api.ask<T>('POST', path, {
        ...(body ? { body } : {}),
        ...(key === undefined ? {} : { headers: { 'idempotency-key': key } }),
        ...(path.startsWith('/acts') ? { patienceMs: actPatienceMs } : {}),
      }),
    /** A file, which is made anew each time and therefore posted for. */
    async file(path: string): Promise<Answer<Blob>> {
      try {
        const response = await fetch(root + path, {
          method: 'POST',
          headers: { 'x-csrf-token': api.csrfToken() },
          signal: AbortSignal.timeout(actPatienceMs),
        })
        if (!response.ok) {
          const said: unknown = await response.json().catch(() => null)
          return { ok: false, problem: problemOf(response.status, said) }
        }
        hooks.onActive()
        return { ok: true, value: await response.blob() }
      } catch {
        return { ok: false, problem: { kind: 'offline' } }
      }
    },
  }
}
