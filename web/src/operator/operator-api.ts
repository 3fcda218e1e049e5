// The operator's API as this page calls it. The token lives in this closure, nowhere else, and ends with the page.
import { type Answer, call } from '../api.ts'

export type OperatorApi = ReturnType<typeof createOperatorApi>

export function createOperatorApi({ token, name }: { token: string; name: string }) {
  async function ask<T>(method: 'GET' | 'POST', path: string, body?: object): Promise<Answer<T>> {
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
  }
}
