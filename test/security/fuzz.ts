/**
 * Requests made from the server's own schemas: fitting, nearly fitting and hostile. Whatever comes, the
 * answer is a success or a problem of the described form; the process lives, and nobody else's answer
 * is split or poisoned.
 */
import fc, { type Arbitrary } from 'fast-check'
import { almost, fitting, hostile, rawBodies } from './arbitrary.ts'
import { bodiesOf, nothing, urlOf } from './requests.ts'
import type { Route } from './routes.ts'
import { operatorToken, type Stage } from './stage.ts'

export interface Shot {
  readonly route: Route
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string | undefined
}

const oddIds = fc.oneof(
  fc.constantFrom(
    ...[
      '..',
      '../x',
      '%2e%2e%2f',
      '%00',
      '%ff%fe',
      '%E2%80%AE',
      '0',
      '-1',
      "'",
      '%22',
      '{}',
      '%zz',
    ],
    ...['0'.repeat(300), nothing.payment.toUpperCase(), `${nothing.payment}%0d%0aX: y`, '１', '%'],
  ),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => {
    return encodeURIComponent(Buffer.from(text).toString())
  }),
)
const oddHeaders: Arbitrary<Record<string, string>> = fc
  .array(
    fc.tuple(
      fc.constantFrom(
        ...['idempotency-key', 'x-correlator', 'x-operator', 'accept-language', 'cookie'],
        ...['x-forwarded-for', 'x-forwarded-proto', 'content-type', 'accept', 'range', 'origin'],
      ),
      fc.oneof(
        fc.constantFrom(
          ...['', 'x'.repeat(4_000), 'a,b;c="', 'text/xml', 'application/json; charset=utf-16'],
          ...['multipart/form-data', 'application/x-www-form-urlencoded', '__proto__', '127.0.0.1'],
        ),
        fc.string({ unit: fc.integer({ min: 32, max: 126 }).map((n) => String.fromCharCode(n)) }),
      ),
    ),
    { maxLength: 2 },
  )
  .map((pairs) => Object.fromEntries(pairs))

function payloadOf(route: Route): Arbitrary<string | undefined> {
  const schema = route.described?.requestBody?.content['application/json']?.schema
  if (route.method === 'GET') return fc.constant(undefined)
  if (schema === undefined) return fc.oneof(fc.constant(undefined), rawBodies)
  const json = (value: unknown) => JSON.stringify(value) ?? 'null'
  return fc.oneof(
    { weight: 2, arbitrary: fitting(schema).map(json) },
    { weight: 5, arbitrary: almost(schema).map(json) },
    { weight: 1, arbitrary: rawBodies },
  )
}

const queryOf = (route: Route): Arbitrary<string> => {
  const names = (route.described?.parameters ?? [])
    .filter((parameter) => parameter.in === 'query')
    .map((parameter) => parameter.name)
  if (names.length === 0) return fc.constantFrom('', '?x=1')
  return fc
    .array(fc.tuple(fc.constantFrom(...names), hostile), { maxLength: 2 })
    .map((pairs) =>
      pairs.length === 0
        ? ''
        : `?${pairs.map(([name, value]) => `${name}=${encodeURIComponent(Buffer.from(JSON.stringify(value) ?? '').toString())}`).join('&')}`,
    )
}

/** Who is let in, so that the shots reach what lies behind the door. */
function bearerOf(route: Route, stage: Stage): string | undefined {
  if (route.path.startsWith('/operator')) return operatorToken
  if (/^\/(carrier|sandbox|mobile-money)/.test(route.path)) return stage.tokens.games
  return route.path.startsWith('/v1') ? stage.keys.games : undefined
}

/** Of a browser with our own page. */
const ownApp = ({ cookie }: Stage) => ({ cookie, 'x-telepurse': 'app' })

/** A stream stays open, and what signs out or switches a client, a merchant or a channel off would end the shooting. */
const left =
  /\/stream$|\/events$|\/sessions\/current$|\/operator\/(clients\/|policy$|merchants\/:id(\/status)?$)/

export function shots(stage: Stage): Arbitrary<Shot> {
  const routes = stage.routes.filter(({ path }) => !left.test(path))
  return fc.constantFrom(...routes).chain((route) => {
    const bearer = bearerOf(route, stage)
    const [valid] = bodiesOf(route, 1)
    return fc.record({
      route: fc.constant(route),
      url: fc.oneof(
        { weight: 3, arbitrary: queryOf(route).map((q) => urlOf(route, stage.things.games) + q) },
        { weight: 1, arbitrary: oddIds.map((id) => route.path.replace(/:\w+|\*/, id)) },
      ),
      headers: oddHeaders.map((odd) => ({
        'content-type': 'application/json',
        'x-operator': 'Fuzz',
        'idempotency-key': 'fuzz-key-1',
        'x-correlationid': nothing.payment,
        ...odd,
        ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
        ...(route.path.startsWith('/consumer') && ownApp(stage)),
      })),
      payload: fc.oneof(
        { weight: 5, arbitrary: payloadOf(route) },
        { weight: 1, arbitrary: fc.constant(valid && JSON.stringify(valid)) },
      ),
    })
  })
}

/** Statuses with which a server says that it knows what it does; 503 only where the carrier is away. */
const carrierAway = /carrier_away|UNAVAILABLE/

/** These have forms of their own. */
const described = /^\/(oauth|docs|assets|metrics)/
const inside = /node_modules|\n +at |PostgresError|\bselect [\w, .*]{1,80} from /i

/** What is wrong with the answer to a shot; undefined when nothing is. */
export async function complaintAbout(stage: Stage, shot: Shot): Promise<string | undefined> {
  const { route, url, headers, payload } = shot
  const answer = await stage.app.inject({
    method: route.method as 'GET',
    url,
    headers,
    ...(payload !== undefined && { payload }),
  })
  const { statusCode, body } = answer
  const told = `${route.method} ${url}: ${statusCode} ${body.slice(0, 300)}`
  if (statusCode >= 500 && !(statusCode === 503 && carrierAway.test(body))) return told
  if ('set-cookie' in answer.headers && !url.startsWith('/oauth')) return `${told} sets a cookie`
  if (!described.test(url) && inside.test(body.slice(0, 2_000)))
    return `${told} tells of our inside`
  if (statusCode < 400 || described.test(url)) return undefined
  return isProblem(answer.headers['content-type'], body, statusCode) ? undefined : told
}

/** RFC 9457, or the forms of CAMARA and of mobile money, which has no status in it. */
function isProblem(type: unknown, body: string, status: number): boolean {
  if (!/json/.test(String(type))) return false
  const problem = JSON.parse(body) as Readonly<Record<string, unknown>>
  if (typeof problem.errorCategory === 'string') return typeof problem.errorCode === 'string'
  return (
    problem.status === status &&
    (typeof problem.title === 'string' || typeof problem.code === 'string')
  )
}
