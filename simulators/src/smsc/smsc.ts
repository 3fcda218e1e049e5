/**
 * A short message service centre that speaks real SMPP 3.4, with virtual handsets behind it. Whatever
 * a handset sends is kept until a bound ESME acknowledges it; whatever an ESME submits lands in the
 * handset's mailbox. Faults can be turned on while it runs. For demonstrations and tests only.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { commandStatus, createPdu, encodePdu, type Pdu } from '@telepurse/sms'
import {
  defaultLimits,
  type Smsc,
  type SmscChange,
  type SmscLimits,
  type SmscOptions,
} from './contract.ts'
import { Deliveries, type Delivery } from './deliveries.ts'
import { EsmeSession } from './esme-session.ts'
import { createFaultDice, type NetworkFaults, noFaults } from './faults.ts'
import type { HandsetMessage } from './mailbox.ts'
import { type Handset, parseHandset, peerName } from './numbers.ts'
import {
  checkHandsetText,
  deliveriesOf,
  type HandsetText,
  HandsetTextRefused,
} from './originated.ts'
import { Store } from './store.ts'
import { Submits } from './submits.ts'

/** A deliver_sm whose command_length is right and whose mandatory fields are cut off. */
const malformed = encodePdu(createPdu('deliver_sm', { sequence: 0x7ffffffe })).slice(0, 20)
new DataView(malformed.buffer).setUint32(0, malformed.length)

/** Makes a centre; `listen` opens its port. Reads the journal, when there is one, at once. */
export const createSmsc = (options: SmscOptions): Smsc => new Centre(options)

class Centre implements Smsc {
  readonly #options: SmscOptions
  readonly #limits: SmscLimits
  readonly #store: Store
  readonly #deliveries: Deliveries
  readonly #submits: Submits
  readonly #server = createServer((socket) => this.#onConnection(socket))
  readonly #sessions = new Set<EsmeSession>()
  readonly #sockets = new Set<Socket>()
  readonly #listeners = new Set<(change: SmscChange) => void>()
  readonly #delivered = new Map<string, (delivered: boolean) => void>()
  readonly #timers = new Map<NodeJS.Timeout, () => void>()
  /** Ids never repeat over restarts: whoever keeps them takes a repeated id for a repetition. */
  readonly #run = randomBytes(5).toString('hex')
  #ids = 0
  #faults = noFaults
  #stopped = false

