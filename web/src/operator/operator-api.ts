// The operator's API as this page calls it. The token lives in this closure, nowhere else, and ends with the page.
import { type Answer, call } from '../api.ts'

export type OperatorApi = ReturnType<typeof createOperatorApi>

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH'

export function createOperatorApi({ token, name }: { token: string; name: string }) {
  async function ask<T>(method: Method, path: string, body?: object): Promise<Answer<T>> {
    return call<T>(`/operator${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'x-operator': name },
      ...(body ? { body } : {}),
    })
  }
  return {
    name,
    get: <T>(path: string) => ask<T>('GET', path),
    post: <T>(path: string, body: object) => ask<T>('POST', path, body),
    put: <T>(path: string, body: object) => ask<T>('PUT', path, body),
    patch: <T>(path: string, body: object) => ask<T>('PATCH', path, body),
  }
}
