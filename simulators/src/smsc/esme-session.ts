/**
 * One connection of an ESME, seen from the centre: it binds, we answer its requests and send it
 * deliver_sm, a window at a time. A PDU that cannot be read ends it.
 */
import type { Socket } from 'node:net'
import {
  type BodyOf,
  commandStatus,
  createFramer,
  createPdu,
  createResponse,
  decodePdu,
  encodeParts,
  encodePdu,
  integerTlv,
  type Pdu,
  type PduOf,
  sequenceMax,
  type Tlv,
} from '@telepurse/sms'

export type BindMode = 'receiver' | 'transmitter' | 'transceiver'
type BindRequest = PduOf<`bind_${BindMode}`>

/** The command_status of the answer; or none, in time or before the connection ended. */
export type DeliverAnswer = number | 'timeout' | 'closed'

export interface EsmeSessionHandlers {
  /** ESME_ROK, or why not. */
  authenticate(bind: BindRequest): number
  onBound(session: EsmeSession): void
  /** Requests of a bound ESME that this session does not answer itself. */
  onRequest(session: EsmeSession, pdu: Pdu): void
  onClosed(session: EsmeSession): void
}

export interface EsmeSessionLimits {
  readonly deliverMs: number
  readonly enquireLinkMs: number
  readonly bindMs: number
}

const systemId = 'SMSC'

export class EsmeSession {
  readonly #socket: Socket
  readonly #limits: EsmeSessionLimits
  readonly #handlers: EsmeSessionHandlers
  readonly #framer = createFramer()
  readonly #pending = new Map<number, (answer: DeliverAnswer) => void>()
  readonly #bindTimer: NodeJS.Timeout
  readonly #watch: NodeJS.Timeout
  #mode: BindMode | undefined
  #sequence = 0
  #asked = 0
  #gathering = false
  #closed = false

  constructor(socket: Socket, limits: EsmeSessionLimits, handlers: EsmeSessionHandlers) {
    this.#socket = socket
    this.#limits = limits
    this.#handlers = handlers
    this.#bindTimer = setTimeout(() => this.destroy(), limits.bindMs)
    this.#watch = setInterval(() => this.#enquire(), limits.enquireLinkMs)
    socket.setNoDelay(true)
    socket.on('data', (chunk: Uint8Array) => this.#onOctets(chunk))
    for (const event of ['error', 'end', 'close']) socket.on(event, () => this.destroy())
  }

  /** Undefined until bound, and after the end. */
  get mode(): BindMode | undefined {
    return this.#mode
  }

  /** deliver_sm sent and not yet answered. */
  get outstanding(): number {
    return this.#pending.size
  }

  deliver(body: Partial<BodyOf<'deliver_sm'>>, tlvs: readonly Tlv[]): Promise<DeliverAnswer> {
    if (this.#closed) return Promise.resolve('closed')
    const sequence = this.#nextSequence()
    this.sendOctets(encodeParts('deliver_sm', { sequence, body, tlvs }))
    return new Promise((resolve) => {
      const timer = setTimeout(() => settle('timeout'), this.#limits.deliverMs)
      const settle = (answer: DeliverAnswer) => {
        clearTimeout(timer)
        this.#pending.delete(sequence)
        resolve(answer)
      }
      this.#pending.set(sequence, settle)
    })
  }

  send(pdu: Pdu): void {
    this.sendOctets(encodePdu(pdu))
  }

  /** What is sent in one turn of the event loop leaves together. */
  sendOctets(octets: Uint8Array): void {
    if (this.#closed) return
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

  destroy(): void {
    if (this.#closed) return
    this.#closed = true
    this.#mode = undefined
    clearTimeout(this.#bindTimer)
    clearInterval(this.#watch)
    this.#socket.destroySoon()
    for (const settle of [...this.#pending.values()]) settle('closed')
    this.#handlers.onClosed(this)
  }

  #nextSequence(): number {
    this.#sequence = (this.#sequence % sequenceMax) + 1
    return this.#sequence
  }

  #enquire() {
    // Two questions without a sign of life in between: the ESME is gone.
    if (this.#asked >= 2) return this.destroy()
    this.#asked += 1
    this.send(createPdu('enquire_link', { sequence: this.#nextSequence() }))
  }

  #onOctets(chunk: Uint8Array) {
    this.#asked = 0
    const { frames, fault } = this.#framer.push(chunk)
    for (const frame of frames) if (!this.#closed) this.#onFrame(frame)
    if (!fault) return
    this.send(createPdu('generic_nack', { sequence: 0, status: commandStatus.ESME_RINVCMDLEN }))
    this.destroy()
  }

  #onFrame(frame: Uint8Array) {
    const decoded = decodePdu(frame)
    if (decoded.ok) return this.#onPdu(decoded.value)
    const { status, header, reason } = decoded.refusal
    this.send(createPdu('generic_nack', { sequence: header?.sequence ?? 0, status }))
    if (reason !== 'command_unknown') this.destroy()
  }

  #onPdu(pdu: Pdu) {
    switch (pdu.command) {
      case 'bind_receiver':
      case 'bind_transmitter':
      case 'bind_transceiver':
        return this.#onBind(pdu)
      case 'enquire_link':
        return this.send(createResponse(pdu))
      case 'unbind':
        this.send(createResponse(pdu))
        return this.destroy()
      case 'deliver_sm_resp':
      case 'generic_nack':
        return this.#pending.get(pdu.sequence)?.(pdu.status)
      case 'enquire_link_resp':
      case 'unbind_resp':
        return
      default:
        return this.#handlers.onRequest(this, pdu)
    }
  }

  #onBind(pdu: BindRequest) {
    const status = this.#mode ? commandStatus.ESME_RALYBND : this.#handlers.authenticate(pdu)
    const accepted = status === commandStatus.ESME_ROK
    if (accepted) this.#mode = pdu.command.slice('bind_'.length) as BindMode
    const tlvs = accepted ? [integerTlv('sc_interface_version', 0x34)] : []
    this.send(createResponse(pdu, { status, body: { system_id: systemId }, tlvs }) as Pdu)
    if (!accepted) return this.destroy()
    clearTimeout(this.#bindTimer)
    this.#handlers.onBound(this)
  }
}
