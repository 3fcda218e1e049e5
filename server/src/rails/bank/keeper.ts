/**
 * Keeps one session with a bank ready: connects, signs on, and when it is lost begins again after a wait that
 * doubles each time, with jitter. Only a session that lasted forgets the failures before it, so that a bank
 * which accepts and drops us at once is not hammered.
 *
 *     stopped ── start ──▶ connecting ── connected ──▶ a session's own phases
 *                              ▲  └── refused, late ──┐ │ closed
 *                              └────── waiting ◀──────┴─┘
 */
import type { Duplex } from 'node:stream'
import type { Message, OutgoingMessage } from '@telepurse/iso8583'
import type { BankTotals } from '../../bank-cards/index.ts'
import { type Clock, createGate, type Gate } from '../../kernel/index.ts'
import { macWrong, type Reply } from './session.ts'
import { type SessionPhase, SignedSession, type SignedSettings } from './signed-session.ts'

export type KeeperPhase = 'stopped' | 'connecting' | 'waiting' | SessionPhase

export interface KeeperSettings extends SignedSettings {
  readonly clock: Clock
  /** From 0 up to 1. */
  readonly chance: () => number
  readonly connect: () => Duplex
}

export interface KeeperHandlers {
  onChange(): void
  onLate(message: Message): void
}

export class Keeper {
  readonly #settings: KeeperSettings
  readonly #handlers: KeeperHandlers
  readonly gate: Gate
  #session: SignedSession | undefined
  #stream: Duplex | undefined
  #phase: 'stopped' | 'connecting' | 'waiting' | 'connected' = 'stopped'
  #renewKeys = false
  #failures = 0
  #sessions = 0
  #readyAt: number | undefined
  #lastError: string | undefined
  #cancelRetry: () => void = () => {}

  constructor(settings: KeeperSettings, handlers: KeeperHandlers) {
    this.#settings = settings
    this.#handlers = handlers
    const { window, waitingMax } = settings.limits
    this.gate = createGate({ insideMax: window, waitingMax })
  }

  get phase(): KeeperPhase {
    if (this.#phase !== 'connected') return this.#phase
    return this.#session?.phase ?? 'closed'
  }

  get lastError(): string | undefined {
    return this.#lastError
  }

  /** How many sessions there were. */
  get sessions(): number {
    return this.#sessions
  }

  get outstanding(): number {
    return this.#session?.outstanding ?? 0
  }

  start(): void {
    if (this.#phase === 'stopped') this.#open()
  }

  request(message: OutgoingMessage): Promise<Reply> {
    return this.#session?.request(message) ?? Promise.resolve(notConnected)
  }

  async totals(day: string): Promise<BankTotals | undefined> {
    return this.#session?.totals(day)
  }

  async echo(): Promise<boolean> {
    return this.phase === 'ready' && (await this.#session?.echo()) === true
  }

  /** Signs on again; with `renewKeys` new keys are asked for, now or when it connects next. */
  repair(renewKeys: boolean): void {
    if (this.phase === 'ready') this.#session?.repair(renewKeys)
    else this.#renewKeys ||= renewKeys
  }

  /**
   * Closes, and does not come back. It does not sign off: that would be for the institution, and other processes
   * of it may be at work.
   */
  stop(): void {
    const session = this.#session
    this.#phase = 'stopped'
    this.#cancelRetry()
    if (session) session.destroy('closing')
    else this.#stream?.destroy()
    this.#session = undefined
  }

  #open() {
    const { connect, timing, limits } = this.#settings
    this.#phase = 'connecting'
    const stream = connect()
    this.#stream = stream
    const cancelDeadline = timing.after(limits.connectMs, () =>
      stream.destroy(Object.assign(new Error('late'), { code: 'connect_timeout' })),
    )
    const failed = (error: Error) => {
      const code = 'code' in error ? String(error.code).toLowerCase() : 'connection_failed'
      this.#onLost(code)
    }
    stream.once('error', failed)
    stream.once('close', () => {
      cancelDeadline()
      if (this.#phase === 'connecting' && this.#stream === stream) this.#onLost('connection_failed')
    })
    stream.once('encrypted' in stream ? 'secureConnect' : 'connect', () => {
      cancelDeadline()
      stream.off('error', failed)
      if (this.#phase === 'stopped') return stream.destroy()
      this.#phase = 'connected'
      this.#begin(stream)
    })
  }

  #begin(stream: Duplex) {
    const renewKeys = this.#renewKeys
    this.#sessions += 1
    this.#session = new SignedSession(stream, this.#settings, {
      renewKeys,
      handlers: {
        onReady: () => {
          this.#renewKeys = false
          this.#readyAt = this.#settings.clock.now()
          this.#settings.log('info', 'bank_ready', { bank: this.#settings.spec.name })
          this.#handlers.onChange()
        },
        onLate: (message) => this.#handlers.onLate(message),
        onClosed: (detail) => this.#onLost(detail),
      },
    })
  }

  #onLost(detail: string) {
    if (detail === macWrong) this.#renewKeys = true
    this.#session = undefined
    this.#lastError = detail
    if (this.#phase === 'stopped' || this.#phase === 'waiting') return
    const { limits, clock, chance, timing, log, spec } = this.#settings
    const lasted = this.#readyAt === undefined ? 0 : clock.now() - this.#readyAt
    if (lasted >= limits.stableMs) this.#failures = 0
    this.#readyAt = undefined
    const doubled = limits.reconnectMs * 2 ** Math.min(this.#failures, 16)
    const waitMs = Math.round(Math.min(limits.reconnectMaxMs, doubled) * (0.5 + chance() / 2))
    this.#failures += 1
    this.#phase = 'waiting'
    log('warn', 'bank_lost', { bank: spec.name, detail, waitMs })
    this.#cancelRetry = timing.after(waitMs, () => this.#open())
    this.#handlers.onChange()
  }
}

const notConnected: Reply = { kind: 'unsent', detail: 'not_connected' }
