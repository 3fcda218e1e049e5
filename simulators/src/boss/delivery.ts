/** Brings an answer to the caller, or, when a fault strikes, brings it late, twice, garbled or not. */
import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import { type Answer, failure } from './answer.ts'
import type { Fault, FaultKind } from './fault.ts'

export interface Call {
  readonly reply: FastifyReply
  /** What the caller named its request; every answer repeats it. */
  readonly requestId: string
  readonly ids: Readonly<Record<string, string>>
  /** Does the verb and gives its answer. */
  readonly work: () => Answer
  /** Runs `task` later, unless the server is closed before. */
  readonly later: (ms: number, task: () => void) => void
}

/** Without a fault: does the verb and answers. A verb that throws is answered 500. */
export function deliver(call: Call, fault: Fault | undefined): void {
  call.reply.hijack()
  const safe: Call = { ...call, work: () => attempt(call.work) }
  if (fault) deliveries[fault.kind](safe, fault)
  else send(safe, safe.work())
}

const deliveries: Readonly<Record<FaultKind, (call: Call, fault: Fault) => void>> = {
  away: (call) => send(call, call.work()),
  lost_request: () => {},
  lost_answer(call) {
    call.work()
  },
  answers_late(call, fault) {
    const done = call.work()
    call.later(lateMsOf(fault), () => send(call, done))
  },
  works_late: (call, fault) => call.later(lateMsOf(fault), () => send(call, call.work())),
  answers_twice(call) {
    const done = call.work()
    send(call, done)
    call.reply.raw.socket?.write(textOf(call, done))
  },
  commits_and_drops_link(call) {
    call.work()
    call.reply.raw.socket?.destroy()
  },
  drops_link(call) {
    call.reply.raw.socket?.destroy()
  },
  http_500: (call) => send(call, broken),
  http_500_after(call) {
    call.work()
    send(call, broken)
  },
  garbled_answer: (call) =>
    send(call, call.work(), (text) => `${text.slice(0, text.length / 2)}\u0000???`),
  foreign_answer: (call) => send(call, withForeignIds(call.work())),
  refuse: (call, { reason }) => send(call, failure(reason ?? 'low_credit', call.ids)),
}

export const lateMsOf = ({ lateMs }: Fault): number => lateMs ?? 10_000

export function attempt(work: () => Answer): Answer {
  try {
    return work()
  } catch {
    return broken
  }
}

export const broken: Answer = {
  status: 500,
  body: { code: 'broken', message: 'The carrier is in trouble' },
}

export function withForeignIds({ status, body }: Answer): Answer {
  const foreign = {
    ...(body.chargeId !== undefined && { chargeId: 'CH209912319999999999' }),
    ...(body.msisdn !== undefined && { msisdn: '+8613000000000' }),
  }
  return { status, body: { ...body, ...foreign } }
}

function send(call: Call, answer: Answer, distort = (text: string) => text): void {
  sendText(call, answer.status, distort(JSON.stringify(answer.body)))
}

export function sendText(
  { reply, requestId }: Pick<Call, 'reply' | 'requestId'>,
  status: number,
  text: string,
): void {
  const { raw } = reply
  if (raw.destroyed) return
  const body = Buffer.from(text)
  raw.writeHead(status, {
    'content-type': 'application/json',
    'content-length': body.length,
    'request-id': requestId,
  })
  raw.end(body)
}

/** The same answer as plain bytes: Node sends no second answer to one request by itself. */
function textOf(call: Call, answer: Answer): string {
  const body = JSON.stringify(answer.body)
  return [
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`,
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${call.requestId}`,
    '',
    body,
  ].join('\r\n')
}
