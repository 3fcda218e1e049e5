/** Every route of the counter with everybody who may come to it, from the server's own table of routes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodiesOf, nothing, urlOf } from '../../../../test/security/requests.ts'
import {
  describedOnly,
  type Route,
  recordRoutes,
  routesOf,
} from '../../../../test/security/routes.ts'
import { fingerprints } from '../../../../test/security/stage.ts'
import { type Client, type CounterStage, openCounter } from '../../../test/counter-stage.ts'
import { hallRoles } from '../../staff/index.ts'

/** Who may use it; what is not here is for both. */
const onlyFor: readonly (readonly [RegExp, 'clerk' | 'supervisor'])[] = [
  [/^POST .*\/acts\//, 'clerk'],
  [/^POST .*\/till\/(open|close|:id\/bank)$/, 'clerk'],
  [/^GET .*\/till(\/to-bank)?$/, 'clerk'],
  [/^POST .*\/(owner-check|cards\/check)$/, 'clerk'],
  [/^POST .*\/withdraw$/, 'clerk'],
  [/^POST .*\/(approve|decline)$/, 'supervisor'],
  [/^GET .*\/tills$/, 'supervisor'],
]
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const allowed = (route: Route) => onlyFor.find(([name]) => name.test(nameOf(route)))?.[1]

let hall: CounterStage
let routes: readonly Route[]
let unknown: readonly string[]
const clients = new Map<string, Client>()

beforeAll(async () => {
  const { value, table } = await recordRoutes(() => openCounter())
  hall = value
  const own = table.filter(({ path }) => path.startsWith('/counter/'))
  routes = routesOf(hall.app, own)
  unknown = describedOnly(hall.app, own)
  await hall.hire('clerk', ['clerk'])
  await hall.hire('boss', ['supervisor'])
  await hall.hire('fresh', hallRoles, { fresh: true })
  await hall.hire('gone', hallRoles)
  for (const login of ['clerk', 'boss', 'fresh', 'gone'])
    clients.set(login, await hall.signIn(login))
  await hall.staff.people.disable('gone', 'Chen Li')
})
afterAll(() => hall?.close())

/** No session of the stage ends by the matrix itself. */
const isEnd = (route: Route) => route.method === 'DELETE'

async function call(route: Route, login: string | null, headers: Record<string, string> = {}) {
  const [body] = bodiesOf(route, 1)
  const path = urlOf(route, nothing).replace('/counter/api', '')
  const given = { body, headers: { 'idempotency-key': 'matrix-key-1', ...headers } }
  const client = login === null ? undefined : clients.get(login)
  return client ? client.send(route.method, path, given) : hall.send(route.method, path, given)
}

test('every route is described, and the description has no other', () => {
  expect(routes.length).toBeGreaterThan(25)
  expect(routes.filter((route) => !route.described).map(nameOf)).toEqual([])
  expect(unknown).toEqual([])
  const open = routes.filter(({ described }) => described?.security?.length === 0)
  expect(open.map(nameOf)).toEqual(['POST /counter/api/session'])
  for (const { described } of routes)
    expect(described?.security?.flatMap((one) => Object.keys(one)) ?? []).toEqual(
      described?.security?.length === 0 ? [] : ['counterSession'],
    )
})

test('nobody comes in without a session that lasts, with another role, or without the token', async () => {
  const before = await fingerprints(hall.db, ['staff_session'])
  const wrong: string[] = []
  const expects = async (
    route: Route,
    who: string,
    expected: number,
    answer: Promise<{ status: number }>,
  ) => {
    const { status } = await answer
    if (status !== expected) wrong.push(`${nameOf(route)} answers ${who} with ${status}`)
  }
  for (const route of routes.filter((one) => one.described?.security?.length !== 0)) {
    await expects(route, 'nobody', 401, call(route, null))
    await expects(
      route,
      'a forged cookie',
      401,
      call(route, null, { cookie: `counter=${'a'.repeat(43)}` }),
    )
    await expects(route, 'a bearer', 401, call(route, null, { authorization: 'Bearer x' }))
    await expects(route, 'who was dismissed', 401, call(route, 'gone'))
    const role = allowed(route)
    if (role !== 'clerk' && role !== undefined)
      await expects(route, 'a clerk', 403, call(route, 'clerk'))
    if (role === 'clerk') await expects(route, 'a supervisor', 403, call(route, 'boss'))
    if (!route.path.includes('/session'))
      await expects(route, 'who has an initial password', 403, call(route, 'fresh'))
    if (route.method !== 'GET')
      await expects(
        route,
        'a clerk’s page of another site',
        403,
        call(route, 'clerk', { 'x-csrf-token': 'x' }),
      )
  }
  expect(wrong).toEqual([])
  expect(await fingerprints(hall.db, ['staff_session'])).toEqual(before)
})

test('lets those in whom it is for, and breaks for none of them', async () => {
  const wrong: string[] = []
  for (const route of routes.filter((one) => !isEnd(one) && one.described?.security?.length !== 0))
    for (const [login, role] of [
      ['clerk', 'clerk'],
      ['boss', 'supervisor'],
    ] as const) {
      if ((allowed(route) ?? role) !== role) continue
      const { status, body } = await call(route, login)
      const isTold = status < 400 || typeof body?.type === 'string'
      const isTheDoor = status === 401 && !route.path.endsWith('/password')
      if (isTheDoor || status >= 500 || !isTold || body?.type === '/problems/role_missing')
        wrong.push(`${nameOf(route)} answers a ${role} with ${status} ${JSON.stringify(body)}`)
    }
  expect(wrong).toEqual([])
})

test('what does not fit is a problem of RFC 9457 that names the field', async () => {
  const clerk = clients.get('clerk') as Client
  const answer = await clerk.post('/acts/cash-in', { msisdn: '13900010001', amount: '0.5' })
  expect(answer.status).toBe(422)
  expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  expect(answer.body).toMatchObject({
    ...{ type: '/problems/invalid_request', status: 422 },
    errors: [{ field: 'amount' }],
  })
  const keyless = await clerk.send('POST', '/acts/cash-in', {
    body: { msisdn: '13900010001', amount: '50' },
  })
  expect([keyless.status, keyless.body.errors[0].field]).toEqual([422, 'idempotency-key'])
  for (const [path, body] of [
    ['/acts/cash-in', { msisdn: '13900010001', amount: '0' }],
    ['/acts/cash-in', { msisdn: '13900010001', amount: '50', extra: 1 }],
    ['/till/open', { desk: '3', counts: { 300: 1 } }],
    ['/till/open', { desk: '3', counts: { 100: 1.5 } }],
    ['/session/password', { current: 'a', next: 'b', code: '12345' }],
  ] as const)
    expect([path, (await clerk.post(path, body)).status]).toEqual([path, 422])
  const noNumber = await clerk.post('/customers/find', { msisdn: '12345' })
  expect([noNumber.status, noNumber.body.code]).toEqual([422, 'CT-11'])
})
