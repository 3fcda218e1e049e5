// The operator's API as this page calls it. Nothing on it asks by itself, so every request is an act of a person.

import type { StaffSession } from '../staff/session.ts'
import { createStaffApi, type Hooks } from '../staff/staff-api.ts'

export type OperatorApi = ReturnType<typeof createOperatorApi>

export function createOperatorApi(hooks: Hooks) {
  const isAct = (method: string, path: string) => method !== 'GET' || path !== '/session'
  const api = createStaffApi<StaffSession>({ ...hooks, root: '/operator', isAct })
  return {
    ...api,
    put: <T>(path: string, body: object) => api.ask<T>('PUT', path, { body }),
    patch: <T>(path: string, body: object) => api.ask<T>('PATCH', path, { body }),
  }
}
