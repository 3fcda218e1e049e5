/**
 * The carrier's billing system over HTTP (docs/reference/carrier-http.md). Each verb is one request,
 * and charges share one where the carrier takes lists; nothing is sent twice here, because the caller
 * stores its intent first and decides when to ask again. Numbers, tokens and names are never logged:
 * details are single words.
 */
import { type Dispatcher, Pool } from 'undici'
import { createGate, type Secret } from '../../kernel/index.ts'
import type { Carrier, CarrierAnswer, Charge } from '../../payments/index.ts'
import { createLink, type Exchange, exchange, type Outgoing } from '../http/index.ts'
import { readAnswer, readListAnswer } from './answer.ts'
import { createChargeQueue } from './charge-queue.ts'
import {
  chargeVerb,
  commitVerb,
  lineVerb,
  listRequest,
  queryRefundVerb,
  queryVerb,
  type Request,
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
  /**
   * Charges the carrier takes in one request: 1 when it takes them one by one, 0 when it only knows
   * how to reserve and commit. 100 without it.
   */
  readonly listMax?: number
  /** Another way to the carrier, such as a proxy or a mutual-TLS pool. The caller closes it. */
  readonly dispatcher?: Dispatcher
}

export interface HttpCarrier extends Carrier {
  /** Cuts the connections. Calls on the way end as `unknown`, later ones as `unsent`. */
  close(): Promise<void>
}

/** No verb throws: machinery that fails is `unsent` or `unknown`. Throws on a malformed `baseUrl`. */
export function createHttpCarrier(options: HttpCarrierOptions): HttpCarrier {
  const { token, timeoutMs = 5_000, connections = 64, waitingMax = 1_024, listMax = 100 } = options
  const { origin, pathname } = new URL(options.baseUrl)
  const basePath = pathname.replace(/\/+$/, '')
  const pool = options.dispatcher ?? createPool(origin, connections, timeoutMs)
  const gate = createGate({ insideMax: connections, waitingMax })
  const link = createLink(options.now)
  let requests = 0
  let closed = false

  async function call<Value>(verb: Verb<Value>): Promise<CarrierAnswer<Value>> {
    if (closed) return unsentClosed
    const leave = await gate.enter(timeoutMs)
    // A crowded gate says nothing about the carrier, so the link does not hear of it.
    if (typeof leave === 'string') return { outcome: 'unsent', detail: leave }
    const { result, requestId } = await send(verb)
    leave()
    const answer =
      result.kind === 'answered' ? readAnswer(result.answer, requestId, verb) : lost(result)
    tellLink([answer])
    return answer
  }

  /** Inside the gate. */
  async function send(request: Request): Promise<{ result: Exchange; requestId: string }> {
    requests += 1
    const requestId = String(requests)
    const outgoing = outgoingOf(request, { basePath, requestId, token })
    return { result: await exchange(pool, origin, outgoing, timeoutMs), requestId }
  }

  /** One request is one sign of life, or none. */
  function tellLink(answers: readonly CarrierAnswer<unknown>[]) {
    const details = answers.flatMap((answer) => ('detail' in answer ? [answer.detail] : []))
    if (details.length < answers.length) link.answered()
    else link.unanswered(details[0] ?? '')
  }

  async function sendList(charges: readonly Charge[]): Promise<CarrierAnswer<'committed'>[]> {
    const verbs = charges.map(chargeVerb)
    const [alone] = verbs.length === 1 ? verbs : []
    const { result, requestId } = await send(alone ?? listRequest(charges))
    const answers =
      result.kind !== 'answered'
        ? charges.map(() => lost(result))
        : alone
          ? [readAnswer(result.answer, requestId, alone)]
          : readListAnswer(result.answer, requestId, verbs)
    tellLink(answers)
    return answers
  }

  async function chargeInSteps(charge: Charge): Promise<CarrierAnswer<'committed'>> {
    const answer = await call(reserveVerb(charge))
    if (answer.outcome !== 'done') return answer
    if (answer.value === 'committed') return { ...answer, value: answer.value }
    return call(commitVerb(charge.chargeId))
  }

  const queue = createChargeQueue({
    ...{ gate, listMax, waitingMax, waitMs: timeoutMs },
    send: sendList,
  })
  const charge = (wanted: Charge) => {
    if (listMax === 0) return chargeInSteps(wanted)
    return wanted.isRepeated ? call(chargeVerb(wanted)) : queue(wanted)
  }

  return {
    line: (msisdn) => call(lineVerb(msisdn)),
    charge: async (wanted) => (closed ? unsentClosed : charge(wanted)),
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

const unsentClosed = { outcome: 'unsent', detail: 'closed' } as const

const lost = ({ kind, detail }: Exclude<Exchange, { kind: 'answered' }>) =>
  ({ outcome: kind === 'unsent' ? 'unsent' : 'unknown', detail }) as const

function outgoingOf(
  { method, path, body }: Request,
  { basePath, requestId, token }: { basePath: string; requestId: string; token: Secret },
): Outgoing {
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
