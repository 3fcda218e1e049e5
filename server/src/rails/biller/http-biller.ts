/**
 * A biller over HTTP (docs/reference/biller-http.md). Each verb is one signed request; nothing is sent twice here,
 * because the caller stores its intent first and decides when to ask again. Account numbers and the secret are
 * never logged: details are single words.
 */
import { type Dispatcher, Pool } from 'undici'
import type {
  Biller,
  BillerAnswer,
  BillerFile,
  BillerRefusal,
  Connected,
  Reversal,
  Standing,
} from '../../billers/index.ts'
import { createGate, type Ids } from '../../kernel/index.ts'
import { createLink, type Exchange, exchange, type Link, type Outgoing } from '../http/index.ts'
import {
  type Expectation,
  envelopeProblem,
  type Fields,
  readAnswer,
  readDue,
  readWrittenOff,
  unknown,
} from './answer.ts'
import type { BillerConfig } from './config.ts'
import { readDailyFile } from './daily-file.ts'
import { requestSignature } from './signature.ts'

export interface HttpBillerOptions {
  readonly config: BillerConfig
  readonly ids: Pick<Ids, 'random'>
  /** Milliseconds since 1970 UTC: requests are signed with their time. */
  readonly now: () => number
  /** Another way to the biller, such as a proxy or a mutual-TLS pool. The caller closes it. */
  readonly dispatcher?: Dispatcher
}

export interface HttpBiller extends Connected {
  readonly health: Link['health']
  /** Cuts the connections. Calls on the way end as `unknown`, later ones as `unsent`. */
  close(): Promise<void>
}

interface Request {
  readonly method: 'GET' | 'POST'
  /** Segments below the base URL, not yet encoded. */
  readonly path: readonly string[]
  readonly body?: object
}

const waitingMax = 1_024
/** Room for the largest file. */
const fileMax = 32 * 1024 * 1024

/** No verb throws: machinery that fails is `unsent` or `unknown`. */
export function createHttpBiller({ config, ids, now, ...options }: HttpBillerOptions): HttpBiller {
  const { facts, secret, answerMs, connections } = config
  const { origin, pathname } = new URL(config.url)
  const base = pathname.replace(/\/+$/, '')
  const pool = options.dispatcher ?? createPool(origin, connections, answerMs)
  const gate = createGate({ insideMax: connections, waitingMax })
  const link = createLink(now)
  let closed = false

  async function send<Value>(
    request: Request,
    read: (answer: Extract<Exchange, { kind: 'answered' }>, id: string) => BillerAnswer<Value>,
    answerMax?: number,
  ): Promise<BillerAnswer<Value>> {
    if (closed) return { outcome: 'unsent', detail: 'closed' }
    const leave = await gate.enter(answerMs)
    // A crowded gate says nothing about the biller, so the link does not hear of it.
    if (typeof leave === 'string') return { outcome: 'unsent', detail: leave }
    const requestId = Buffer.from(ids.random(16)).toString('hex')
    const outgoing = outgoingOf(request, requestId)
    const sent = await exchange(pool, origin, outgoing, answerMs, answerMax)
    leave()
    const answer: BillerAnswer<Value> =
      sent.kind === 'answered'
        ? read(sent, requestId)
        : { outcome: sent.kind === 'unsent' ? 'unsent' : 'unknown', detail: sent.detail }
    if ('detail' in answer) link.unanswered(answer.detail)
    else link.answered()
    return answer
  }

  function outgoingOf({ method, path, body }: Request, requestId: string): Outgoing {
    const whole = `${base}/${path.map(encodeURIComponent).join('/')}`
    const text = method === 'GET' ? '' : JSON.stringify(body ?? {})
    const time = now()
    const signed = { method, path: whole, requestId, time, body: text }
    const headers = {
      accept: 'application/json',
      'request-id': requestId,
      'request-time': String(time),
      signature: requestSignature(secret, signed),
    }
    if (method === 'GET') return { method, path: whole, headers }
    const content = { ...headers, 'content-type': 'application/json' }
    return { method, path: whole, headers: content, body: text }
  }

  const call = <Value>(request: Request, expected: Expectation<Value>) =>
    send(request, ({ answer }, requestId) => readAnswer(answer, { requestId, secret }, expected))

  const verbs: Biller = {
    inquire: (accountNo) =>
      call(
        { method: 'POST', path: ['inquiries'], body: { accountNo } },
        { ids: { accountNo }, read: readDue, errors: inquiryErrors },
      ),
    pay({ paymentNo, accountNo, billNo, amount, notAfter }) {
      const ids = { paymentNo }
      const content = { accountNo, billNo, amount: amount.toString() }
      const limit = { notAfter: new Date(notAfter).toISOString() }
      const request = { method: 'POST', path: ['payments', paymentNo] } as const
      return call(
        { ...request, body: { ...content, ...limit } },
        {
          ids,
          read: (fields) =>
            isState(fields, 'written_off') && holds(fields, content)
              ? readWrittenOff(fields)
              : undefined,
          errors: payErrors,
        },
      )
    },
    query: (paymentNo) =>
      call(
        { method: 'GET', path: ['payments', paymentNo] },
        { ids: { paymentNo }, read: readStanding, errors: queryErrors },
      ),
    reverse: (paymentNo) =>
      call(
        { method: 'POST', path: ['payments', paymentNo, 'reverse'] },
        { ids: { paymentNo }, read: readReversal, errors: new Map() },
      ),
    file: (date) =>
      send<BillerFile | null>(
        { method: 'GET', path: ['files', date] },
        ({ answer }, requestId) => {
          const problem = envelopeProblem(answer, requestId, secret)
          if (problem !== undefined) return unknown(problem)
          if (answer.status !== 200)
            return readAnswer<BillerFile | null>(answer, { requestId, secret }, notReady(date))
          const file = readDailyFile(answer.body, facts.code)
          if (!file.ok) return unknown(`file_${file.refusal}`)
          return file.value.date === date
            ? { outcome: 'done', value: file.value }
            : unknown('file_other_date')
        },
        fileMax,
      ),
  }
  return {
    ...verbs,
    facts,
    health: link.health,
    async close() {
      closed = true
      if (!options.dispatcher) await pool.destroy()
    },
  }
}

