/**
 * The way to the carrier and its billing system at the other end, as a dispatcher for the HTTP rail:
 * real requests and answers, the simulator's own books, and every misfortune a network can have.
 */
import type { Dispatcher } from 'undici'
import {
  type Answer,
  answer,
  failure,
  writeCharge,
  writeLine,
  writeRefund,
} from '../../simulators/src/boss/answer.ts'
import { type Billing, createBilling } from '../../simulators/src/boss/billing.ts'
import type { Fault, FaultKind, Verb } from '../../simulators/src/boss/fault.ts'
import { type Fields, readContent } from '../../simulators/src/boss/request.ts'
import type { Dice } from './dice.ts'
import { openHttpLine } from './http-line.ts'
import type { Life } from './storm.ts'
import type { VirtualTime } from './virtual-time.ts'

export interface CarrierNetwork {
  readonly billing: Billing
  /** Strikes calls of its verb until it is used up or its time is over. */
  add(fault: Fault, lastMs: number): void
  clear(): void
  /** Requests the carrier has got and will work off later. */
  stuck(): number
  /** The network as one process uses it. */
  dispatcherFor(life: Life): Dispatcher
}

interface Request {
  readonly verb: Verb
  readonly ids: Readonly<Record<string, string>>
  readonly work: () => Answer
}
type Call = {
  /** Brings an answer to the caller, unless it is gone. */
  readonly send: (answer: Answer, distort?: (text: string) => string) => void
  readonly cut: () => void
  readonly work: () => Answer
  readonly ids: Readonly<Record<string, string>>
}

export function createCarrierNetwork(options: {
  readonly time: VirtualTime
  readonly dice: Dice
  readonly struck: (kind: string) => void
  readonly note: (line: string) => void
}): CarrierNetwork {
  const { time, dice, struck, note } = options
  const billing = createBilling({ now: time.now })
  let faults: { fault: Fault; left: number; until: number }[] = []
  let stuck = 0
  const working = () => faults.filter(({ left, until }) => left > 0 && time.now() < until)
  const isAway = () => working().some(({ fault }) => fault.kind === 'away')
  function take(verb: Verb): Fault | undefined {
    const hit = working().find(
      ({ fault }) => fault.kind !== 'away' && (fault.verb === undefined || fault.verb === verb),
    )
    if (!hit || (hit.fault.percent !== undefined && !dice.chance(hit.fault.percent / 100)))
      return undefined
    hit.left -= 1
    return hit.fault
  }

  function dispatch(
    life: Life,
    { method, path, headers, body }: Dispatcher.DispatchOptions,
    handler: Dispatcher.DispatchHandler,
  ): boolean {
    const request = requestOf(billing, method, path, String(body ?? '{}'))
    const line = openHttpLine(options, life, handler)
    if (isAway()) {
      struck('away')
      line.refuse()
      return true
    }
    line.begin()
    const requestId = String((headers as Record<string, string>)['request-id'])
    const kept = { 'content-type': 'application/json', 'request-id': requestId }
    const call: Call = {
      ids: request.ids,
      work() {
        const done = request.work()
        note(`carrier ${request.verb} ${Object.values(request.ids).join(' ')}: ${done.status}`)
        return done
      },
      send: ({ status, body: said }, distort = (text) => text) =>
        line.send({ status, headers: kept, text: distort(JSON.stringify(said)) }),
      cut: line.cut,
    }
    time.after(dice.between(2, 60), () => {
      const fault = take(request.verb)
      // A carrier that refuses what it has done already would be lying, and no platform can help that.
      const isLie = fault?.kind === 'refuse' && !isNew(billing, request)
      if (!fault || isLie) return call.send(call.work())
      struck(fault.kind)
      if (fault.kind === 'works_late') {
        stuck += 1
        time.after(fault.lateMs ?? 10_000, () => {
          stuck -= 1
        })
      }
      misfortunes[fault.kind](call, fault, time)
    })
    return true
  }

  return {
    billing,
    add: (fault, lastMs) =>
      faults.push({ fault, left: fault.count ?? 1e9, until: time.now() + lastMs }),
    clear() {
      faults = []
    },
    stuck: () => stuck,
    dispatcherFor: (life) =>
      ({
        dispatch: (given: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) =>
          dispatch(life, given, handler),
      }) as Dispatcher,
  }
}

