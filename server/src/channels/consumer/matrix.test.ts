/** Every route of the app with everybody who may come to it, from the server's own table of routes. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodiesOf, nothing, urlOf } from '../../../../test/security/requests.ts'
import {
  describedOnly,
  type Route,
  recordRoutes,
  routesOf,
} from '../../../../test/security/routes.ts'
import { fingerprints } from '../../../../test/security/stage.ts'
import { type ConsumerStage, type Device, openConsumerStage } from '../../../test/consumer-stage.ts'

const nameOf = ({ method, path }: Route) => `${method} ${path}`
const isOpen = ({ described }: Route) => described?.security?.length === 0
const isChange = ({ method }: Route) => method !== 'GET'

let stage: ConsumerStage
let routes: readonly Route[]
let unknown: readonly string[]
let device: Device
let gone: Device

beforeAll(async () => {
  const { value, table } = await recordRoutes(() => openConsumerStage())
  stage = value
  const own = table.filter(({ path }) => path.startsWith('/consumer/'))
  routes = routesOf(stage.app, own)
  unknown = describedOnly(stage.app, own)
  const { msisdn } = await stage.newCustomer(100_00n)
  gone = await stage.signIn(msisdn)
  await gone.send('DELETE', '/sessions/current')
  device = await stage.signIn(msisdn)
})
afterAll(() => stage?.close())

function call(route: Route, headers: Record<string, string> = {}) {
  const [body] = bodiesOf(route, 1)
  const path = urlOf(route, nothing).replace('/consumer', '')
  return stage.send(route.method, path, { body, headers })
}

test('every route is described, and who may come without a session is said here too', () => {
  expect(routes.length).toBeGreaterThan(12)
  expect(routes.filter((route) => !route.described).map(nameOf)).toEqual([])
  expect(unknown).toEqual([])
  expect(routes.filter(isOpen).map(nameOf)).toEqual([
    'POST /consumer/codes',
    'POST /consumer/sessions',
    'POST /consumer/sessions/options',
    'POST /consumer/sessions/passkey',
  ])
  for (const { described } of routes.filter((route) => !isOpen(route)))
    expect(described?.security).toEqual([{ consumerSession: [] }])
})

test('whatever takes the PIN takes a passkey, but what changes how one signs in', () => {
  const takes = (name: string) => (route: Route) =>
    JSON.stringify(route.described?.requestBody ?? '').includes(`"${name}":`)
  const byPin = routes.filter(takes('pin'))
  expect(byPin.length).toBeGreaterThan(12)
  expect(byPin.filter((route) => !takes('passkey')(route)).map(nameOf)).toEqual([
    'POST /consumer/passkeys/options',
    'POST /consumer/passkeys/:id/remove',
  ])
})

test('nobody comes in without a session that lasts, or from another site, and nothing happens', async () => {
  const { cookie } = device
  const [name = ''] = cookie.split('.')
  const strangers: Readonly<Record<string, Record<string, string>>> = {
    nobody: {},
    'a forged token': { cookie: `${name}.${'a'.repeat(43)}` },
    'a cookie that is none': { cookie: 'consumer=x' },
    'another cookie': { cookie: cookie.replace('consumer', 'counter') },
    'a bearer': { authorization: `Bearer ${cookie.split('=')[1]}` },
    'who signed out': { cookie: gone.cookie },
  }
  const foreign: Readonly<Record<string, Record<string, string>>> = {
    'a page of another site': { cookie, origin: 'https://evil.example' },
    'a page that hides where it is': { cookie, origin: 'null' },
    'a form of another site': { cookie, 'sec-fetch-site': 'cross-site' },
    'a neighbour on the same domain': { cookie, 'sec-fetch-site': 'same-site' },
  }
  const before = await fingerprints(stage.db)
  const wrong: string[] = []
  for (const route of routes) {
    if (!isOpen(route))
      for (const [who, headers] of Object.entries(strangers)) {
        const { status, body } = await call(route, headers)
        if (status !== 401 || body.code !== 'AP-01')
          wrong.push(`${nameOf(route)} answers ${who} with ${status}`)
      }
    if (isChange(route))
      for (const [who, headers] of Object.entries(foreign)) {
        const { status, body } = await call(route, headers)
        if (status !== 403 || body.code !== 'AP-02')
          wrong.push(`${nameOf(route)} answers ${who} with ${status}`)
      }
  }
  expect(wrong).toEqual([])
  expect(await fingerprints(stage.db)).toEqual(before)
})

test('a change without the header of our own app is refused', async () => {
  for (const route of routes.filter(isChange)) {
    const [body] = bodiesOf(route, 1)
    const answer = await stage.app.inject({
      method: route.method as 'POST',
      url: urlOf(route, nothing),
      headers: { cookie: device.cookie, origin: 'http://localhost' },
      ...(body !== undefined && { payload: body }),
    })
    expect([nameOf(route), answer.statusCode]).toEqual([nameOf(route), 403])
  }
})

test('lets its customer in, and breaks for none of what fits', async () => {
  const wrong: string[] = []
  const stays = (route: Route) => route.method !== 'DELETE' && !route.path.endsWith('/events')
  for (const route of routes.filter(stays)) {
    const { status, body } = await call(route, { cookie: device.cookie })
    const isTold = status < 400 || typeof body?.type === 'string'
    if (status === 401 || status >= 500 || !isTold)
      wrong.push(`${nameOf(route)} answers its customer with ${status} ${JSON.stringify(body)}`)
  }
  expect(wrong).toEqual([])
})

test('what does not fit is a problem that names the field', async () => {
  const order = { cardId: nothing.payment, amount: '100', pin: '739204', key: nothing.refund }
  for (const [path, body, field] of [
    ['/top-ups', { ...order, amount: '1.00' }, 'amount'],
    ['/top-ups', { ...order, amount: '0' }, 'amount'],
    ['/top-ups', { ...order, key: 'again' }, 'key'],
    ['/top-ups', { ...order, pin: '12a456' }, 'pin'],
    ['/top-ups', { ...order, more: 1 }, ''],
    ['/withdrawals', { ...order, speed: 'now' }, 'speed'],
    ['/pin', { old: '739204', new: '1' }, 'new'],
    ['/codes', { number: 7 }, 'number'],
  ] as const) {
    const answer = await device.post(path, body)
    expect([path, answer.status]).toEqual([path, 422])
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.body.errors.map((error: { field: string }) => error.field)).toEqual([field])
  }
  const noNumber = await device.post('/codes', { number: '12345' })
  expect([noNumber.status, noNumber.body.code]).toEqual([422, 'AP-03'])
})
