/**
 * The door of the HTTP server: it decides by method, address and the bearer's words alone, before
 * anything of a request is read, routed or believed, because whoever refuses most of what comes must
 * do it cheaply. The class of a request is what its route says: `config: { admission: 'order' }`.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { RouteOptions } from 'fastify'
import type { Admission, AdmissionRefusal } from './admission.ts'
import { createRouteClasses } from './route-classes.ts'

export interface Edge {
  /** Makes the server that `handle` sits behind. */
  serverFor(handle: (request: IncomingMessage, reply: ServerResponse) => void): Server
  /** Told of every route before it is served. */
  learn(route: RouteOptions): void
  /** Ends what has been under way for longer than anybody may take over an answer. */
  endSlow(now: number): void
  close(): void
}

const keepAliveMs = 65_000
const requestMs = 30_000
/** Each costs a file descriptor and some kilobytes, also when it is silent. */
const connectionsMax = 10_000
/** Who takes longer to read an answer gets another connection, and the next one this place. */
const answerMaxMs = 5 * 60_000
const sweepEveryMs = 10_000

export function createEdge(admission: Admission): Edge {
  const classes = createRouteClasses()
  const underWay = new Map<IncomingMessage, number>()
  const endSlow = (now: number) => {
    for (const [request, since] of underWay) if (now - since > answerMaxMs) request.socket.destroy()
  }
  const sweeper = setInterval(() => endSlow(performance.now()), sweepEveryMs).unref()

  function admit(request: IncomingMessage, reply: ServerResponse): boolean {
    const requestClass = classes.of(request.method ?? '', request.url ?? '')
    if (requestClass === 'always') return true
    const leave = admission.enter(requestClass, bearerOf(request.rawHeaders))
    if (typeof leave === 'string') {
      const { status, headers, body } = answers[leave]
      reply.writeHead(status, headers)
      reply.end(body)
      return false
    }
    if (requestClass !== 'stream') underWay.set(request, performance.now())
    reply.once('close', () => {
      leave()
      underWay.delete(request)
    })
    return true
  }

  return {
    serverFor(handle) {
      const server = createServer((request, reply) => {
        if (admit(request, reply)) handle(request, reply)
      })
      server.keepAliveTimeout = keepAliveMs
      server.requestTimeout = requestMs
      server.maxConnections = connectionsMax
      return server
    },
    learn: classes.learn,
    endSlow,
    close: () => clearInterval(sweeper),
  }
}

/** Whoever it says it is: not yet believed, but a share of the places is kept for each such name. */
function bearerOf(rawHeaders: readonly string[]): string {
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (name.length === 13 && name.toLowerCase() === 'authorization')
      return rawHeaders[at + 1] ?? ''
  }
  return ''
}

/** `code` and `message` are what CAMARA's form of an error asks for; RFC 9457 allows them here. */
const answerOf = (status: number, problem: Readonly<Record<string, string>>) => {
  const body = JSON.stringify({ ...problem, status })
  const headers = [
    ['content-type', 'application/problem+json; charset=utf-8'],
    ['content-length', String(Buffer.byteLength(body))],
    ['retry-after', '1'],
  ].flat()
  return { status, headers, body }
}

const answers: Readonly<Record<AdmissionRefusal, ReturnType<typeof answerOf>>> = {
  share: answerOf(429, {
    type: '/problems/too_many_at_once',
    title: 'Too many of your requests are under way',
    detail: 'Nothing was done. Send the same request again later.',
    code: 'TOO_MANY_REQUESTS',
    message: 'Too many of your requests are under way.',
  }),
  full: answerOf(503, {
    type: '/problems/overloaded',
    title: 'Too many requests are under way',
    detail: 'Nothing was done. Send the same request again later.',
    code: 'UNAVAILABLE',
    message: 'Too many requests are under way. Nothing was done.',
  }),
}