  constructor(options: SmscOptions) {
    const dice = createFaultDice(options.random ?? (() => 0.999_999))
    this.#options = options
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#store = new Store(options.journal, options.now())
    this.#deliveries = new Deliveries(this.#limits, dice, {
      faults: () => this.#faults,
      receivers: () => this.#receivers(),
      onSettled: (delivery, delivered) => this.#onSettled(delivery, delivered),
    })
    this.#submits = new Submits(
      {
        now: options.now,
        faults: () => this.#faults,
        nextId: () => this.#nextId(),
        later: (ms, act) => this.#later(ms, act),
        receive: (handset, message) => this.#receive(handset, message),
        keepPart: (part, at) => this.#store.keepPart(part, at),
        deliver: (delivery) => this.#enqueue(delivery),
      },
      dice,
    )
    const { deliveries, parts } = this.#store.left()
    for (const { part, at } of parts) this.#submits.restore(part, at)
    for (const delivery of deliveries) this.#deliveries.add(delivery)
  }

  listen(): Promise<{ readonly port: number }> {
    const { port, host = '127.0.0.1' } = this.#options
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject)
      this.#server.listen(port, host, () => {
        const address = this.#server.address()
        resolve({ port: typeof address === 'object' && address ? address.port : port })
      })
    })
  }

  async stop(): Promise<void> {
    if (this.#stopped) return
    this.#stopped = true
    this.#deliveries.stop()
    // What was only delayed is not lost by stopping.
    const waiting = [...this.#timers]
    this.#timers.clear()
    for (const [timer, act] of waiting) {
      clearTimeout(timer)
      act()
    }
    this.#cutLinks()
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve))
    this.#store.close()
  }

  async sendFromHandset(text: HandsetText) {
    const handset = parseHandset(text.from)
    const refusal =
      checkHandsetText(text) ?? (this.#deliveries.full ? ('queue_full' as const) : undefined)
    if (refusal || !handset) throw new HandsetTextRefused(refusal ?? 'not_a_mobile_number')
    if (this.#stopped) throw new Error('the centre is stopped')
    const messageId = this.#nextId()
    const parts = deliveriesOf(messageId, text, this.#ids % 256)
    const message = { id: messageId, text: text.text, at: this.#options.now(), parts: parts.length }
    const toHandset = parseHandset(text.to)
    const status = toHandset ? 'delivered' : 'queued'
    this.#receive(handset, { ...message, direction: 'sent', peer: peerName(text.to), status })
    if (toHandset) {
      const peer = peerName(handset)
      this.#receive(toHandset, { ...message, direction: 'received', peer, status: 'received' })
      return { messageId, delivered: Promise.resolve(true) }
    }
    // All parts are kept before the first can be settled, or the first alone would be the message.
    for (const delivery of parts) this.#store.keepDelivery(delivery)
    this.#options.onMobileOriginated?.(`+${handset}`, parts.length)
    const delivered = new Promise<boolean>((resolve) => this.#delivered.set(messageId, resolve))
    for (const delivery of parts) this.#deliveries.add(delivery)
    return { messageId, delivered }
  }

  deliver({ from, to, text }: { from: string; to: string; text: string }): void {
    const handset = parseHandset(to)
    if (!handset || this.#stopped) return
    const message = { id: this.#nextId(), text, at: this.#options.now(), parts: 1 }
    const peer = peerName(from)
    this.#receive(handset, { ...message, direction: 'received', peer, status: 'received' })
  }

  messages(msisdn: string, after?: string): readonly HandsetMessage[] {
    return this.#store.list(parseHandset(msisdn) ?? '', after)
  }

  deleteMessages(msisdn: string): void {
    const handset = parseHandset(msisdn)
    if (!handset) return
    this.#store.clear(handset)
    this.#tell({ kind: 'mailbox', msisdn: `+${handset}` })
  }

  faults(): NetworkFaults {
    return this.#faults
  }

  setFaults(changes: Partial<NetworkFaults>): void {
    this.#faults = { ...this.#faults, ...changes, malformedPdu: false }
    if (this.#faults.dropLink) this.#cutLinks()
    if (changes.malformedPdu)
      for (const session of this.#sessions) if (session.mode) session.sendOctets(malformed)
    this.#tell({ kind: 'faults', faults: this.#faults })
  }

  boundLinks(): number {
    return [...this.#sessions].filter((it) => it.mode).length
  }

  queued(): number {
    return this.#deliveries.pending
  }

  onChange(listener: (change: SmscChange) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  #onConnection(socket: Socket) {
    if (this.#faults.dropLink || this.#stopped) return socket.destroy()
    this.#sockets.add(socket)
    socket.on('close', () => this.#sockets.delete(socket))
    const session = new EsmeSession(socket, this.#limits, {
      authenticate: ({ body }) => this.#authenticate(body.system_id, body.password),
      onRequest: (from, pdu) => this.#onRequest(from, pdu),
      onBound: () => {
        this.#tellLinks()
        this.#deliveries.pump()
      },
      onClosed: (ended) => {
        if (this.#sessions.delete(ended)) this.#tellLinks()
      },
    })
    this.#sessions.add(session)
  }

  #authenticate(systemId: string, password: string): number {
    if (systemId !== this.#options.systemId) return commandStatus.ESME_RINVSYSID
    const known = password === this.#options.password
    return known ? commandStatus.ESME_ROK : commandStatus.ESME_RINVPASWD
  }

  #onRequest(session: EsmeSession, pdu: Pdu) {
    if (pdu.command === 'submit_sm' || pdu.command === 'data_sm')
      return this.#submits.take(session, pdu)
    // submit_multi, query_sm, cancel_sm and replace_sm are not offered by this centre.
    const status = commandStatus.ESME_RINVCMDID
    session.send(createPdu('generic_nack', { sequence: pdu.sequence, status }))
  }

  #receivers(): EsmeSession[] {
    return [...this.#sessions].filter((it) => it.mode === 'receiver' || it.mode === 'transceiver')
  }

  #enqueue(delivery: Delivery) {
    if (this.#deliveries.full) return
    this.#store.keepDelivery(delivery)
    this.#deliveries.add(delivery)
  }

  #onSettled(delivery: Delivery, delivered: boolean) {
    const { messageId, body } = delivery
    const failedBefore = this.#store.progress(messageId).failed
    this.#store.settle(delivery, delivered)
    if (this.#store.progress(messageId).open > 0) return
    this.#delivered.get(messageId)?.(delivered && !failedBefore)
    this.#delivered.delete(messageId)
    const handset = parseHandset(body.source_addr ?? '')
    if (handset) this.#tell({ kind: 'mailbox', msisdn: `+${handset}` })
  }

  #receive(handset: Handset, message: HandsetMessage) {
    this.#store.add(handset, message)
    this.#tell({ kind: 'message', msisdn: `+${handset}`, message })
  }

  #nextId(): string {
    this.#ids += 1
    return `${this.#run}${this.#ids.toString(16).padStart(6, '0')}`
  }

  #later(ms: number, act: () => void) {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      act()
    }, ms)
    this.#timers.set(timer, act)
  }

  #cutLinks() {
    for (const socket of this.#sockets) socket.destroy()
  }

  #tellLinks() {
    const bound = this.boundLinks()
    this.#options.log?.('smsc_links', { bound })
    this.#tell({ kind: 'links', bound })
  }

  #tell(change: SmscChange) {
    for (const listener of this.#listeners) listener(change)
  }
}
