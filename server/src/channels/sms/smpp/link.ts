/**
 * The link to a short message service centre: bound whenever it can be, sending within its window,
 * delivering what comes, and telling the truth about both. It keeps nothing over a restart; the
 * channel above has every message in the database before it comes here and after it leaves.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { commandStatus, createPdu, createResponse, type Pdu } from '@telepurse/sms'
import type { Clock } from '../../../kernel/index.ts'
import {
  type BindCommand,
  type BindPhase,
  BoundSession,
  type BoundSessionHandlers,
} from './bound-session.ts'
import { Deliverer, type SmppLinkHandlers } from './deliverer.ts'
import { type OutgoingMessage, submitsOf } from './messages.ts'
import { defaultLimits, type SmppLinkOptions, type SmppLog } from './options.ts'
import { createPacer, type Pacer } from './pacer.ts'
import type { Session } from './session.ts'
import { type SubmitOutcome, Submitter } from './submitter.ts'

/** For /health and /metrics. */
export interface SmppLinkState {
  readonly bound: boolean
  readonly phase: BindPhase | 'closing'
  /** When `bound` last changed: our clock, in milliseconds. */
  readonly since: number
  readonly outstanding: number
  readonly waiting: number
  readonly delivering: number
  /** Set while the centre asks for less. */
  readonly throttled: boolean
  readonly lastError?: { readonly at: number; readonly detail: string }
}

/** What became of each part of a message that was sent, in order; parts after a failure were not sent. */
export interface SubmitResult {
  /** `done` only when every part was taken; then `messageId` is the last part's. */
  readonly outcome: SubmitOutcome
  /** Ids of the parts that were taken, in order. */
  readonly messageIds: readonly string[]
  readonly parts: number
}

export interface SmppLink {
  /** Begins to connect, and never stops trying. */
  start(): void
  /** Resolves when bound; rejects when the link is closed. */
  whenBound(): Promise<void>
  /** Sends a message of one part, or a long one part after part. Never rejects. */
  submit(message: OutgoingMessage): Promise<SubmitOutcome>
  /** The same, with the id of every part. */
  submitParts(message: OutgoingMessage): Promise<SubmitResult>
  state(): SmppLinkState
  /** Takes no more, drains the window for at most `drainMs`, unbinds. */
  close(): Promise<void>
}

const silent: SmppLog = () => {}

/** Makes a link; `start` brings it up. Throws RangeError for settings SMPP cannot carry. */
export const createSmppLink = (options: SmppLinkOptions, handlers: SmppLinkHandlers): SmppLink =>
  new Link(options, handlers)

type Waiter = { readonly resolve: () => void; readonly reject: (error: Error) => void }

class Link implements SmppLink {
  readonly #clock: Clock
  readonly #drainMs: number
  readonly #pacer: Pacer
  readonly #sessions: readonly BoundSession[]
  readonly #submitter: Submitter
  readonly #deliverer: Deliverer
  readonly #waiters = new Set<Waiter>()
  #closing = false
  #bound = false
  #since: number
  #lastError: SmppLinkState['lastError']

