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

export interface DeliveryNetwork {
  faults(): NetworkFaults
  /** Bound sessions that take deliveries. */
  receivers(): readonly EsmeSession[]
  onSettled(delivery: Delivery, delivered: boolean): void
}

interface Entry {
  readonly delivery: Delivery
  attempts: number
}

export class Deliveries {
  readonly #limits: DeliveryLimits
  readonly #dice: FaultDice
  readonly #network: DeliveryNetwork
  readonly #entries = new Map<string, Entry>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #ready: Entry[] = []
  #turn = 0
  #stopped = false

  constructor(limits: DeliveryLimits, dice: FaultDice, network: DeliveryNetwork) {
    this.#limits = limits
    this.#dice = dice
    this.#network = network
  }

  /** Queued, resting or in flight. */
  get pending(): number {
    return this.#entries.size
  }

  get full(): boolean {
    return this.#entries.size >= this.#limits.queueMax
  }

  add(delivery: Delivery): void {
    const entry = { delivery, attempts: 0 }
    this.#entries.set(delivery.id, entry)
    const delay = this.#dice.delay(this.#network.faults())
    if (delay > 0) this.#after(delay, () => this.#makeReady(entry))
    else this.#makeReady(entry)
  }

  /** Sends what can be sent. Call it when a session came. */
  pump(): void {
    while (!this.#stopped && this.#ready.length > 0) {
      const session = this.#nextReceiver()
      if (!session) return
      const entry = this.#ready.shift()
      if (entry) void this.#attempt(entry, session)
    }
  }

  stop(): void {
    this.#stopped = true
    this.#ready = []
    for (const timer of this.#timers) clearTimeout(timer)
  }

  #after(ms: number, act: () => void) {
    if (this.#stopped) return
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.add(timer)
  }

  #makeReady(entry: Entry) {
    if (this.#stopped) return
    this.#ready.push(entry)
    this.pump()
  }

  #nextReceiver(): EsmeSession | undefined {
    const free = this.#network.receivers().filter((it) => it.outstanding < this.#limits.window)
    this.#turn += 1
    return free[this.#turn % Math.max(1, free.length)]
  }

  async #attempt(entry: Entry, session: EsmeSession) {
    const { body, tlvs } = entry.delivery
    entry.attempts += 1
    if (this.#dice.happens(this.#network.faults().lossPercent)) return this.#rest(entry)
    this.#onAnswer(entry, session, await session.deliver(body, tlvs))
    this.pump()
  }

  #onAnswer(entry: Entry, session: EsmeSession, answer: DeliverAnswer) {
    const { body, tlvs } = entry.delivery
    if (answer === 'closed') {
      entry.attempts -= 1
      this.#makeReady(entry)
    } else if (answer === commandStatus.ESME_ROK) {
      this.#settle(entry, true)
      const { duplicatePercent } = this.#network.faults()
      if (this.#dice.happens(duplicatePercent)) void session.deliver(body, tlvs)
    } else if (answer === commandStatus.ESME_RX_P_APPN || answer === commandStatus.ESME_RX_R_APPN)
      this.#settle(entry, false)
    else this.#rest(entry)
  }

  #rest(entry: Entry) {
    const { attemptsMax, retryMs, retryMaxMs } = this.#limits
    if (entry.attempts >= attemptsMax) return this.#settle(entry, false)
    const pause = retryMs * 2 ** Math.min(entry.attempts - 1, 16)
    this.#after(Math.min(retryMaxMs, pause), () => this.#makeReady(entry))
  }

  #settle({ delivery }: Entry, delivered: boolean) {
    if (!this.#stopped && this.#entries.delete(delivery.id))
      this.#network.onSettled(delivery, delivered)
  }
}
