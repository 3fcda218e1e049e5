/**
 * A session that may be used: signed on, with keys, and watched. It answers what the bank asks of a link.
 *
 *     signing_on ── 00 ──▶ keying ── keys here ──▶ ready ── sign-off ──▶ leaving
 *         ▲   └── keys are here already ────────────▲ │                     │
 *         └───────────── out of step ─────────────────┘                     ▼
 *     every state ── refused, silent, lost ─────────────────────────────▶ closed
 *
 * Field 70: 001 sign-on, 002 sign-off, 101 new key, 201 cut-over, 301 echo.
 */
import type { Duplex } from 'node:stream'
import { type Message, type OutgoingMessage, textOf } from '@telepurse/iso8583'
import type { BankTotals } from '../../bank-cards/index.ts'
import { readKeys, securityControlOf } from './key-messages.ts'
import type { BankHandlers, LinkLimits } from './options.ts'
import { noAnswer, type Reply, Session, type SessionSettings } from './session.ts'
import { totalsOf } from './totals.ts'
import { isManagement } from './wire.ts'
import type { KeyUse } from './zone-keys.ts'

export type SessionPhase = 'signing_on' | 'keying' | 'ready' | 'leaving' | 'closed'

const edges: Readonly<Record<SessionPhase, readonly SessionPhase[]>> = {
  signing_on: ['keying', 'ready', 'leaving', 'closed'],
  keying: ['ready', 'leaving', 'closed'],
  ready: ['signing_on', 'leaving', 'closed'],
  leaving: ['closed'],
  closed: [],
}

export interface SignedSettings extends SessionSettings {
  readonly limits: LinkLimits
  readonly handlers: BankHandlers
  /** A management request of ours, with its own trace number. */
  readonly management: (fields: Readonly<Record<number, string>>) => OutgoingMessage
  /** What to answer a request of the bank. */
  readonly answerTo: (request: Message, code: string) => OutgoingMessage
  /** Which keys this bank has with us: those of a group are asked for together. */
  readonly keyUses: readonly (readonly KeyUse[])[]
}

export interface SignedHandlers {
  onReady(): void
  onLate(message: Message): void
  onClosed(detail: string): void
}

export class SignedSession {
  readonly #session: Session
  readonly #settings: SignedSettings
  readonly #handlers: SignedHandlers
  readonly #awaitedKeys = new Map<KeyUse, (installed: boolean) => void>()
  #installing: Promise<unknown> = Promise.resolve()
  #phase: SessionPhase = 'signing_on'
  #probing = false
  #stopWatching: () => void = () => {}