/** One request at a time on a connection: an answer too many then meets nobody else's request. */
const createPool = (origin: string, connections: number, connectMs: number): Pool =>
  new Pool(origin, {
    ...{ connections, pipelining: 1, keepAliveTimeout: 10_000, headersTimeout: 0, bodyTimeout: 0 },
    connect: { timeout: connectMs },
  })

const isState = ({ state }: Fields, wanted: string) => state === wanted
const holds = (fields: Fields, wanted: Readonly<Record<string, string>>) =>
  Object.entries(wanted).every(([name, value]) => fields[name] === value)

function readStanding(fields: Fields): Standing | undefined {
  if (isState(fields, 'not_written_off')) return { state: 'not_written_off' }
  const written = isState(fields, 'written_off') ? readWrittenOff(fields) : undefined
  return written && { state: 'written_off', ...written }
}

function readReversal(fields: Fields): Reversal | undefined {
  if (isState(fields, 'reversed')) return { state: 'reversed' }
  const written = isState(fields, 'written_off') ? readWrittenOff(fields) : undefined
  return written && { state: 'written_off', ...written }
}

const same = (codes: readonly BillerRefusal[]) => codes.map((code) => [code, code] as const)

const inquiryErrors = new Map<string, BillerRefusal>(
  same([
    ...(['account_unknown', 'nothing_due', 'number_unknown', 'batch_window', 'too_late'] as const),
    ...(['too_many', 'last_unfinished', 'card_not_loaded', 'refused'] as const),
  ]),
)
/** An error that is missing here leaves the payment unknown: a new word cannot be mistaken for a no. */
const payErrors = new Map<string, BillerRefusal>([
  ...same([
    ...(['account_unknown', 'nothing_due', 'number_unknown', 'batch_window', 'too_late'] as const),
    ...(['too_many', 'last_unfinished', 'card_not_loaded', 'bill_changed', 'refused'] as const),
  ]),
  // It was taken back before it came, or came after its time: it can be written off no more.
  ...(['reversed', 'expired'] as const).map((code) => [code, 'refused'] as const),
])
const notReady = (date: string): Expectation<BillerFile | null> => ({
  ...{ ids: { date }, read: () => undefined },
  errors: new Map([['file_not_ready', { value: null }]]),
})
const queryErrors = new Map<string, { readonly value: Standing }>([
  ['payment_not_found', { value: { state: 'not_found' } }],
])
