/**
 * One connection to a bank from connect to close: frames, message authentication codes, and which answer
 * belongs to which request. It knows nothing of signing on, of hours or of queues.
 *
 * A request ends in exactly one of three ways: an intact answer to it, no answer, or not one octet sent. An
 * answer that belongs to nobody settles nobody's request. A false code, or a frame whose length cannot be
 * right, ends the connection: nothing after it can be trusted, and what was under way is unknown.
 */
import type { Duplex } from 'node:stream'
import {
  createFramer,
  decode,
  describe,
  encode,
  encodeWithMac,
  frameMessage,
  type Message,
  type MessageSpec,
  type OutgoingMessage,
} from '@telepurse/iso8583'
import type { MacRing } from './mac-ring.ts'
import { type BankLog, type BankOptions, unsentOctetsMax } from './options.ts'
import type { Timing } from './timing.ts'
import { awaitedKeyOf, isManagement, isRequest, keyOf } from './wire.ts'

export type Reply =
  | { readonly kind: 'answer'; readonly message: Message }
  /** It may have arrived. `alarm`: what came instead of an answer was false. */
  | { readonly kind: 'unanswered'; readonly detail: string; readonly alarm?: true }
  | { readonly kind: 'unsent'; readonly detail: string }

export interface SessionHandlers {
  /** A request or advice of the bank. Its code, where it must carry one, is true. */
  onRequest(message: Message): void
  /** An intact answer that nobody waits for. */
  onLate(message: Message): void
  /** Once, when the connection is over. */
  onClosed(detail: string): void
}

export interface SessionSettings {
  readonly spec: MessageSpec
  readonly ring: MacRing
  readonly timing: Timing
  readonly log: BankLog
  readonly trace?: BankOptions['trace'] | undefined
}

/** How long last words may take to leave before the connection is cut. */
const lastWordsMs = 2_000

export class Session {
  readonly #stream: Duplex
  readonly #settings: SessionSettings
  readonly #handlers: SessionHandlers
  readonly #framer
  readonly #pending = new Map<string, (reply: Reply) => void>()
  #gathering = false
  #heard = 0
  #closed: string | undefined

  /** `stream` is connected. */
  constructor(stream: Duplex, settings: SessionSettings, handlers: SessionHandlers) {
    this.#stream = stream
    this.#settings = settings
    this.#handlers = handlers
    this.#framer = createFramer(settings.spec.frame)
    stream.on('data', (chunk: Uint8Array) => this.#onOctets(chunk))
    stream.on('error', (error) => this.destroy(wordOf(error)))
    stream.on('end', () => this.destroy('closed_by_bank'))
    stream.on('close', () => this.destroy('closed'))
  }

  /** Requests that wait for their answer. */
  get outstanding(): number {
    return this.#pending.size
  }

  /**
   * How many messages came that could be read: who sees the same number twice has heard nothing in between. A
   * stream that has lost its frames goes on for ever without one, and must be found out by its silence.
   */
  get heard(): number {
    return this.#heard
  }

  /** Sends a request. Never rejects. */
  request(message: OutgoingMessage, answerMs: number): Promise<Reply> {
    const unsent = (detail: string) => Promise.resolve({ kind: 'unsent', detail } as const)
    if (this.#closed !== undefined) return unsent(this.#closed)
    if (!this.#stream.writable) return unsent('not_writable')
    const key = awaitedKeyOf(message)
    if (this.#pending.has(key))
      return Promise.resolve({ kind: 'unanswered', detail: underWay } as const)
    const octets = this.#encode(message)
    if (typeof octets === 'string') return unsent(octets)
    return new Promise((resolve) => {
      const settle = (reply: Reply) => {
        forget()
        this.#pending.delete(key)
        resolve(reply)
      }
      const forget = this.#settings.timing.after(answerMs, () =>
        settle({ kind: 'unanswered', detail: noAnswer }),
      )
      this.#pending.set(key, settle)
      this.#write(octets, message)
    })
  }

  /** Answers a request of the bank. */
  send(message: OutgoingMessage): void {
    if (this.#closed !== undefined) return
    const octets = this.#encode(message)
    if (typeof octets !== 'string') return this.#write(octets, message)
    this.#settings.log('error', 'bank_answer_unwritable', { mti: message.mti, detail: octets })
  }

  /** Ends the connection; `detail` says why. What was written just now still goes out. */
  destroy(detail: string): void {
    if (this.#closed !== undefined) return
    this.#closed = detail
    const forget = this.#settings.timing.after(lastWordsMs, () => this.#stream.destroy())
    this.#stream.once('close', forget)
    this.#stream.end(() => this.#stream.destroy())
    for (const settle of [...this.#pending.values()]) settle({ kind: 'unanswered', detail })
    this.#handlers.onClosed(detail)
  }

  #encode(message: OutgoingMessage): Uint8Array | string {
    const { spec, ring } = this.#settings
    const mac = isManagement(message) ? undefined : ring.mac()
    if (!mac && !isManagement(message)) return 'no_mac_key'
    const encoded = mac ? encodeWithMac(spec, message, mac) : encode(spec, message)
    return encoded.ok ? encoded.value : encoded.refusal.code
  }

  /** What is sent in one turn of the event loop leaves together. */
  #write(octets: Uint8Array, message: OutgoingMessage) {
    const { spec, trace } = this.#settings
    trace?.('sent', describe(spec, { header: {}, ...message }))
    if (!this.#gathering) {
      this.#gathering = true
      this.#stream.cork()
      process.nextTick(() => {
        this.#gathering = false
        this.#stream.uncork()
      })
    }
    this.#stream.write(frameMessage(spec.frame, octets))
    if (this.#stream.writableLength > unsentOctetsMax) this.destroy('bank_does_not_read')
  }

  #onOctets(chunk: Uint8Array) {
    const { messages, fault } = this.#framer.push(chunk)
    for (const octets of messages) {
      if (this.#closed !== undefined) return
      this.#onMessage(octets)
    }
    if (fault) this.destroy(fault.reason)
  }

  /** A message that cannot be read is dropped: the frame still leads to the next, and nobody is answered. */
  #onMessage(octets: Uint8Array) {
    const { spec, ring, log, trace } = this.#settings
    const decoded = decode(spec, octets)
    if (!decoded.ok) return log('error', 'bank_unreadable', { detail: decoded.refusal.code })
    const message = decoded.value
    this.#heard += 1
    trace?.('received', describe(spec, message))
    const mustCarryMac = !isManagement(message)
    if (mustCarryMac && !ring.holds(octets, message)) return this.#onFalseMac(message)
    if (isRequest(message)) return this.#handlers.onRequest(message)
    const settle = this.#pending.get(keyOf(message))
    if (settle) settle({ kind: 'answer', message })
    else this.#handlers.onLate(message)
  }

  #onFalseMac(message: Message) {
    this.#settings.log('error', 'bank_mac_wrong', { mti: message.mti })
    this.#pending.get(keyOf(message))?.({ kind: 'unanswered', detail: macWrong, alarm: true })
    this.destroy(macWrong)
  }
}

export const noAnswer = 'no_answer_in_time'
export const underWay = 'under_way'
export const macWrong = 'mac_wrong'

/** The code of a network error: its message may hold addresses. */
function wordOf(error: Error): string {
  const code = 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code.toLowerCase() : 'connection_failed'
}
