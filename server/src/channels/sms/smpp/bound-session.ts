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
import { createSession, type Session } from './session.ts'

export type BindCommand = 'bind_transceiver' | 'bind_transmitter' | 'bind_receiver'
export type BindPhase = 'stopped' | 'connecting' | 'bound' | 'waiting'

export interface BoundSession {
  start(): void
  /** The session while it is bound. */
  current(): Session | undefined
  phase(): BindPhase
  /** Unbinds when bound, closes, and does not come back. */
  stop(): Promise<void>
}

export interface BoundSessionHandlers {
  onBound(): void
  /** Every failure: refused, unreachable, lost. */
  onLost(detail: string): void
  onRequest(session: Session, pdu: Pdu): void
}

/** SMPP 3.4 §5.2.4. */
const interfaceVersion = 0x34
const unbindMs = 2_000

export function createBoundSession(
  command: BindCommand,
  options: SmppLinkOptions,
  limits: SmppLimits,
  log: SmppLog,
  handlers: BoundSessionHandlers,
): BoundSession {
  const connect = options.connect ?? ((host: string, port: number) => connectTcp({ host, port }))
  let phase: BindPhase = 'stopped'
  let socket: Socket | undefined
  let session: Session | undefined
  let retry: NodeJS.Timeout | undefined
  let failures = 0
  let boundAt = 0

  const lost = (detail: string) => {
    if (phase === 'stopped' || phase === 'waiting') return
    if (phase === 'bound' && performance.now() - boundAt >= limits.stableMs) failures = 0
    const full = Math.min(limits.reconnectMaxMs, limits.reconnectMs * 2 ** Math.min(failures, 16))
    const waitMs = Math.round(full * (0.5 + options.random() / 2))
    failures += 1
    session = undefined
    phase = 'waiting'
    log('warn', 'smpp_lost', { bind: command, detail, waitMs })
    handlers.onLost(detail)
    retry = setTimeout(open, waitMs)
  }

  const bind = async (opened: Session) => {
    const answer = await opened.request(
      command,
      {
        body: {
          system_id: options.systemId,
          password: options.password.reveal(),
          system_type: options.systemType ?? '',
          interface_version: interfaceVersion,
          address_range: options.addressRange ?? '',
        },
      },
      limits.bindMs,
    )
    if (answer.kind !== 'response') return opened.destroy(`bind: ${answer.detail}`)
    const { status } = answer.pdu
    const accepted = status === commandStatus.ESME_ROK && answer.pdu.command !== 'generic_nack'
    if (!accepted) return opened.destroy(`bind refused: ${statusName(status)}`)
    if (phase === 'stopped') return opened.destroy('stopped')
    session = opened
    phase = 'bound'
    boundAt = performance.now()
    log('info', 'smpp_bound', { bind: command, host: options.host, port: options.port })
    handlers.onBound()
  }

  const open = () => {
    phase = 'connecting'
    const opening = connect(options.host, options.port)
    socket = opening
    opening.setNoDelay(true)
    const deadline = setTimeout(
      () => opening.destroy(new Error('no connection in time')),
      limits.bindMs,
    )
    const failed = (error: Error) => lost(error.message)
    opening.once('error', failed)
    opening.once('close', () => clearTimeout(deadline))
    opening.once(readyEvent(opening), () => {
      clearTimeout(deadline)
      opening.off('error', failed)
      if (phase === 'stopped') return opening.destroy()
      const opened: Session = createSession(opening, limits, log, {
        // Before the bind is accepted nothing may be asked of us (§2.3).
        onRequest: (pdu) => (session === opened ? handlers.onRequest(opened, pdu) : undefined),
        onClosed: lost,
      })
      void bind(opened)
    })
  }

  return {
    phase: () => phase,
    current: () => session,
    start() {
      if (phase === 'stopped') open()
    },
    async stop() {
      const bound = session
      phase = 'stopped'
      session = undefined
      clearTimeout(retry)
      if (bound) await bound.request('unbind', {}, unbindMs)
      bound?.destroy('unbound')
      socket?.destroy()
    },
  }
}

/** A TLS socket is ready after its handshake. */
const readyEvent = (socket: Socket) => ('encrypted' in socket ? 'secureConnect' : 'connect')
