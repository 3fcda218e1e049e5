/**
 * The carrier's billing system over HTTP (docs/reference/carrier-http.md). Each verb is one request;
 * nothing is sent twice here, because the caller stores its intent first and decides when to ask
 * again. Numbers, tokens and names are never logged: details are single words.
 */
import { type Dispatcher, Pool } from 'undici'
import { createGate, type Secret } from '../../kernel/index.ts'
import type { Carrier, CarrierAnswer } from '../../payments/index.ts'
import { type Expectation, readAnswer } from './answer.ts'
import { exchange, type Outgoing } from './exchange.ts'
import { createLink } from './link.ts'
import {
  commitVerb,
  lineVerb,
  queryRefundVerb,
  queryVerb,
  refundVerb,
  releaseVerb,
  reserveVerb,
  reverseVerb,
  type Verb,
} from './verbs.ts'

export interface HttpCarrierOptions {
  /** For example `http://127.0.0.1:8090`, with or without a path. */
  readonly baseUrl: string
  /** Bearer token. */
  readonly token: Secret
  /** How long a call waits for its turn, and then for its answer. 5000 without it. */
  readonly timeoutMs?: number
  /** Milliseconds since 1970 UTC, for health(). */
  readonly now: () => number
  /** Calls on the wire at once, each with its own kept connection. 64 without it. */
  readonly connections?: number
  /** Calls that may wait for a connection; more are `unsent`. 1024 without it. */
  readonly waitingMax?: number
  /** Another way to the carrier, such as a proxy or a mutual-TLS pool. The caller closes it. */
  readonly dispatcher?: Dispatcher
}

export interface HttpCarrier extends Carrier {
  /** Cuts the connections. Calls on the way end as `unknown`, later ones as `unsent`. */
  close(): Promise<void>
}

/** No verb throws: machinery that fails is `unsent` or `unknown`. Throws on a malformed `baseUrl`. */
export function createHttpCarrier(options: HttpCarrierOptions): HttpCarrier {
  const { token, timeoutMs = 5_000, connections = 64, waitingMax = 1_024 } = options
  const { origin, pathname } = new URL(options.baseUrl)
  const basePath = pathname.replace(/\/+$/, '')
  const pool = options.dispatcher ?? createPool(origin, connections, timeoutMs)
  const gate = createGate({ insideMax: connections, waitingMax })
  const link = createLink(options.now)
  let requests = 0
  let closed = false

  async function call<Value>(verb: Verb<Value>): Promise<CarrierAnswer<Value>> {
    if (closed) return { outcome: 'unsent', detail: 'closed' }
    const leave = await gate.enter(timeoutMs)
    // A crowded gate says nothing about the carrier, so the link does not hear of it.
    if (typeof leave === 'string') return { outcome: 'unsent', detail: leave }
    try {
      requests += 1
      const requestId = String(requests)
      const outgoing = request(verb, { basePath, requestId, token })
      const result = await exchange(pool, origin, outgoing, timeoutMs)
      const answer = meaning(result, { ...verb, requestId })
      if (answer.outcome === 'done' || answer.outcome === 'refused') link.answered()
      else link.unanswered(answer.detail)
      return answer
    } finally {
      leave()
    }
  }

  return {
    line: (msisdn) => call(lineVerb(msisdn)),
    reserve: (charge) => call(reserveVerb(charge)),
    commit: (chargeId) => call(commitVerb(chargeId)),
    release: (chargeId) => call(releaseVerb(chargeId)),
    query: (chargeId) => call(queryVerb(chargeId)),
    reverse: (chargeId) => call(reverseVerb(chargeId)),
    refund: (refund) => call(refundVerb(refund)),
    queryRefund: (chargeId, refundId) => call(queryRefundVerb(chargeId, refundId)),
    health: link.health,
    async close() {
      closed = true
      if (!options.dispatcher) await pool.destroy()
    },
  }
}

/** One request at a time on a connection: an answer too many then meets nobody else's request. */
const createPool = (origin: string, connections: number, timeoutMs: number): Pool =>
  new Pool(origin, {
    connections,
    pipelining: 1,
    keepAliveTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connect: { timeout: timeoutMs },
  })

function meaning<Value>(
  result: Awaited<ReturnType<typeof exchange>>,
  expected: Expectation<Value>,
): CarrierAnswer<Value> {
  if (result.kind === 'answered') return readAnswer(result.answer, expected)
  return { outcome: result.kind === 'unsent' ? 'unsent' : 'unknown', detail: result.detail }
}

function request<Value>(
  verb: Verb<Value>,
  { basePath, requestId, token }: { basePath: string; requestId: string; token: Secret },
): Outgoing {
  const { method, path, body } = verb
  const headers = {
    authorization: `Bearer ${token.reveal()}`,
    accept: 'application/json',
    'request-id': requestId,
  }
  const whole = `${basePath}/${path.map(encodeURIComponent).join('/')}`
  if (method === 'GET') return { method, path: whole, headers }
  const content = { ...headers, 'content-type': 'application/json' }
  return { method, path: whole, headers: content, body: JSON.stringify(body ?? {}) }
}
