/**
 * The queue of messages for the ESME. Each is sent again and again, with growing pauses, until the
 * ESME acknowledges it with ESME_ROK, says that it never will (ESME_RX_P_APPN, ESME_RX_R_APPN), or the
 * attempts run out. While no ESME is bound nothing is tried, and nothing counts as an attempt.
 */
import { type BodyOf, commandStatus, type Tlv } from '@telepurse/sms'
import type { DeliverAnswer, EsmeSession } from './esme-session.ts'
import type { FaultDice, NetworkFaults } from './faults.ts'

export interface Delivery {
  /** Unique for ever; the ESME can tell a repetition by it. */
  readonly id: string
  readonly messageId: string
  readonly body: Partial<BodyOf<'deliver_sm'>>
  readonly tlvs: readonly Tlv[]
}

export interface DeliveryLimits {
  /** deliver_sm sent to one ESME and not yet answered. */
  readonly window: number
  readonly queueMax: number
  readonly attemptsMax: number
  /** The first and the longest pause between two attempts; it doubles in between. */
  readonly retryMs: number
  readonly retryMaxMs: number
}

export interface Deliveries {
  add(delivery: Delivery): void
  full(): boolean
  /** A session came, or has room again. */
  pump(): void
  /** Queued, resting or in flight. */
  pending(): Iterable<Delivery>
  forget(id: string): void
  stop(): void
}

interface Entry {
  readonly delivery: Delivery
  attempts: number
}

export function createDeliveries(
  limits: DeliveryLimits,
  dice: FaultDice,
  network: {
    faults(): NetworkFaults
    /** Bound sessions that take deliveries. */
    receivers(): readonly EsmeSession[]
    onSettled(delivery: Delivery, delivered: boolean): void
  },
): Deliveries {
  const entries = new Map<string, Entry>()
  const timers = new Set<NodeJS.Timeout>()
  let ready: Entry[] = []
  let turn = 0
  let stopped = false

  const after = (ms: number, act: () => void) => {
    if (stopped) return
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.add(timer)
  }

  const makeReady = (entry: Entry) => {
    if (stopped || !entries.has(entry.delivery.id)) return
    ready.push(entry)
    pump()
  }

  const settle = ({ delivery }: Entry, delivered: boolean) => {
    if (!stopped && entries.delete(delivery.id)) network.onSettled(delivery, delivered)
  }

  const rest = (entry: Entry) => {
    if (entry.attempts >= limits.attemptsMax) return settle(entry, false)
    const pause = limits.retryMs * 2 ** Math.min(entry.attempts - 1, 16)
    after(Math.min(limits.retryMaxMs, pause), () => makeReady(entry))
  }

  const onAnswer = (entry: Entry, session: EsmeSession, answer: DeliverAnswer) => {
    const { delivery } = entry
    if (answer === 'closed') {
      entry.attempts -= 1
      makeReady(entry)
    } else if (answer === commandStatus.ESME_ROK) {
      settle(entry, true)
      if (dice.happens(network.faults().duplicatePercent))
        void session.deliver(delivery.body, delivery.tlvs)
    } else if (answer === commandStatus.ESME_RX_P_APPN || answer === commandStatus.ESME_RX_R_APPN)
      settle(entry, false)
    else rest(entry)
    pump()
  }

  const attempt = async (entry: Entry, session: EsmeSession) => {
    entry.attempts += 1
    if (dice.happens(network.faults().lossPercent)) return rest(entry)
    onAnswer(entry, session, await session.deliver(entry.delivery.body, entry.delivery.tlvs))
  }

  const nextReceiver = () => {
    const free = network.receivers().filter((it) => it.outstanding() < limits.window)
    turn += 1
    return free[turn % Math.max(1, free.length)]
  }

  const pump = () => {
    while (!stopped && ready.length > 0) {
      const session = nextReceiver()
      if (!session) return
      const entry = ready.shift()
      if (entry && entries.has(entry.delivery.id)) void attempt(entry, session)
    }
  }

  return {
    pump,
    full: () => entries.size >= limits.queueMax,
    pending: () => [...entries.values()].map((it) => it.delivery),
    forget: (id) => void entries.delete(id),
    add(delivery) {
      const entry = { delivery, attempts: 0 }
      entries.set(delivery.id, entry)
      const delay = dice.delay(network.faults())
      if (delay > 0) after(delay, () => makeReady(entry))
      else makeReady(entry)
    },
    stop() {
      stopped = true
      ready = []
      for (const timer of timers) clearTimeout(timer)
    },
  }
}
