/** The billers' protocol over HTTP: one port, `/<code>` before every path, every request signed. */
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify'
import type { Book } from './book.ts'
import { type Answer, failure } from './contract.ts'
import { deliver, send } from './delivery.ts'
import * as desk from './desk.ts'
import type { FaultPlan, Verb } from './fault.ts'
import { isSigned } from './signature.ts'

export interface ServerOptions {
  readonly books: ReadonlyMap<string, Book>
  readonly tools: desk.Tools
  readonly faults: FaultPlan
}

interface Operation {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly verb: Verb
  /** What an answer names, whatever it is; undefined when the request is malformed. */
  readonly ids: (request: Fields) => Readonly<Record<string, string>> | undefined
  readonly work: (options: ServerOptions & { readonly book: Book }, request: Fields) => Answer
}
type Fields = Readonly<Record<string, unknown>>

const bodyMax = 16_384
/** A request is taken for so long after its time, and before it. */
const clockMs = 5 * 60_000

const paymentIds = ({ paymentNo }: Fields) =>
  typeof paymentNo === 'string' && /^[A-Za-z0-9-]{1,64}$/.test(paymentNo)
    ? { paymentNo }
    : undefined
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

const operations: readonly Operation[] = [
  {
    ...{ method: 'POST', url: '/inquiries', verb: 'inquire' },
    ids: ({ accountNo }) => (typeof accountNo === 'string' ? { accountNo } : undefined),
    work: ({ book }, { accountNo }) => desk.inquire(book, text(accountNo)),
  },
  {
    ...{ method: 'POST', url: '/payments/:paymentNo', verb: 'pay', ids: paymentIds },
    work({ book, tools }, { paymentNo, accountNo, billNo, amount, notAfter }) {
      const until = Date.parse(text(notAfter))
      if (!/^[1-9]\d{0,11}$/.test(text(amount)) || Number.isNaN(until))
        return failure('bad_request', { paymentNo: text(paymentNo) })
      const content = { accountNo: text(accountNo), billNo: text(billNo) }
      const request = { ...content, amount: BigInt(text(amount)), notAfter: until }
      return desk.pay(book, tools, text(paymentNo), request)
    },
  },
  {
    ...{ method: 'GET', url: '/payments/:paymentNo', verb: 'query', ids: paymentIds },
    work: ({ book }, { paymentNo }) => desk.query(book, text(paymentNo)),
  },
  {
    ...{ method: 'POST', url: '/payments/:paymentNo/reverse', verb: 'reverse', ids: paymentIds },
    work: ({ book, tools }, { paymentNo }) => desk.reverse(book, tools, text(paymentNo)),
  },
]

export function createBillerServer(options: ServerOptions) {
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
    /** Opens the port (0: any free one) and gives its number. */
    async open(host: string, port: number): Promise<number> {
      app = createApp(options, later)
      return Number(new URL(await app.listen({ host, port })).port)
    },
    /** Closes the port and cuts every connection; calls not yet answered stay unanswered. */
    async close(): Promise<void> {
      for (const timer of timers) clearTimeout(timer)
      timers.clear()
      await app?.close()
      app = undefined
    },
  }
}

type Later = (ms: number, task: () => void) => void

function createApp(options: ServerOptions, later: Later): FastifyInstance {
  const app = Fastify({ bodyLimit: bodyMax, forceCloseConnections: true })
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) =>
    done(null, String(body)),
  )
  for (const operation of operations)
    app.route({
      method: operation.method,
      url: `/:code${operation.url}`,
      handler: (request, reply) => handle(options, operation, { request, reply, later }),
    })
  app.get('/:code/files/:date', (request, reply) => {
    const { faults, tools } = options
    const found = admitted(options, request)
    if (!found) return refuse(request, reply)
    const { book } = found
    const { date = '' } = request.params as { date?: string }
    const fault = faults.take('file', book.biller.code)
    const work = () => desk.file(book, tools, date, fault?.fileFault)
    deliver({ ...callOf(book, request, reply), later, ids: { date }, work }, fault)
    return reply
  })
  return app
}

function handle(
  options: ServerOptions,
  { verb, ids: idsOf, work }: Operation,
  { request, reply, later }: { request: FastifyRequest; reply: FastifyReply; later: Later },
) {
  const found = admitted(options, request)
  if (!found) return refuse(request, reply)
  const { book, fields } = found
  const ids = idsOf(fields) ?? {}
  const call = callOf(book, request, reply)
  const isMalformed = Object.keys(ids).length === 0
  const done = () => (isMalformed ? failure('bad_request', {}) : work({ ...options, book }, fields))
  deliver({ ...call, later, ids, work: done }, options.faults.take(verb, book.biller.code))
  return reply
}

const callOf = ({ biller }: Book, request: FastifyRequest, reply: FastifyReply) => ({
  ...{ reply, requestId: header(request, 'request-id'), secret: biller.secret },
})

const header = ({ headers }: FastifyRequest, name: string) => text(headers[name])

/** Whose request it is, if it is signed and of now. */
function admitted({ books, tools }: ServerOptions, request: FastifyRequest) {
  const { code = '', ...named } = request.params as Record<string, string>
  const book = books.get(code)
  const body = text(request.body)
  const [requestId, time] = [header(request, 'request-id'), header(request, 'request-time')]
  const signed = { method: request.method, path: request.url, requestId, time, body }
  if (!book || !isSigned(book.biller.secret, signed, header(request, 'signature'))) return undefined
  if (Math.abs(Number(time) - tools.now()) > clockMs) return undefined
  const fields = { ...readObject(body), ...named }
  return { book, fields }
}

/** Nobody knows whose secret to sign with, so nothing is said that could be believed. */
function refuse(request: FastifyRequest, reply: FastifyReply) {
  reply.hijack()
  send({ reply, requestId: header(request, 'request-id'), secret: '' }, failure('unauthorized', {}))
  return reply
}

function readObject(body: string): Fields {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Fields) : {}
  } catch {
    return {}
  }
}
