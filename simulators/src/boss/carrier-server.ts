/**
 * The carrier protocol over HTTP, described in docs/reference/carrier-http.md: a port of its own,
 * a bearer token, JSON both ways. Bad input is answered with an error and changes nothing.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Answer, answer, failure, writeCharge, writeLine, writeRefund } from './answer.ts'
import type { Billing } from './billing.ts'
import { deliver } from './delivery.ts'
import type { FaultPlan, Verb } from './fault.ts'
import { type ChargeContent, msisdnOf } from './line.ts'

type Verbs = Omit<Billing, 'close'>
type Ids = Readonly<Record<string, string>>
interface Request {
  readonly ids: Ids
  readonly body: Readonly<Record<string, unknown>>
}
interface Operation {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly verb: Verb
  /** Undefined when the request is malformed. */
  readonly work: (billing: Verbs, request: Request) => Answer | undefined
}

const bodyMax = 16_384
const chargeIdShape = /^CH\d{18}$/
const refundIdShape = /^[A-Za-z0-9_-]{1,64}$/
const amountShape = /^[1-9]\d{0,11}$/
const requestIdShape = /^[\x21-\x7e]{1,64}$/

const byCharge = (
  method: 'GET' | 'POST',
  name: string,
  verb: 'commit' | 'release' | 'reverse' | 'query',
): Operation => ({
  method,
  url: `/charges/:chargeId${name}`,
  verb,
  work: (billing, { ids }) => answer(billing[verb](ids.chargeId ?? ''), ids, writeCharge),
})

const operations: readonly Operation[] = [
  {
    method: 'GET',
    url: '/lines/:msisdn',
    verb: 'line',
    work: (billing, { ids }) => answer(billing.line(ids.msisdn ?? ''), ids, writeLine),
  },
  {
    method: 'POST',
    url: '/charges/:chargeId/reserve',
    verb: 'reserve',
    work(billing, { ids, body }) {
      const content = readContent(body)
      return content && answer(billing.reserve(ids.chargeId ?? '', content), ids, writeCharge)
    },
  },
  byCharge('POST', '/commit', 'commit'),
  byCharge('POST', '/release', 'release'),
  byCharge('POST', '/reverse', 'reverse'),
  byCharge('GET', '', 'query'),
  {
    method: 'POST',
    url: '/charges/:chargeId/refunds/:refundId',
    verb: 'refund',
    work(billing, { ids, body }) {
      const amount = amountOf(body.amount)
      const { chargeId = '', refundId = '' } = ids
      if (amount === undefined) return undefined
      return answer(billing.refund({ chargeId, refundId, amount }), ids, writeRefund)
    },
  },
  {
    method: 'GET',
    url: '/charges/:chargeId/refunds/:refundId',
    verb: 'query_refund',
    work: (billing, { ids }) =>
      answer(billing.queryRefund(ids.chargeId ?? '', ids.refundId ?? ''), ids, writeRefund),
  },
]

export interface CarrierServer {
  /** Opens the port (0: any free one) and gives its number. */
  open(host: string, port: number): Promise<number>
  /** Closes the port and cuts every connection; calls not yet answered stay unanswered. */
  close(): Promise<void>
}

/** A server for `billing`; `faults` may spoil its answers. The token is never logged. */
export function createCarrierServer(options: {
  readonly billing: Verbs
  readonly faults: FaultPlan
  readonly token: string
}): CarrierServer {
  const timers = new Set<NodeJS.Timeout>()
  let app: FastifyInstance | undefined
  const later = (ms: number, task: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      task()
    }, ms)
    timers.add(timer)
  }
  return {
    async open(host, port) {
      app = createApp(options, later)
      const url = await app.listen({ host, port })
      return Number(new URL(url).port)
    },
    async close() {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await app?.close()
      app = undefined
    },
  }
}

function createApp(
  { billing, faults, token }: Parameters<typeof createCarrierServer>[0],
  later: (ms: number, task: () => void) => void,
): FastifyInstance {
  const app = Fastify({ bodyLimit: bodyMax, forceCloseConnections: true })
  const expected = digest(`Bearer ${token}`)
  // An empty body with a JSON content type is a verb without content, not an error.
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, text, done) => {
    done(null, readObject(String(text)))
  })
  app.addHook('onRequest', async (request, reply) => {
    if (!timingSafeEqual(digest(request.headers.authorization ?? ''), expected))
      await fail(reply, requestIdOf(request), failure('unauthorized', {}))
  })
  app.setNotFoundHandler((request, reply) =>
    fail(reply, requestIdOf(request), failure('no_such_path', {})),
  )
  app.setErrorHandler((_error, request, reply) =>
    fail(reply, requestIdOf(request), failure('bad_request', idsOf(request) ?? {})),
  )
  for (const { method, url, verb, work } of operations)
    app.route({
      method,
      url,
      handler(request, reply) {
        const requestId = requestIdOf(request)
        const ids = idsOf(request)
        const body = method === 'GET' ? {} : request.body
        if (!ids || !isObject(body)) {
          void fail(reply, requestId, failure('bad_request', ids ?? {}))
          return reply
        }
        const call = {
          reply,
          requestId,
          ids,
          later,
          work: () => work(billing, { ids, body }) ?? failure('bad_request', ids),
        }
        deliver(call, faults.take(verb))
        return reply
      },
    })
  return app
}

const fail = (reply: FastifyReply, requestId: string, { status, body }: Answer) =>
  reply.code(status).header('request-id', requestId).send(body)

const requestIdOf = (request: FastifyRequest): string => {
  const given = request.headers['request-id']
  return typeof given === 'string' && requestIdShape.test(given) ? given : '-'
}

/** The ids of the path in the form in which they are stored; undefined when one is malformed. */
function idsOf(request: FastifyRequest): Ids | undefined {
  const { msisdn, chargeId, refundId } = request.params as Partial<Record<string, string>>
  const number = msisdn === undefined ? undefined : msisdnOf(msisdn)
  if (msisdn !== undefined && number === undefined) return undefined
  if (chargeId !== undefined && !chargeIdShape.test(chargeId)) return undefined
  if (refundId !== undefined && !refundIdShape.test(refundId)) return undefined
  return {
    ...(number !== undefined && { msisdn: number }),
    ...(chargeId !== undefined && { chargeId }),
    ...(refundId !== undefined && { refundId }),
  }
}

function readContent(body: Request['body']): ChargeContent | undefined {
  const msisdn = typeof body.msisdn === 'string' ? msisdnOf(body.msisdn) : undefined
  const amount = amountOf(body.amount)
  const { merchantId, goods, merchantName, description } = body
  if (msisdn === undefined || amount === undefined || body.currency !== 'CNY') return undefined
  if (typeof merchantId !== 'string' || !/^\d{4}$/.test(merchantId)) return undefined
  if (!isText(goods, 32) || !isText(merchantName, 64) || !isText(description, 128)) return undefined
  return { msisdn, amount, merchantId, goods, merchantName, description }
}

const amountOf = (value: unknown): bigint | undefined =>
  typeof value === 'string' && amountShape.test(value) ? BigInt(value) : undefined

const isText = (value: unknown, max: number): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= max && !/\p{Cc}/u.test(value)

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function readObject(text: string): unknown {
  if (text === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
