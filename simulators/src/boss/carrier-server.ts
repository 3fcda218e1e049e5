/**
 * The carrier protocol over HTTP, described in docs/reference/carrier-http.md: a port of its own,
 * a bearer token, JSON both ways. Bad input is answered with an error and changes nothing.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify'
import { type Answer, answer, failure, writeCharge, writeLine, writeRefund } from './answer.ts'
import type { Billing } from './billing.ts'
import { deliverList, listMax, readList } from './charge-list.ts'
import { deliver } from './delivery.ts'
import type { FaultPlan, Verb } from './fault.ts'
import {
  amountOf,
  type Fields,
  type Ids,
  idsOf,
  isObject,
  readContent,
  readObject,
  requestIdOf,
} from './request.ts'

type Verbs = Omit<Billing, 'close'>
interface Request {
  readonly ids: Ids
  readonly body: Fields
}
interface Operation {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly verb: Verb
  /** Undefined when the request is malformed. */
  readonly work: (billing: Verbs, request: Request) => Answer | undefined
}

const bodyMax = 16_384
/** A charge has at most 2 kB, whatever its words are. */
const listBodyMax = listMax * 2_048

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

const byContent = (name: string, verb: 'reserve' | 'charge'): Operation => ({
  method: 'POST',
  url: `/charges/:chargeId${name}`,
  verb,
  work(billing, { ids, body }) {
    const content = readContent(body)
    return content && answer(billing[verb](ids.chargeId ?? '', content), ids, writeCharge)
  },
})

const operations: readonly Operation[] = [
  {
    method: 'GET',
    url: '/lines/:msisdn',
    verb: 'line',
    work: (billing, { ids }) => answer(billing.line(ids.msisdn ?? ''), ids, writeLine),
  },
  byContent('/reserve', 'reserve'),
  byContent('', 'charge'),
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
  app.post('/charges', { bodyLimit: listBodyMax }, (request, reply) => {
    const requestId = requestIdOf(request)
    const charges = readList(billing, request.body)
    if (!charges) return fail(reply, requestId, failure('bad_request', {}))
    deliverList({ reply, requestId, later }, charges, () => faults.take('charge'))
    return reply
  })
  return app
}

const fail = (reply: FastifyReply, requestId: string, { status, body }: Answer) =>
  reply.code(status).header('request-id', requestId).send(body)

const digest = (text: string): Uint8Array => createHash('sha256').update(text).digest()
