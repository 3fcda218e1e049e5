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

export interface Deliverer {
  take(session: Session, pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'>): void
  /** Being handled, and waiting to be. */
  delivering(): number
  /** Refuses what comes from now on, and resolves when the running handlers have finished. */
  stop(): Promise<void>
}

type Delivery = { readonly session: Session; readonly pdu: PduOf<'deliver_sm'> | PduOf<'data_sm'> }

export function createDeliverer(
  limits: SmppLimits,
  clock: Clock,
  log: SmppLog,
  handlers: SmppLinkHandlers,
): Deliverer {
  const waiting: Delivery[] = []
  let running = 0
  let stopped = false
  let onIdle: (() => void) | undefined

  const answer = ({ session, pdu }: Delivery, status: number) =>
    session.send(createResponse(pdu, { status }) as Pdu)

  const handle = async (delivery: Delivery): Promise<number> => {
    const incoming = incomingOf(delivery.pdu, clock.now())
    if (!incoming.ok) {
      // It will not get better by being sent again.
      log('warn', 'smpp_message_unreadable', {
        reason: incoming.refusal,
        pdu: describe(delivery.pdu),
      })
      return commandStatus.ESME_RX_P_APPN
    }
    const { value } = incoming
    if (value.kind === 'other') log('info', 'smpp_message_ignored', { detail: value.detail })
    if (value.kind === 'message') await handlers.onMessage(value.message)
    if (value.kind === 'receipt') await handlers.onReceipt(value.receipt)
    return commandStatus.ESME_ROK
  }

  const run = async (delivery: Delivery) => {
    running += 1
    let timer: NodeJS.Timeout | undefined
    const tooLong = new Promise<number>((_, reject) => {
      timer = setTimeout(() => reject(new Error('the handler took too long')), limits.deliverMs)
    })
    try {
      answer(delivery, await Promise.race([handle(delivery), tooLong]))
    } catch (error) {
      const detail = error instanceof Error ? error.message : 'unknown'
      log('error', 'smpp_delivery_failed', { detail, pdu: describe(delivery.pdu) })
      answer(delivery, commandStatus.ESME_RX_T_APPN)
    }
    clearTimeout(timer)
    running -= 1
    const next = waiting.shift()
    if (next) void run(next)
    else if (running === 0) onIdle?.()
  }

  return {
    delivering: () => running + waiting.length,
    take(session, pdu) {
      const delivery = { session, pdu }
      if (stopped) answer(delivery, commandStatus.ESME_RX_T_APPN)
      else if (running < limits.deliversMax) void run(delivery)
      else if (waiting.length < limits.deliversWaitingMax) waiting.push(delivery)
      else answer(delivery, commandStatus.ESME_RX_T_APPN)
    },
    stop() {
      stopped = true
      for (const delivery of waiting.splice(0)) answer(delivery, commandStatus.ESME_RX_T_APPN)
      if (running === 0) return Promise.resolve()
      return new Promise((resolve) => {
        onIdle = resolve
      })
    },
  }
}
