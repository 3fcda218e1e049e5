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
  encodeParts,
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

export class Session {
  readonly #socket: Socket
  readonly #limits: SmppLimits
  readonly #log: SmppLog
  readonly #handlers: SessionHandlers
  readonly #framer = createFramer()
  readonly #pending = new Map<number, Pending>()
  readonly #watch: NodeJS.Timeout
  #gathering = false
  #sequence = 0
  #closed: string | undefined
  #lastHeard = performance.now()

  /** `socket` is connected. */
  constructor(socket: Socket, limits: SmppLimits, log: SmppLog, handlers: SessionHandlers) {
    this.#socket = socket
    this.#limits = limits
    this.#log = log
    this.#handlers = handlers
    this.#watch = setInterval(() => void this.#enquire(), limits.enquireLinkMs)
    socket.on('data', (chunk: Uint8Array) => this.#onOctets(chunk))
    socket.on('error', (error) => this.destroy(error.message))
    socket.on('end', () => this.destroy('closed by the peer'))
    socket.on('close', () => this.destroy('closed'))
  }

  /** Sends a request. Throws RangeError when a field does not fit; then nothing was sent. */
  request<Request extends RequestName>(
    command: Request,
    parts: Omit<PduParts<Request>, 'sequence'>,
    timeoutMs: number,
  ): Promise<Answer> {
    if (this.#closed !== undefined) return Promise.resolve({ kind: 'unsent', detail: this.#closed })
    const sequence = (this.#sequence % sequenceMax) + 1
    const octets = encodeParts(command, { ...parts, sequence })
    this.#sequence = sequence
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#log('warn', 'smpp_no_answer', { command, sequence })
        settle({ kind: 'unanswered', detail: `no answer in ${timeoutMs} ms` })
      }, timeoutMs)
      const settle = (answer: Answer) => {
        clearTimeout(timer)
        this.#pending.delete(sequence)
        resolve(answer)
      }
      this.#pending.set(sequence, { command, settle })
      this.#write(octets)
    })
  }

  send(pdu: Pdu): void {
    if (this.#closed !== undefined) return
    this.#write(encodePdu(pdu))
    if (this.#socket.writableLength > unsentOctetsMax) this.destroy('the peer does not read')
  }

  /** What is sent in one turn of the event loop leaves together: under load that is dozens of PDUs. */
  #write(octets: Uint8Array) {
    if (!this.#gathering) {
      this.#gathering = true
      this.#socket.cork()
      process.nextTick(() => {
        this.#gathering = false
        this.#socket.uncork()
      })
    }
    this.#socket.write(octets)
  }

  /** Ends the connection; `detail` says why. What was written just now still goes out. */
  destroy(detail: string): void {
    if (this.#closed !== undefined) return
    this.#closed = detail
    clearInterval(this.#watch)
    this.#socket.destroySoon()
    setTimeout(() => this.#socket.destroy(), lastWordsMs).unref()
    for (const { settle } of this.#pending.values()) settle({ kind: 'unanswered', detail })
    this.#handlers.onClosed(detail)
  }

  async #enquire() {
    if (performance.now() - this.#lastHeard < this.#limits.enquireLinkMs) return
    const answer = await this.request('enquire_link', {}, this.#limits.responseMs)
    if (answer.kind === 'unanswered') this.destroy('enquire_link was not answered')
  }

  #onOctets(chunk: Uint8Array) {
    this.#lastHeard = performance.now()
    const { frames, fault } = this.#framer.push(chunk)
    for (const frame of frames) {
      if (this.#closed !== undefined) return
      const decoded = decodePdu(frame)
      if (decoded.ok) this.#onPdu(decoded.value)
      else this.#onUnreadable(decoded.refusal)
    }
    if (!fault || this.#closed !== undefined) return
    this.#log('warn', 'smpp_unreadable', { ...fault })
    this.send(createPdu('generic_nack', { sequence: 0, status: commandStatus.ESME_RINVCMDLEN }))
    this.destroy(`malformed PDU: ${fault.reason}`)
  }

  #onPdu(pdu: Pdu) {
    if (pdu.command === 'enquire_link') this.send(createResponse(pdu))
    else if (pdu.command === 'generic_nack' || pdu.command.endsWith('_resp')) this.#onResponse(pdu)
    else this.#handlers.onRequest(pdu)
  }

  #onResponse(pdu: Pdu) {
    const waiting = this.#pending.get(pdu.sequence)
    // §4.3.1: sequence number zero means that the peer could not even find ours, and lost its place.
    if (pdu.command === 'generic_nack' && pdu.sequence === 0)
      return this.destroy('the peer could not read a PDU')
    if (!waiting) return this.#log('warn', 'smpp_late_answer', { pdu: describe(pdu) })
    if (pdu.command !== responseNameOf(waiting.command) && pdu.command !== 'generic_nack')
      return this.destroy(`${pdu.command} answers ${waiting.command}`)
    waiting.settle({ kind: 'response', pdu })
  }

  #onUnreadable(refusal: PduRefusal) {
    const { header, reason, field } = refusal
    const isRequest = header !== undefined && !isResponseId(header.commandId)
    this.#log('warn', 'smpp_unreadable', {
      reason,
      commandId: header?.commandId ?? 0,
      ...(field !== undefined && { field }),
    })
    if (isRequest) this.send(refusalOf(refusal, header))
    // §4.3: an unknown command is answered by generic_nack, and its length still leads to the next PDU.
    if (reason !== 'command_unknown') this.destroy(`malformed PDU: ${reason}`)
  }
}

/** The command's own response where it has one, so that the peer knows what to do with the message. */
function refusalOf(refusal: PduRefusal, header: { commandId: number; sequence: number }): Pdu {
  const parts = { sequence: header.sequence, status: refusal.status }
  const command = commandNameOf(header.commandId)
  const response = command && responseNameOf(command)
  return createPdu(response ?? 'generic_nack', parts) as Pdu
}