  /** `renewKeys`: ask for new keys even when there are some. */
  constructor(
    stream: Duplex,
    settings: SignedSettings,
    { handlers, renewKeys }: { readonly handlers: SignedHandlers; readonly renewKeys: boolean },
  ) {
    this.#settings = settings
    this.#handlers = handlers
    this.#session = new Session(stream, settings, {
      onRequest: (message) => void this.#onRequest(message),
      onLate: (message) => {
        if (!isManagement(message)) handlers.onLate(message)
      },
      onClosed: (detail) => this.#onClosed(detail),
    })
    this.#watch()
    void this.#signOn(renewKeys)
  }

  get phase(): SessionPhase {
    return this.#phase
  }

  get outstanding(): number {
    return this.#session.outstanding
  }

  /** Sends a request of a verb. Unsent unless ready. */
  async request(message: OutgoingMessage): Promise<Reply> {
    if (this.#phase !== 'ready') return { kind: 'unsent', detail: this.#phase }
    const { heard } = this.#session
    const reply = await this.#session.request(message, this.#settings.limits.answerMs)
    const silent = reply.kind === 'unanswered' && reply.detail === noAnswer
    if (silent && this.#session.heard === heard) void this.#probe()
    return reply
  }

  /** Whether the bank answers an echo. */
  async echo(): Promise<boolean> {
    return codeIn(await this.#ask({ 70: '301' })) === '00'
  }

  /** The totals of a day that ended, MMDD; undefined when the bank does not tell them. */
  async totals(day: string): Promise<BankTotals | undefined> {
    const reply = await this.#ask({ 15: day, 70: '201' })
    return codeIn(reply) === '00' && reply.kind === 'answer' ? totalsOf(reply.message) : undefined
  }

  /** Signs on again, on the same connection. What is under way goes on. */
  repair(renewKeys: boolean): void {
    if (this.#phase !== 'ready') return
    this.#move('signing_on')
    void this.#signOn(renewKeys)
  }

  destroy(detail: string): void {
    this.#session.destroy(detail)
  }

  #ask(fields: Readonly<Record<number, string>>): Promise<Reply> {
    const { management, limits } = this.#settings
    return this.#session.request(management(fields), limits.answerMs)
  }

  async #signOn(renewKeys: boolean) {
    const code = codeIn(await this.#ask({ 70: '001' }))
    if (this.#phase !== 'signing_on') return
    if (code !== '00') return this.destroy(`sign_on_${code}`)
    const { ring, keyUses } = this.#settings
    const needed = keyUses.flatMap((group) =>
      renewKeys || group.some((use) => !ring.has(use)) ? [group] : [],
    )
    if (needed.length > 0) {
      this.#move('keying')
      for (const group of needed)
        if (!(await this.#askForKeys(group))) return this.destroy('no_keys')
    }
    if (this.#phase !== 'signing_on' && this.#phase !== 'keying') return
    this.#move('ready')
    this.#handlers.onReady()
  }

  /** The bank answers with the keys, or answers and then sends them in requests of its own, or the other way. */
  async #askForKeys(uses: readonly KeyUse[]): Promise<boolean> {
    const pushed = uses.map((use) => this.#awaitKey(use))
    const [use, other] = uses
    const one = use !== undefined && other === undefined
    const reply = await this.#ask({ ...(one && { 53: securityControlOf(use, 16) }), 70: '101' })
    if (codeIn(reply) !== '00') for (const it of uses) this.#settle(it, false)
    else if (reply.kind === 'answer' && readKeys(reply.message).length > 0) {
      const code = await this.#install(reply.message)
      this.#settleAll(reply.message, code)
    }
    return (await Promise.all(pushed)).every(Boolean)
  }

  #awaitKey(use: KeyUse): Promise<boolean> {
    const { timing, limits } = this.#settings
    return new Promise((resolve) => {
      const settle = (installed: boolean) => {
        forget()
        this.#awaitedKeys.delete(use)
        resolve(installed)
      }
      const forget = timing.after(limits.answerMs, () => settle(false))
      this.#awaitedKeys.set(use, settle)
    })
  }

  #settle(use: KeyUse, installed: boolean) {
    this.#awaitedKeys.get(use)?.(installed)
  }

  #settleAll(message: Message, code: string) {
    for (const { use } of readKeys(message)) this.#settle(use, code === '00')
  }

  /** One message after the other. Answers with the code for the bank. */
  #install(message: Message): Promise<string> {
    const work = async () => {
      const keys = readKeys(message)
      const { ring, log } = this.#settings
      for (const { use, wrapped, checkValue } of keys) {
        const installed = await ring.replace(use, wrapped, checkValue)
        log(installed ? 'info' : 'error', installed ? 'bank_key_new' : 'bank_key_refused', { use })
        if (!installed) return use === 'mac' ? 'A0' : '99'
      }
      return keys.length > 0 ? '00' : '30'
    }
    const done = this.#installing.then(work)
    this.#installing = done.catch(() => undefined)
    return done
  }

  async #onRequest(message: Message) {
    const { log, answerTo } = this.#settings
    const code = await this.#handle(message).catch(() => {
      log('error', 'bank_request_failed', {
        mti: message.mti,
        function: textOf(message, 70) ?? '-',
      })
      return '96'
    })
    this.#session.send(answerTo(message, code))
    if (!isManagement(message)) return
    // Only now: the bank must hear that we have the keys before anything comes under them.
    if (textOf(message, 70) === '101') this.#settleAll(message, code)
    if (textOf(message, 70) === '002') this.#leave()
  }

  async #handle(message: Message): Promise<string> {
    const { handlers } = this.#settings
    if (message.mti[1] === '5') {
      const totals = totalsOf(message)
      if (!totals) return '30'
      await handlers.onTotals(totals)
      return '00'
    }
    if (!isManagement(message)) return notSupported
    switch (textOf(message, 70)) {
      case '001':
      case '002':
      case '301':
        return '00'
      case '101':
        return this.#install(message)
      case '201': {
        const day = textOf(message, 15)
        if (day === undefined) return '30'
        const totals = totalsOf(message)
        await handlers.onCutOver({ day, ...(totals && { totals }) })
        return '00'
      }
      default:
        return notSupported
    }
  }

  /** The bank signs off: nothing new goes there, what is under way may still be answered. */
  #leave() {
    if (this.#phase === 'leaving' || this.#phase === 'closed') return
    this.#move('leaving')
    const { timing, limits } = this.#settings
    const stepMs = Math.max(1, Math.floor(limits.drainMs / 20))
    const wait = (leftMs: number) => {
      if (this.#session.outstanding === 0 || leftMs <= 0) return this.destroy('signed_off_by_bank')
      timing.after(stepMs, () => wait(leftMs - stepMs))
    }
    wait(limits.drainMs)
  }

  /** A connection that died without a word shows only by silence: it is asked, and ended if it stays silent. */
  #watch() {
    const { timing, limits } = this.#settings
    const { heard } = this.#session
    this.#stopWatching = timing.after(limits.echoMs, async () => {
      if (this.#session.heard === heard) await this.#probe()
      if (this.#phase !== 'closed') this.#watch()
    })
  }

  async #probe() {
    if (this.#probing) return
    this.#probing = true
    const reply = await this.#ask({ 70: '301' })
    this.#probing = false
    if (reply.kind === 'unanswered') this.destroy('echo_unanswered')
  }

  #onClosed(detail: string) {
    this.#stopWatching()
    this.#move('closed')
    for (const settle of this.#awaitedKeys.values()) settle(false)
    this.#handlers.onClosed(detail)
  }

  #move(next: SessionPhase) {
    if (!edges[this.#phase].includes(next)) throw new Error(`${this.#phase} does not go to ${next}`)
    this.#phase = next
  }
}

const notSupported = '40'

const codeIn = (reply: Reply): string =>
  reply.kind === 'answer' ? (textOf(reply.message, 39) ?? 'without_code') : reply.detail
