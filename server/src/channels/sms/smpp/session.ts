/**
 * One SMPP connection from connect to close, as the ESME: frames, sequence numbers, answers to our
 * requests, and enquire_link both ways. It knows nothing of binding again, of texts or of queues.
 *
 * A request ends in exactly one of three ways: a response, a time-out, or the connection's end. A PDU
 * that cannot be read ends the connection, because nothing after it can be trusted.
 */
import type { Socket } from 'node:net'
import {
  commandNameOf,
  commandStatus,
  createFramer,
  createPdu,
  createResponse,
  decodePdu,
  describe,
  encodePdu,
  isResponseId,
  type Pdu,
  type PduParts,
  type PduRefusal,
  type RequestName,
  responseNameOf,
  sequenceMax,
} from '@telepurse/sms'
import { type SmppLimits, type SmppLog, unsentOctetsMax } from './options.ts'

export type Answer =
  /** The response itself, or a generic_nack that carries our sequence number. */
  | { readonly kind: 'response'; readonly pdu: Pdu }
  /** Sent, and no answer in time, or the connection ended first. */
  | { readonly kind: 'unanswered'; readonly detail: string }
  /** Not one octet was sent. */
  | { readonly kind: 'unsent'; readonly detail: string }

export interface Session {
  /** Sends a request. Throws RangeError when a field does not fit; then nothing was sent. */
  request<Request extends RequestName>(
    command: Request,
    parts: Omit<PduParts<Request>, 'sequence'>,
    timeoutMs: number,
  ): Promise<Answer>
  send(pdu: Pdu): void
  /** Ends the connection at once; `detail` says why. */
  destroy(detail: string): void
}

export interface SessionHandlers {
  /** Requests of the peer, other than enquire_link, which is answered here. */
  onRequest(pdu: Pdu): void
  /** Once, when the connection is over. */
  onClosed(detail: string): void
}

/** How long a last PDU may take to leave before the connection is cut. */
const lastWordsMs = 2_000

interface Pending {
  readonly command: RequestName
  settle(answer: Answer): void
}

export function createSession(
  socket: Socket,
  limits: SmppLimits,
  log: SmppLog,
  handlers: SessionHandlers,
): Session {
  const framer = createFramer()
  const pending = new Map<number, Pending>()
  let sequence = 0
  let closed: string | undefined
  let lastHeard = performance.now()

  const destroy = (detail: string) => {
    if (closed !== undefined) return
    closed = detail
    clearInterval(watch)
    // What was written just now, such as a generic_nack, still goes out before the connection ends.
    socket.destroySoon()
    setTimeout(() => socket.destroy(), lastWordsMs).unref()
    for (const { settle } of pending.values()) settle({ kind: 'unanswered', detail })
    handlers.onClosed(detail)
  }

  const send = (pdu: Pdu) => {
    if (closed !== undefined) return
    socket.write(encodePdu(pdu))
    if (socket.writableLength > unsentOctetsMax) destroy('the peer does not read')
  }

  const request: Session['request'] = (command, parts, timeoutMs) => {
    if (closed !== undefined) return Promise.resolve({ kind: 'unsent', detail: closed })
    sequence = (sequence % sequenceMax) + 1
    const number = sequence
    const octets = encodePdu(createPdu(command, { ...parts, sequence: number }) as Pdu)
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        log('warn', 'smpp_no_answer', { command, sequence: number })
        settle({ kind: 'unanswered', detail: `no answer in ${timeoutMs} ms` })
      }, timeoutMs)
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        pending.delete(number)
        resolve(answer)
      }
      pending.set(number, { command, settle })
      socket.write(octets)
    })
  }

  const enquire = async () => {
    if (performance.now() - lastHeard < limits.enquireLinkMs) return
    const answer = await request('enquire_link', {}, limits.responseMs)
    if (answer.kind === 'unanswered') destroy('enquire_link was not answered')
  }
  const watch = setInterval(() => void enquire(), limits.enquireLinkMs)

  const onResponse = (pdu: Pdu) => {
    const waiting = pending.get(pdu.sequence)
    const expected = waiting && responseNameOf(waiting.command)
    // §4.3.1: sequence number zero means that the peer could not even find ours, and lost its place.
    if (pdu.command === 'generic_nack' && pdu.sequence === 0)
      return destroy('the peer could not read a PDU')
    if (!waiting) return log('warn', 'smpp_late_answer', { pdu: describe(pdu) })
    if (pdu.command !== expected && pdu.command !== 'generic_nack')
      return destroy(`${pdu.command} answers ${waiting.command}`)
    waiting.settle({ kind: 'response', pdu })
  }

  const onPdu = (pdu: Pdu) => {
    if (pdu.command === 'enquire_link') send(createResponse(pdu) as Pdu)
    else if (pdu.command === 'generic_nack' || pdu.command.endsWith('_resp')) onResponse(pdu)
    else handlers.onRequest(pdu)
  }

  const onUnreadable = (refusal: PduRefusal) => {
    const { header, reason, field } = refusal
    const isRequest = header !== undefined && !isResponseId(header.commandId)
    log('warn', 'smpp_unreadable', {
      reason,
      commandId: header?.commandId ?? 0,
      ...(field !== undefined && { field }),
    })
    if (isRequest) send(refusalOf(refusal, header))
    // §4.3: an unknown command is answered by generic_nack, and its length still leads to the next PDU.
    if (reason !== 'command_unknown') destroy(`malformed PDU: ${reason}`)
  }

  socket.on('data', (chunk: Uint8Array) => {
    lastHeard = performance.now()
    const { frames, fault } = framer.push(chunk)
    for (const frame of frames) {
      if (closed !== undefined) return
      const decoded = decodePdu(frame)
      if (decoded.ok) onPdu(decoded.value)
      else onUnreadable(decoded.refusal)
    }
    if (!fault || closed !== undefined) return
    log('warn', 'smpp_unreadable', { ...fault })
    send(createPdu('generic_nack', { sequence: 0, status: commandStatus.ESME_RINVCMDLEN }))
    destroy(`malformed PDU: ${fault.reason}`)
  })
  socket.on('error', (error) => destroy(error.message))
  socket.on('end', () => destroy('closed by the peer'))
  socket.on('close', () => destroy('closed'))
  return { request, send, destroy }
}

/** The command's own response where it has one, so that the peer knows what to do with the message. */
function refusalOf(refusal: PduRefusal, header: { commandId: number; sequence: number }): Pdu {
  const parts = { sequence: header.sequence, status: refusal.status }
  const command = commandNameOf(header.commandId)
  const response = command && responseNameOf(command)
  return createPdu(response ?? 'generic_nack', parts) as Pdu
}
