/**
 * Who may do what: every route of the running server with everybody who may come to it. What is to be
 * expected follows from the kind of the route, and a route that has no kind fails the test.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engines } from '../database.ts'
import { bodiesOf, isOwned, nothing, requestOf, urlOf } from './requests.ts'
import { describedOnly, type Route } from './routes.ts'
import { fingerprints, openStage, operatorToken, type Stage } from './stage.ts'

/** `capability`: who has the address may act. `protocol`: the authorization server's own rules. */
type Kind =
  | 'api_key'
  | 'open_id'
  | 'mobile_money'
  | 'operator'
  | 'operator_person'
  | 'counter'
  | 'consumer'
  | 'metrics'
  | 'capability'
  | 'protocol'
  | 'public'

/** Routes outside the description, which is what anybody may look up. */
const hidden: readonly (readonly [path: RegExp, kind: Kind])[] = [
  [/^\/checkout\/:id(\/|$)/, 'capability'],
  [/^\/oauth\//, 'protocol'],
  [/^\/metrics$/, 'metrics'],
  [/^\/(health|ready|demo|counter|operator|app(\/\*)?|pay\/:id)?$/, 'public'],
  [/^\/(docs|assets)(\/|$)/, 'public'],
  [/^\/app(\.webmanifest|-worker\.js|-icon-\d+\.png)$/, 'public'],
]
const described: readonly (readonly [scheme: string, kind: Kind])[] = [
  ['apiKey', 'api_key'],
  ['openId', 'open_id'],
  ['operatorToken', 'operator'],
  // Not for the token; people with their roles are in the operator's own matrix.
  ['operatorSession', 'operator_person'],
  // Its people with their roles are in the counter's own matrix.
  ['counterSession', 'counter'],
  // Its customers are in the app's own matrix.
  ['consumerSession', 'consumer'],
]

function kindOf(route: Route): Kind | undefined {
  // Its clients and customers are in its own matrix.
  if (route.path.startsWith('/mobile-money/')) return 'mobile_money'
  if (route.described === undefined) return hidden.find(([path]) => path.test(route.path))?.[1]
  // Whoever signs in, at the counter or in the app, has no session yet.
  if (route.described.security?.length === 0) return 'public'
  const [security] = route.described.security ?? []
  return described.find(([scheme]) => security !== undefined && scheme in security)?.[1]
}

const scopeOf = (route: Route): readonly string[] =>
  route.described?.security?.flatMap((one) => one.openId ?? []) ?? []

const nameOf = ({ method, path }: Route) => `${method} ${path}`

const closed: readonly Kind[] = [
  ...(['api_key', 'open_id', 'mobile_money', 'operator'] as const),
  ...(['operator_person', 'counter', 'consumer', 'metrics'] as const),
]

/** Addresses that try wrong operator tokens are written down. */
const logged = ['operator_log', 'audit_head']
/** Only says that what is kept in memory must be read again. */
const caches = ['catalogue_version']

describe.runIf(engines.includes('postgres'))('every route', () => {
  let stage: Stage
  let routes: readonly Route[]
  let addresses = 0

  beforeAll(async () => {
    stage = await openStage()
    routes = stage.routes
  }, 120_000)
  afterAll(() => stage?.close())

  const of = (...kinds: readonly Kind[]) =>
    routes.filter((route) => kinds.includes(kindOf(route) as Kind))

  /** From a new address each time, so that nobody is taken for somebody who guesses. */
  async function call(
    route: Route,
    authorization: string | undefined,
    given: { things?: Stage['things']['games']; body?: object | undefined } = {},
  ) {
    addresses += 1
    const answer = await stage.app.inject({
      ...requestOf(route, {
        things: stage.things.games,
        headers: authorization === undefined ? {} : { authorization },
        ...given,
      }),
      remoteAddress: `198.51.${addresses >> 8}.${addresses & 255}`,
    })
    return { status: answer.statusCode, body: answer.body }
  }

  test('has its place in the matrix, and is described unless it is a page or a protocol of its own', () => {
    expect(routes.filter((route) => kindOf(route) === undefined).map(nameOf)).toEqual([])
    const api =
      /^\/(v1|operator|counter\/api|consumer|carrier-billing|carrier-billing-refund|mobile-money|sandbox)\//
    const secret = routes.filter((route) => api.test(route.path) && !route.described)
    expect(secret.map(nameOf)).toEqual([])
    expect(describedOnly(stage.app, stage.table)).toEqual([])
    for (const kind of ['api_key', 'open_id', 'operator', 'capability'] as const)
      expect([kind, of(kind).length]).toEqual([
        kind,
        expect.toSatisfy((count: number) => count > 4),
      ])
  })

  test('refuses who is not entitled to its kind, and nothing happens', async () => {
    await sleep(1_100)
    const { keys, tokens } = stage
    const forged = `${keys.games.slice(0, -4)}aaaa`
    const strangers: Readonly<Record<string, string | undefined>> = {
      nobody: undefined,
      'an empty header': 'Bearer ',
      'a word': 'Bearer x',
      'another scheme': `Basic ${Buffer.from(`x:${keys.games}`).toString('base64')}`,
      'a forged key': `Bearer ${forged}`,
      'a revoked key': `Bearer ${keys.revoked}`,
      'a token without its signature': `Bearer ${tokens.games.replace(/\.[^.]+$/, '.')}`,
      'a token with another signature': `Bearer ${tokens.games.slice(0, -6)}AAAAAA`,
      'an expired token': `Bearer ${tokens.short}`,
      'a token of a revoked client': `Bearer ${tokens.revoked}`,
      'a checkout page': `Bearer ${stage.things.games.checkout}`,
    }
    const entitled: Readonly<Record<string, readonly [bearer: string, kinds: readonly Kind[]]>> = {
      'a key': [keys.games, ['api_key']],
      'a token': [tokens.games, ['open_id', 'mobile_money']],
      // What it is told where a person is needed is in the operator's own matrix.
      'the operator': [operatorToken, ['operator', 'operator_person']],
    }
    const before = await fingerprints(stage.db, logged)
    const wrong: string[] = []
    for (const route of of(...closed)) {
      const kind = kindOf(route) as Kind
      const [body] = bodiesOf(route, 1)
      const others = Object.entries(entitled)
        .filter(([, [, kinds]]) => !kinds.includes(kind))
        .map(([who, [bearer]]) => [who, `Bearer ${bearer}`] as const)
      for (const [who, authorization] of [...Object.entries(strangers), ...others]) {
        const { status } = await call(route, authorization, { body })
        if (status !== 401) wrong.push(`${nameOf(route)} answers ${who} with ${status}`)
      }
      const { status } = await call(route, `Bearer ${keys.test}`, { body })
      if (status !== (kind === 'api_key' ? 403 : 401))
        wrong.push(`${nameOf(route)} answers a test key with ${status}`)
    }
    for (const route of of('open_id').filter((one) => scopeOf(one).length > 0)) {
      const [body] = bodiesOf(route, 1)
      const { status } = await call(route, `Bearer ${stage.tokens.unscoped}`, { body })
      if (status !== 403)
        wrong.push(`${nameOf(route)} answers a token without scope with ${status}`)
    }
    expect(wrong).toEqual([])
    expect(await fingerprints(stage.db, logged)).toEqual(before)
  }, 120_000)

  test('answers another owner as if there were no such thing', async () => {
    const { things, keys, tokens } = stage
    const intruders: Readonly<Record<string, readonly [kinds: Kind, bearer: string]>> = {
      'another merchant': ['api_key', keys.books],
      'another merchant’s client': ['open_id', tokens.books],
    }
    const before = await fingerprints(stage.db, caches)
    const wrong: string[] = []
    let asked = 0
    for (const [who, [kind, bearer]] of Object.entries(intruders))
      for (const route of of(kind).filter((one) => isOwned(one, things.games)))
        for (const body of bodiesOf(route, 3)) {
          asked += 1
          const found = await call(route, `Bearer ${bearer}`, { body })
          const missing = await call(route, `Bearer ${bearer}`, { body, things: nothing })
          const same =
            found.status === missing.status &&
            neutral(found.body, urlOf(route, things.games)) ===
              neutral(missing.body, urlOf(route, nothing))
          if (!same || found.status < 400)
            wrong.push(
              `${nameOf(route)}: ${who} hears ${found.status} ${found.body}, of nothing ${missing.status} ${missing.body}`,
            )
        }
    for (const route of of('capability').filter(({ path }) => !path.endsWith('/stream'))) {
      const { status } = await call(route, `Bearer ${keys.games}`, {
        things: nothing,
        body: { msisdn: '13900010001' },
      })
      if (status !== 404 && route.method !== 'GET' && status !== 422)
        wrong.push(`${nameOf(route)} of no page answers ${status}`)
    }
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(20)
    expect(await fingerprints(stage.db, caches)).toEqual(before)
  }, 120_000)

  test('lists of a merchant hold nothing of another', async () => {
    const ids = Object.values(stage.things.games)
    for (const [kind, bearer] of [
      ['api_key', stage.keys.books],
      ['open_id', stage.tokens.books],
    ] as const)
      for (const route of of(kind).filter(
        (one) => one.method === 'GET' && !/[:*]/.test(one.path),
      )) {
        const { status, body } = await call(route, `Bearer ${bearer}`)
        expect([nameOf(route), status]).toEqual([nameOf(route), 200])
        expect(ids.filter((id) => body.includes(id))).toEqual([])
      }
  })

  test('lets its owner in: the matrix would fail if it asked for things that are not there', async () => {
    const { things, keys, tokens } = stage
    const wrong: string[] = []
    const bearers = { api_key: keys.games, open_id: tokens.games, operator: operatorToken } as const
    for (const [kind, bearer] of Object.entries(bearers))
      for (const route of of(kind as Kind).filter(({ method }) => method !== 'DELETE')) {
        const [body] = bodiesOf(route, 1)
        const { status } = await call(route, `Bearer ${bearer}`, { body })
        const absent =
          (/\/operator\//.test(route.path) && status === 404) ||
          // Who sells goods only has no code for any amount.
          (route.path === '/v1/qr-code' && status === 409)
        const isFine = route.method === 'GET' ? status === 200 : ![401, 403, 404].includes(status)
        if (!isFine && !absent) wrong.push(`${nameOf(route)} answers its owner with ${status}`)
        if (status >= 500) wrong.push(`${nameOf(route)} breaks with ${status}`)
      }
    expect(wrong).toEqual([])
    const page = of('capability').find(
      ({ path, method }) => path === '/checkout/:id' && method === 'GET',
    )
    expect((await call(page as Route, undefined)).status).toBe(200)
    expect(things.games.checkout).not.toBe('')
  }, 120_000)
})

/** The address that was asked for is no hint: it is the caller's own word. */
const neutral = (body: string, url: string): string =>
  url
    .split('/')
    .reduce((text, part) => (part.length > 20 ? text.replaceAll(part, 'ID') : text), body)