  constructor(options: SmppLinkOptions, handlers: SmppLinkHandlers) {
    checkSettings(options)
    const limits = { ...defaultLimits, ...options.limits }
    const log = options.log ?? silent
    this.#clock = options.clock
    this.#drainMs = limits.drainMs
    this.#since = options.clock.now()
    this.#pacer = createPacer(limits.perSecondMax)
    this.#deliverer = new Deliverer(limits, options.clock, log, handlers)
    const sessionHandlers: BoundSessionHandlers = {
      onRequest: (session, pdu) => this.#onRequest(session, pdu),
      onBound: () => this.#onChange(),
      onLost: (detail) => this.#onLost(detail),
    }
    this.#sessions = bindCommands[options.bind ?? 'transceiver'].map(
      (command) => new BoundSession(command, options, limits, log, sessionHandlers),
    )
    this.#submitter = new Submitter(limits, this.#pacer, () => this.#sessions[0]?.current)
  }

  start() {
    if (this.#closing) return
    for (const session of this.#sessions) session.start()
  }

  whenBound(): Promise<void> {
    if (this.#allBound()) return Promise.resolve()
    if (this.#closing) return Promise.reject(closed())
    return new Promise((resolve, reject) => this.#waiters.add({ resolve, reject }))
  }

  async submit(message: OutgoingMessage): Promise<SubmitOutcome> {
    return (await this.submitParts(message)).outcome
  }

  async submitParts(message: OutgoingMessage): Promise<SubmitResult> {
    const split = submitsOf(message)
    const parts = split.ok ? split.value : []
    const messageIds: string[] = []
    let outcome: SubmitOutcome = { outcome: 'unsent', detail: 'too many segments' }
    for (const part of parts) {
      outcome = fits(message) ? await this.#submitter.submit(part) : unfit
      if (outcome.outcome !== 'done') break
      messageIds.push(outcome.messageId)
    }
    return { outcome: ofAll(outcome, messageIds.length), messageIds, parts: parts.length }
  }

  state(): SmppLinkState {
    const shown = this.#sessions.find((it) => !it.current) ?? this.#sessions[0]
    return {
      bound: this.#allBound(),
      phase: this.#closing ? 'closing' : (shown?.phase ?? 'stopped'),
      since: this.#since,
      outstanding: this.#submitter.outstanding,
      waiting: this.#submitter.waiting,
      delivering: this.#deliverer.delivering,
      throttled: this.#pacer.heldUntil() > performance.now(),
      ...(this.#lastError && { lastError: this.#lastError }),
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    for (const { reject } of this.#waiters) reject(closed())
    this.#waiters.clear()
    const drained = Promise.all([this.#submitter.stop(), this.#deliverer.stop()])
    await Promise.race([drained, sleep(this.#drainMs, undefined, { ref: false })])
    await Promise.all(this.#sessions.map((it) => it.stop()))
    this.#onChange()
  }

  #allBound(): boolean {
    return this.#sessions.every((it) => it.current)
  }

  #onChange() {
    if (this.#allBound() !== this.#bound) {
      this.#bound = !this.#bound
      this.#since = this.#clock.now()
    }
    this.#submitter.pump()
    if (!this.#bound) return
    for (const { resolve } of this.#waiters) resolve()
    this.#waiters.clear()
  }

  #onLost(detail: string) {
    this.#lastError = { at: this.#clock.now(), detail }
    this.#onChange()
  }

  #onRequest(session: Session, pdu: Pdu) {
    if (pdu.command === 'deliver_sm' || pdu.command === 'data_sm')
      return this.#deliverer.take(session, pdu)
    if (pdu.command === 'unbind') {
      session.send(createResponse(pdu))
      return session.destroy('unbound by the peer')
    }
    // §4.12 and §2.2.1: these two are notices, and have no response.
    if (pdu.command === 'alert_notification' || pdu.command === 'outbind') return
    const { sequence } = pdu
    session.send(createPdu('generic_nack', { sequence, status: commandStatus.ESME_RINVCMDID }))
  }
}

/** The first of a pair is the transmitter, which sends. */
const bindCommands: Record<NonNullable<SmppLinkOptions['bind']>, readonly BindCommand[]> = {
  transceiver: ['bind_transceiver'],
  pair: ['bind_transmitter', 'bind_receiver'],
}

const closed = () => new Error('the link is closed')
const unfit: SubmitOutcome = { outcome: 'unsent', detail: 'an address is not 1 to 20 characters' }
const fits = ({ source, destination }: OutgoingMessage) =>
  [source, destination].every(({ number }) => /^[\x20-\x7e]{1,20}$/.test(number))

/**
 * A long message of which some parts were taken and one was not is neither sent nor unsent: the
 * handset may show nothing, or show it when the rest is sent again with the same reference.
 */
function ofAll(last: SubmitOutcome, taken: number): SubmitOutcome {
  if (last.outcome === 'done' || taken === 0) return last
  return { outcome: 'unknown', detail: `${taken} parts taken, then ${last.outcome}` }
}

function checkSettings({
  systemId,
  password,
  systemType = '',
  addressRange = '',
}: SmppLinkOptions) {
  const tooLong = (text: string, max: number) => text.length > max || /[^\x20-\x7e]/.test(text)
  if (tooLong(systemId, 15)) throw new RangeError('system id: at most 15 ASCII characters')
  if (tooLong(password.reveal(), 32)) throw new RangeError('password: at most 32 ASCII characters')
  if (tooLong(systemType, 12)) throw new RangeError('system type: at most 12 ASCII characters')
  if (tooLong(addressRange, 40)) throw new RangeError('address range: at most 40 ASCII characters')
}
