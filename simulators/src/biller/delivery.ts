/** Brings an answer to the caller, or, when a fault strikes, brings it late, twice, for another payment or not. */
import { STATUS_CODES } from 'node:http'
import type { FastifyReply } from 'fastify'
import { type Answer, failure } from './contract.ts'
import type { Fault, FaultKind } from './fault.ts'
import { answerSignature } from './signature.ts'

export interface Call {
  readonly reply: FastifyReply
  readonly requestId: string
  readonly secret: string
  readonly ids: Readonly<Record<string, string>>
  /** Does the verb and gives its answer. */
  readonly work: () => Answer
  /** Runs `task` later, unless the server is closed before. */
  readonly later: (ms: number, task: () => void) => void
}

export function deliver(call: Call, fault: Fault | undefined): void {
  call.reply.hijack()
  if (fault) deliveries[fault.kind](call, fault)
  else send(call, call.work())
}

const deliveries: Readonly<Record<FaultKind, (call: Call, fault: Fault) => void>> = {
  away: (call) => send(call, call.work()),
  wrong_file: (call) => send(call, call.work()),
  silent: () => {},
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
    call.reply.raw.socket?.write(bytesOf(call, done))
  },
  pays_and_drops_link(call) {
    call.work()
    call.reply.raw.socket?.destroy()
  },
  drops_link(call) {
    call.reply.raw.socket?.destroy()
  },
  http_500: (call) => send(call, { status: 500, body: { code: 'broken', ...call.ids } }),
  foreign_answer(call) {
    const { status, body } = call.work()
    send(call, { status, body: typeof body === 'string' ? body : { ...body, ...foreign } })
  },
  bad_signature: (call) => send({ ...call, secret: `${call.secret}?` }, call.work()),
  refuse: (call, { reason }) => send(call, failure(reason ?? 'batch_window', call.ids)),
}

const foreign = { paymentNo: '00000000-0000-7000-8000-000000000000', accountNo: '0' }

const lateMsOf = ({ lateMs }: Fault): number => lateMs ?? 10_000

export function send(
  { reply, ...call }: Pick<Call, 'reply' | 'requestId' | 'secret'>,
  answer: Answer,
): void {
  const { raw } = reply
  if (raw.destroyed) return
  const { text, headers } = written(call, answer)
  raw.writeHead(answer.status, headers)
  raw.end(text)
}

function written({ requestId, secret }: Pick<Call, 'requestId' | 'secret'>, answer: Answer) {
  const { status, body } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return {
    text,
    headers: {
      'content-type': typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json',
      'content-length': String(Buffer.byteLength(text)),
      'request-id': requestId,
      signature: answerSignature(secret, { status, requestId, body: text }),
    },
  }
}

/** The same answer as plain bytes: Node sends no second answer to one request by itself. */
function bytesOf(call: Call, answer: Answer): string {
  const { text, headers } = written(call, answer)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const first = `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? ''}`
  return [first, ...lines, '', text].join('\r\n')
}