const broken: Answer = { status: 500, body: { code: 'broken', message: 'in trouble' } }

const misfortunes: Readonly<
  Record<FaultKind, (call: Call, fault: Fault, time: VirtualTime) => void>
> = {
  away: (call) => call.cut(),
  lost_request: () => undefined,
  lost_answer: (call) => void call.work(),
  answers_late(call, { lateMs = 10_000 }, time) {
    const done = call.work()
    time.after(lateMs, () => call.send(done))
  },
  works_late: (call, { lateMs = 10_000 }, time) =>
    void time.after(lateMs, () => call.send(call.work())),
  answers_twice(call) {
    const done = call.work()
    call.send(done)
    call.send(done)
  },
  commits_and_drops_link(call) {
    call.work()
    call.cut()
  },
  drops_link: (call) => call.cut(),
  http_500: (call) => call.send(broken),
  http_500_after(call) {
    call.work()
    call.send(broken)
  },
  garbled_answer: (call) =>
    call.send(call.work(), (text) => `${text.slice(0, text.length / 2)}\u0000???`),
  foreign_answer(call) {
    const { status, body } = call.work()
    call.send({
      status,
      body: { ...body, chargeId: 'CH209912319999999999', msisdn: '+8613000000000' },
    })
  },
  refuse: (call, { reason = 'low_credit' }) => call.send(failure(reason, call.ids)),
}

const isNew = (billing: Billing, { verb, ids }: Request) =>
  (verb === 'reserve' || verb === 'charge') && !billing.query(ids.chargeId ?? '').ok

/** The paths of docs/reference/carrier-http.md. */
function requestOf(billing: Billing, method: string, path: string, text: string): Request {
  const [, kind = '', id = '', name = '', refundId = ''] = path.split('/').map(decodeURIComponent)
  const body = JSON.parse(text) as Fields
  if (kind === 'lines') {
    const ids = { msisdn: id }
    return { verb: 'line', ids, work: () => answer(billing.line(id), ids, writeLine) }
  }
  if (id === '') return listOf(billing, body)
  if (name === 'refunds') {
    const ids = { chargeId: id, refundId }
    const refund = { chargeId: id, refundId, amount: BigInt(String(body.amount ?? 0)) }
    return method === 'GET'
      ? {
          ...{ verb: 'query_refund', ids },
          work: () => answer(billing.queryRefund(id, refundId), ids, writeRefund),
        }
      : { verb: 'refund', ids, work: () => answer(billing.refund(refund), ids, writeRefund) }
  }
  const ids = { chargeId: id }
  const verb = (name || (method === 'GET' ? 'query' : 'charge')) as ChargeVerb
  const work = () => answer(verdictOf(billing, verb, id, body), ids, writeCharge)
  return { verb, ids, work }
}

type ChargeVerb = 'query' | 'charge' | 'reserve' | 'commit' | 'release' | 'reverse'

function verdictOf(billing: Billing, verb: ChargeVerb, id: string, body: Fields) {
  if (verb !== 'charge' && verb !== 'reserve') return billing[verb](id)
  const content = readContent(body)
  return content ? billing[verb](id, content) : ({ ok: false, code: 'bad_request' } as const)
}

/** Charges that travel together share the answer, and what happens to it. */
function listOf(billing: Billing, { charges }: Fields): Request {
  const listed = charges as readonly (Fields & { readonly chargeId: string })[]
  const one = (body: (typeof listed)[number]) => {
    const ids = { chargeId: body.chargeId }
    return answer(verdictOf(billing, 'charge', body.chargeId, body), ids, writeCharge).body
  }
  const work = () => ({ status: 200, body: { charges: listed.map(one) } as never })
  return { verb: 'charge', ids: { chargeId: listed.map((each) => each.chargeId).join(' ') }, work }
}
