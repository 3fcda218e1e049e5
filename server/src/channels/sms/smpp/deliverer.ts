/**
 * Hands incoming messages to the program and acknowledges each only when its handler has finished:
 * until then the centre keeps the message, and sends it again. What fails, takes too long or finds no
 * room is refused as a temporary error (ESME_RX_T_APPN), which asks for the same.
 */
import { commandStatus, createResponse, describe, type Pdu, type PduOf } from '@telepurse/sms'
import type { Clock } from '../../../kernel/index.ts'
import { type IncomingMessage, type IncomingReceipt, incomingOf } from './messages.ts'
import type { SmppLimits, SmppLog } from './options.ts'
import type { Session } from './session.ts'

export interface SmppLinkHandlers {
  /** Resolve when the message is safe; reject to have it sent again. May be called with a duplicate. */
  onMessage(message: IncomingMessage): Promise<void>
  /** The same for a delivery receipt. It may come before the outcome of its own submit. */
  onReceipt(receipt: IncomingReceipt): Promise<void>
}

type Delivery = { readonly session: Session; readonly pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'> }

export class Deliverer {
  readonly #limits: SmppLimits
  readonly #clock: Clock
  readonly #log: SmppLog
  readonly #handlers: SmppLinkHandlers
  readonly #waiting: Delivery[] = []
  #running = 0
  #stopped = false
  #onIdle: (() => void) | undefined

  constructor(limits: SmppLimits, clock: Clock, log: SmppLog, handlers: SmppLinkHandlers) {
    this.#limits = limits
    this.#clock = clock
    this.#log = log
    this.#handlers = handlers
  }

  /** Being handled, and waiting to be. */
  get delivering(): number {
    return this.#running + this.#waiting.length
  }

  take(session: Session, pdu: Delivery['pdu']): void {
    const delivery = { session, pdu }
    if (this.#stopped) answer(delivery, commandStatus.ESME_RX_T_APPN)
    else if (this.#running < this.#limits.deliversMax) this.#run(delivery)
    else if (this.#waiting.length < this.#limits.deliversWaitingMax) this.#waiting.push(delivery)
    else answer(delivery, commandStatus.ESME_RX_T_APPN)
  }

  /** Refuses what comes from now on, and resolves when the running handlers have finished. */
  stop(): Promise<void> {
    this.#stopped = true
    for (const delivery of this.#waiting.splice(0)) answer(delivery, commandStatus.ESME_RX_T_APPN)
    if (this.#running === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#onIdle = resolve
    })
  }

  #run(delivery: Delivery) {
    let isOver = false
    const end = (status: number) => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      answer(delivery, status)
      this.#running -= 1
      const next = this.#waiting.shift()
      if (next) this.#run(next)
      else if (this.#running === 0) this.#onIdle?.()
    }
    const fail = (error: unknown) => {
      if (isOver) return
      // Its message may quote what a person wrote; its name and code do not.
      const { name = 'unknown', code = '' } = (error ?? {}) as { name?: string; code?: string }
      this.#log('error', 'smpp_delivery_failed', { name, code, pdu: describe(delivery.pdu) })
      end(commandStatus.ESME_RX_T_APPN)
    }
    this.#running += 1
    const tooLong = () => fail(new Error('the handler took too long'))
    const timer = setTimeout(tooLong, this.#limits.deliverMs)
    this.#handle(delivery).then(end, fail)
  }

  async #handle({ pdu }: Delivery): Promise<number> {
    const incoming = incomingOf(pdu, this.#clock.now())
    if (!incoming.ok) {
      // It will not get better by being sent again.
      const reason = incoming.refusal
      this.#log('warn', 'smpp_message_unreadable', { reason, pdu: describe(pdu) })
      return commandStatus.ESME_RX_P_APPN
    }
    const { value } = incoming
    if (value.kind === 'other') this.#log('info', 'smpp_message_ignored', { detail: value.detail })
    if (value.kind === 'message') await this.#handlers.onMessage(value.message)
    if (value.kind === 'receipt') await this.#handlers.onReceipt(value.receipt)
    return commandStatus.ESME_ROK
  }
}

const answer = ({ session, pdu }: Delivery, status: number) =>
  session.send(createResponse(pdu, { status }) as Pdu)
