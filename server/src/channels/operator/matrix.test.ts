/** Every route of the operator with everybody who may come to it, from the server's own table of routes. */
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
import { asProgram } from '../../../test/operator-people.ts'
import { operatorToo } from '../../../test/operator-routes.ts'
import { operatorRoles } from '../../staff/index.ts'

const readers = ['viewer', 'operator', 'supervisor']
type Allowed = readonly [route: RegExp, roles: readonly string[], token: boolean]

/** Who may use it, by hand: the first that fits. A route that none fits fails the test. */
const matrix: readonly Allowed[] = [
  [/ \/operator\/session/, operatorRoles, false],
  [/ \/operator\/people/, ['admin'], false],
  [/^GET /, readers, true],
  [/^POST .*\/wallets\/find$/, readers, true],
  [/^POST .*-acts\/:id\/(approve|decline)$/, ['operator', 'supervisor'], false],
  [/^POST .*-differences\/:id\/acts$/, ['operator'], false],
  [/^POST .*\/banks\/:bank\/days\/:day\/complete$/, ['operator'], false],
  [/^POST .*\/movements\/:id\/resolve$/, ['operator'], false],
  [/^(PUT|POST) .*\/top-up-voucher-batches\//, ['operator'], false],
  [/^PUT .*\/points-adjustments\/:key$/, ['operator'], false],
  [/ \/operator\/(applications|merchants|clients|subscribers|wallets)(\/|$)/, ['operator'], true],
  [/ \/operator\/(lists|policy|points)(\/|$)/, ['operator'], true],
]
const nameOf = ({ method, path }: Route) => `${method} ${path}`
const allowed = (route: Route) => matrix.find(([name]) => name.test(nameOf(route)))

let hall: CounterStage
let routes: readonly Route[]
let unknown: readonly string[]
const people = new Map<string, Client>()

beforeAll(async () => {
  const { value, table } = await recordRoutes(() => openCounter(undefined, operatorToo()))
  hall = value
  const own = table.filter(({ path }) => path.startsWith('/operator/'))
  routes = routesOf(hall.app, own)
  unknown = describedOnly(
    hall.app,
    table.filter(({ path }) => /^\/(operator|counter)\//.test(path)),
  )
  for (const role of operatorRoles) await hall.hire(role, [role])
  await hall.hire('fresh', ['viewer', 'operator', 'supervisor'], { fresh: true })
  await hall.hire('gone', ['viewer', 'operator', 'supervisor'])
  await hall.hire('clerk', ['clerk'])
  for (const login of [...operatorRoles, 'fresh', 'gone'])
    people.set(login, await hall.operator.signIn(login))
  people.set('clerk', await hall.signIn('clerk'))
  await hall.staff.people.disable('gone', 'Chen Li')
})
afterAll(() => hall?.close())

const closed = () => routes.filter(({ described }) => described?.security?.length !== 0)

async function call(route: Route, headers: Readonly<Record<string, string>>) {
  const [body] = bodiesOf(route, 1)
  const path = urlOf(route, nothing).replace('/operator', '')
  return hall.operator.send(route.method, path, { body, headers })
}
const asIs = (login: string) => {
  const { cookie = '', csrfToken = '' } = people.get(login) ?? {}
  return { cookie, 'x-csrf-token': csrfToken }
}

test('every route has its place in the matrix and in the description, and the two agree', () => {
  expect(routes.length).toBeGreaterThan(60)
  expect(routes.filter((route) => !route.described || !allowed(route)).map(nameOf)).toEqual([])
  expect(unknown).toEqual([])
  const open = routes.filter((route) => !closed().includes(route))
  expect(open.map(nameOf)).toEqual(['POST /operator/session'])
  for (const route of closed()) {
    const ways = allowed(route)?.[2] ? ['operatorToken', 'operatorSession'] : ['operatorSession']
    expect([nameOf(route), route.described?.security?.flatMap(Object.keys)]).toEqual([
      nameOf(route),
      ways,
    ])
  }
})

test('nobody comes in without a session that lasts, with another role, or without the page’s token', async () => {
  const before = await fingerprints(hall.db, ['staff_session'])
  const wrong: string[] = []
  const { 'x-csrf-token': _, ...bare } = asIs('operator')
  for (const route of closed()) {
    const [, roles = [], token] = allowed(route) ?? []
    const cookie = asIs('clerk').cookie
    const strangers: [who: string, headers: Record<string, string>, status: number][] = [
      ['nobody', {}, 401],
      ['a forged cookie', { cookie: `operator=${'a'.repeat(43)}` }, 401],
      ['a cookie of the counter', asIs('clerk'), 401],
      ['a clerk', { ...asIs('clerk'), cookie: cookie.replace('counter', 'operator') }, 403],
      ['who was dismissed', asIs('gone'), 401],
    ]
    for (const role of operatorRoles.filter((one) => !roles.includes(one)))
      strangers.push([`who is only ${role}`, asIs(role), 403])
    if (!route.path.startsWith('/operator/session'))
      strangers.push(['who has an initial password', asIs('fresh'), 403])
    if (!token) strangers.push(['a program', asProgram, 403])
    if (route.method !== 'GET') strangers.push(['another site', bare, 403])
    for (const [who, headers, expected] of strangers) {
      const { status } = await call(route, headers)
      if (status !== expected) wrong.push(`${nameOf(route)} answers ${who} with ${status}`)
    }
  }
  expect(wrong).toEqual([])
  expect(await fingerprints(hall.db, ['staff_session'])).toEqual(before)
})

test('lets those in whom it is for, and breaks for none of them', async () => {
  const wrong: string[] = []
  const doors = ['session_missing', 'role_missing', 'person_needed', 'foreign_request']
  // Signing out ends what the others need.
  for (const route of closed().filter(({ path }) => !path.startsWith('/operator/session'))) {
    const [, roles = [], token] = allowed(route) ?? []
    const who: [string, Record<string, string>][] = roles.map((role) => [role, asIs(role)])
    if (token) who.push(['a program', asProgram])
    for (const [name, headers] of who) {
      const { status, body } = await call(route, headers)
      const isTurnedAway = doors.some((type) => body?.type === `/problems/${type}`)
      if (isTurnedAway || status >= 500 || (status >= 400 && typeof body?.type !== 'string'))
        wrong.push(`${nameOf(route)} answers ${name} with ${status} ${JSON.stringify(body)}`)
    }
  }
  expect(wrong).toEqual([])
})
