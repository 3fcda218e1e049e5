/**
 * Keeps one session bound: connects, binds, and when the connection is lost begins again after a wait
 * that doubles each time, with jitter. Only a bind that lasted forgets the failures before it, so that
 * a centre which accepts and drops us at once is not hammered.
 *
 *     stopped ── start ──▶ connecting ── bind_resp ok ──▶ bound
 *                              ▲  └── refused, no answer ──┐ │ lost
 *                              └───────── waiting ◀────────┴─┘
 */
import { connect as connectTcp, type Socket } from 'node:net'
import { commandStatus, type Pdu, statusName } from '@telepurse/sms'
import type { SmppLimits, SmppLinkOptions, SmppLog } from './options.ts'
import { Session } from './session.ts'

export type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'
export type BindPhase = 'stopped' | 'connecting' | 'bound' | 'waiting'

export interface BoundSessionHandlers {
  onBound(): void
  /** Every failure: refused, unreachable, lost. */
  onLost(detail: string): void
  onRequest(session: Session, pdu: Pdu): void
}

/** SMPP 3.4 §5.2.4. */
const interfaceVersion = 0x34
const unbindMs = 2_000
/** Requests that may come in the same breath as the answer to the bind. */
const earlyMax = 100

export class BoundSession {
  readonly #command: BindCommand
  readonly #options: SmppLinkOptions
  readonly #limits: SmppLimits
  readonly #log: SmppLog
  readonly #handlers: BoundSessionHandlers
  #phase: BindPhase = 'stopped'
  #socket: Socket | undefined
  #session: Session | undefined
  #early: Pdu[] = []
  #retry: NodeJS.Timeout | undefined
  #failures = 0
  #boundAt = 0

  constructor(
    command: BindCommand,
    options: SmppLinkOptions,
    limits: SmppLimits,
    log: SmppLog,
    handlers: BoundSessionHandlers,
  ) {
    this.#command = command
    this.#options = options
    this.#limits = limits
    this.#log = log
    this.#handlers = handlers
  }

  get phase(): BindPhase {
    return this.#phase
  }

  /** The session while it is bound. */
  get current(): Session | undefined {
    return this.#session
  }

  start(): void {
    if (this.#phase === 'stopped') this.#open()
  }

  /** Unbinds when bound, closes, and does not come back. */
  async stop(): Promise<void> {
    const bound = this.#session
    this.#phase = 'stopped'
    this.#session = undefined
    clearTimeout(this.#retry)
    if (bound) await bound.request('unbind', {}, unbindMs)
    bound?.destroy('unbound')
    this.#socket?.destroy()
  }

  #open() {
    const {
      host,
      port,
      connect = (...at) => connectTcp({ host: at[0], port: at[1] }),
    } = this.#options
    this.#phase = 'connecting'
    this.#early = []
    const socket = connect(host, port)
    this.#socket = socket
    socket.setNoDelay(true)
    const late = () => socket.destroy(new Error('no connection in time'))
    const deadline = setTimeout(late, this.#limits.bindMs)
    const failed = (error: Error) => this.#onLost(error.message)
    socket.once('error', failed)
    socket.once('close', () => clearTimeout(deadline))
    socket.once(readyEvent(socket), () => {
      clearTimeout(deadline)
      socket.off('error', failed)
      if (this.#phase === 'stopped') return socket.destroy()
      const session = new Session(socket, this.#limits, this.#log, {
        onRequest: (pdu) => this.#onRequest(session, pdu),
        onClosed: (detail) => this.#onLost(detail),
      })
      void this.#bind(session)
    })
  }

  async #bind(session: Session) {
    const { systemId, password, systemType = '', addressRange = '' } = this.#options
    const body = {
      system_id: systemId,
      password: password.reveal(),
      system_type: systemType,
      interface_version: interfaceVersion,
      address_range: addressRange,
    }
    const answer = await session.request(this.#command, { body }, this.#limits.bindMs)
    if (answer.kind !== 'response') return session.destroy(`bind: ${answer.detail}`)
    const { status, command } = answer.pdu
    if (status !== commandStatus.ESME_ROK || command === 'generic_nack')
      return session.destroy(`bind refused: ${statusName(status)}`)
    // The connection may have ended in the same breath as it was accepted.
    if (this.#phase !== 'connecting') return session.destroy('stopped')
    this.#session = session
    this.#phase = 'bound'
    this.#boundAt = performance.now()
    const { host, port } = this.#options
    this.#log('info', 'smpp_bound', { bind: this.#command, host, port })
    this.#handlers.onBound()
    for (const pdu of this.#early.splice(0)) this.#handlers.onRequest(session, pdu)
  }

  /**
   * A centre may send its first messages together with the answer to the bind, and they are read before
   * that answer has been acted on: they wait. Beyond the limit they are left unanswered, and come again.
   */
  #onRequest(session: Session, pdu: Pdu) {
    if (this.#session === session) this.#handlers.onRequest(session, pdu)
    else if (this.#phase === 'connecting' && this.#early.length < earlyMax) this.#early.push(pdu)
  }

  #onLost(detail: string) {
    if (this.#phase === 'stopped' || this.#phase === 'waiting') return
    const { reconnectMs, reconnectMaxMs, stableMs } = this.#limits
    if (this.#phase === 'bound' && performance.now() - this.#boundAt >= stableMs) this.#failures = 0
    const full = Math.min(reconnectMaxMs, reconnectMs * 2 ** Math.min(this.#failures, 16))
    const waitMs = Math.round(full * (0.5 + this.#options.random() / 2))
    this.#failures += 1
    this.#session = undefined
    this.#phase = 'waiting'
    this.#log('warn', 'smpp_lost', { bind: this.#command, detail, waitMs })
    this.#handlers.onLost(detail)
    this.#retry = setTimeout(() => this.#open(), waitMs)
  }
}

/** A TLS socket is ready after its handshake. */
const readyEvent = (socket: Socket) => ('encrypted' in socket ? 'secureConnect' : 'connect')
