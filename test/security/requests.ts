/** A request for each route of the table, filled with ids and bodies that fit. */
import fc from 'fast-check'
import type { InjectOptions } from 'fastify'
import { fitting } from './arbitrary.ts'
import type { Route } from './routes.ts'
import type { Stage } from './stage.ts'

export type Things = Stage['things']['games']

/** Ids of the right form that nothing has. */
export const nothing: Things = {
  payment: '01890000-0000-7000-8000-000000000001',
  checkout: '01890000-0000-7000-8000-000000000002',
  endpoint: '01890000-0000-7000-8000-000000000003',
  carrierPayment: '01890000-0000-7000-8000-000000000004',
  refund: '01890000-0000-7000-8000-000000000005',
  delivery: '01890000-0000-7000-8000-000000000006.01890000-0000-7000-8000-000000000003',
}

/** What stands for `:id` depends on the folder; what has no owner stands for itself. */
const idsOf = (things: Things): readonly (readonly [path: RegExp, id: string])[] => [
  [/^(\/v1\/payments\/):id(?=\/refunds\/:)/, things.carrierPayment],
  [/^(\/v1\/payments\/):id/, things.payment],
  [/^(\/v1\/checkouts\/):id/, things.checkout],
  [/^(\/checkout\/):id/, things.checkout],
  [/^(\/pay\/):id/, things.checkout],
  [/^(\/v1\/webhook-endpoints\/):id/, things.endpoint],
  [/^(\/v1\/webhook-deliveries\/):id/, things.delivery],
  [/^(.*):paymentId/, things.carrierPayment],
  [/^(.*):refundId/, things.refund],
  [/^(.*):date/, '2026-09-12'],
  [/^(.*):msisdn/, '13900000001'],
  [/^(.*):merchantId/, '6021'],
  [/^(\/operator\/merchants\/):id/, '6021'],
  [/^(\/operator\/(?:bank|biller)-differences\/):id/, '1'],
  [/^(.*):day/, '2026-09-12'],
  [/^(.*):code/, '100'],
  [/^(.*):id/, nothing.payment],
  [/^(.*):\w+/, 'x'],
  [/^(.*)\*/, 'x'],
]

export function urlOf(route: Route, things: Things): string {
  let url = route.path
  for (const [path, id] of idsOf(things)) url = url.replace(path, `$1${id}`)
  return url
}

/** Whether the address names something that belongs to one merchant. */
export const isOwned = (route: Route, things: Things): boolean =>
  urlOf(route, things) !== urlOf(route, nothing)

/** Bodies that fit the route's schema, the same ones every time; one empty one where it takes none. */
export function bodiesOf(route: Route, count: number): readonly (object | undefined)[] {
  const schema = route.described?.requestBody?.content['application/json']?.schema
  if (schema === undefined) return [undefined]
  return fc.sample(fitting(schema), { numRuns: count, seed: 7 }) as object[]
}

export const requestOf = (
  route: Route,
  given: { things: Things; body?: object | undefined; headers?: Record<string, string> },
): InjectOptions => ({
  method: route.method as NonNullable<InjectOptions['method']>,
  url: urlOf(route, given.things),
  headers: { 'idempotency-key': 'matrix-key-1', 'x-operator': 'Matrix', ...given.headers },
  ...(given.body !== undefined && { payload: given.body }),
})
