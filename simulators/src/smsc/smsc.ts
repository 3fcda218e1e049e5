/**
 * A short message service centre that speaks real SMPP 3.4, with virtual handsets behind it. Whatever
 * a handset sends is kept until a bound ESME acknowledges it; whatever an ESME submits lands in the
 * handset's mailbox. Faults can be turned on while it runs. For demonstrations and tests only.
 */
import { randomBytes } from 'node:crypto'
import { createServer, type Socket } from 'node:net'
import { commandStatus, createPdu, encodePdu, type Pdu } from '@telepurse/sms'
import { createDeliveries, type DeliveryLimits } from './deliveries.ts'
import { createEsmeSession, type EsmeSession, type EsmeSessionLimits } from './esme-session.ts'
import { createFaultDice, type NetworkFaults, noFaults } from './faults.ts'
import type { HandsetMessage } from './mailbox.ts'
import { type Handset, parseHandset, peerName } from './numbers.ts'
import {
  checkHandsetText,
  deliveriesOf,
  type HandsetText,
  HandsetTextRefused,
} from './originated.ts'
import { openStore } from './store.ts'
import { createSubmits } from './submits.ts'

export interface SmscOptions {
  /** 0 for any free port. */
  readonly port: number
  /** Default 127.0.0.1. */
  readonly host?: string
  readonly systemId: string
  readonly password: string
  /** Milliseconds since 1970 UTC: for the times of messages. */
  readonly now: () => number
  /** From 0 up to 1: decides the faults. Default: none happens by chance of less than 100 %. */
  readonly random?: () => number
  /** Without texts and numbers. */
  readonly log?: (event: string, details: Readonly<Record<string, string | number>>) => void
  /** A file that keeps messages over a restart. */
  readonly journal?: string
  /** Called once for every text a handset sends to a service, with the short messages it took. */
  readonly onMobileOriginated?: (from: string, parts: number) => void
  readonly limits?: Partial<SmscLimits>
}

export interface SmscLimits extends DeliveryLimits, EsmeSessionLimits {}

const defaultLimits: SmscLimits = {
  window: 10,
  queueMax: 100_000,
  attemptsMax: 100,
  retryMs: 1_000,
  retryMaxMs: 30_000,
  deliverMs: 10_000,
  enquireLinkMs: 30_000,
  bindMs: 10_000,
}

export type SmscChange =
  | { readonly kind: 'message'; readonly msisdn: string; readonly message: HandsetMessage }
  /** The status of a sent message changed, or a mailbox was emptied: ask for the list again. */
  | { readonly kind: 'mailbox'; readonly msisdn: string }
  | { readonly kind: 'links'; readonly bound: number }
  | { readonly kind: 'faults'; readonly faults: NetworkFaults }

export interface Smsc {
  /** Opens the port and resolves with it. */
  listen(): Promise<{ readonly port: number }>
  /** Cuts all links and closes the journal. */
  stop(): Promise<void>
  /**
   * Sends a text from a handset. Resolves when it is kept safe; `delivered` then tells, some time,
   * whether the service took it: true when all parts were acknowledged. Rejects with
   * HandsetTextRefused for a text that cannot be sent.
   */
  sendFromHandset(text: HandsetText): Promise<{
    readonly messageId: string
    readonly delivered: Promise<boolean>
  }>
  /** Oldest first; `after` is an id, for only what is newer. Empty for an unknown number. */
  messages(msisdn: string, after?: string): readonly HandsetMessage[]
  deleteMessages(msisdn: string): void
  faults(): NetworkFaults
  setFaults(changes: Partial<NetworkFaults>): void
  /** Sessions bound now. */
  boundLinks(): number
  /** Handset messages not yet taken by the service, and receipts. */
  queued(): number
  /** Returns the function that stops listening. */
  onChange(listener: (change: SmscChange) => void): () => void
}

/** A submit_sm whose command_length is right and whose mandatory fields are cut off. */
const malformed = encodePdu(createPdu('deliver_sm', { sequence: 0x7ffffffe })).slice(0, 20)
new DataView(malformed.buffer).setUint32(0, malformed.length)

export function createSmsc(options: SmscOptions): Smsc {
  const limits = { ...defaultLimits, ...options.limits }
  const dice = createFaultDice(options.random ?? (() => 0.999_999))
  const store = openStore(options.journal, options.now())
  const sessions = new Set<EsmeSession>()
  const sockets = new Set<Socket>()
  const listeners = new Set<(change: SmscChange) => void>()
  const delivered = new Map<string, (delivered: boolean) => void>()
  const timers = new Map<NodeJS.Timeout, () => void>()
  // Ids must never repeat over restarts: whoever keeps them takes a repeated id for a repetition.
  const run = randomBytes(5).toString('hex')
  let faults = noFaults
  let ids = 0
  let stopped = false

  const nextId = () => {
    ids += 1
    return `${run}${ids.toString(16).padStart(6, '0')}`
  }
  const tell = (change: SmscChange) => {
    for (const listener of listeners) listener(change)
  }
  const tellLinks = () => {
    options.log?.('smsc_links', { bound: boundLinks() })
    tell({ kind: 'links', bound: boundLinks() })
  }
  const boundLinks = () => [...sessions].filter((it) => it.mode()).length

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer)
      act()
    }, ms)
    timers.set(timer, act)
  }

  const receive = (handset: Handset, message: HandsetMessage) => {
    store.add(handset, message)
    tell({ kind: 'message', msisdn: `+${handset}`, message })
  }

  const deliveries = createDeliveries(limits, dice, {
    faults: () => faults,
    receivers: () =>
      [...sessions].filter((it) => it.mode() === 'receiver' || it.mode() === 'transceiver'),
    onSettled(delivery, ok) {
      const failedBefore = store.progress(delivery.messageId).failed
      store.settle(delivery, ok)
      if (store.progress(delivery.messageId).open > 0) return
      delivered.get(delivery.messageId)?.(ok && !failedBefore)
      delivered.delete(delivery.messageId)
      const handset = parseHandset(delivery.body.source_addr ?? '')
      if (handset) tell({ kind: 'mailbox', msisdn: `+${handset}` })
    },
  })

  const submits = createSubmits(
    {
      now: options.now,
      faults: () => faults,
      nextId,
      later,
      receive,
      keepPart: store.keepPart,
      deliver(delivery) {
        if (deliveries.full()) return
        store.keepDelivery(delivery)
        deliveries.add(delivery)
      },
    },
    dice,
  )
  for (const { part, at } of store.left.parts) submits.restore(part, at)
  for (const delivery of store.left.deliveries) deliveries.add(delivery)

  const onRequest = (session: EsmeSession, pdu: Pdu) => {
    if (pdu.command === 'submit_sm' || pdu.command === 'data_sm') return submits.take(session, pdu)
    // submit_multi, query_sm, cancel_sm and replace_sm are not offered by this centre.
    const status = commandStatus.ESME_RINVCMDID
    session.send(createPdu('generic_nack', { sequence: pdu.sequence, status }))
  }

  const server = createServer((socket) => {
    if (faults.dropLink || stopped) return socket.destroy()
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    const session = createEsmeSession(socket, limits, {
      onRequest,
      authenticate({ body }) {
        if (body.system_id !== options.systemId) return commandStatus.ESME_RINVSYSID
        const known = body.password === options.password
        return known ? commandStatus.ESME_ROK : commandStatus.ESME_RINVPASWD
      },
      onBound() {
        tellLinks()
        deliveries.pump()
      },
      onClosed(closed) {
        if (sessions.delete(closed)) tellLinks()
      },
    })
    sessions.add(session)
  })

  const cutLinks = () => {
    for (const socket of sockets) socket.destroy()
  }

  return {
    boundLinks,
    queued: () => [...deliveries.pending()].length,
    faults: () => faults,
    messages: (msisdn, after) => store.list(parseHandset(msisdn) ?? '', after),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    deleteMessages(msisdn) {
      const handset = parseHandset(msisdn)
      if (!handset) return
      store.clear(handset)
      tell({ kind: 'mailbox', msisdn: `+${handset}` })
    },
    setFaults(changes) {
      faults = { ...faults, ...changes, malformedPdu: false }
      if (faults.dropLink) cutLinks()
      if (changes.malformedPdu)
        for (const session of sessions) if (session.mode()) session.sendOctets(malformed)
      tell({ kind: 'faults', faults })
    },
    async sendFromHandset(text) {
      const handset = parseHandset(text.from)
      const refusal = checkHandsetText(text) ?? (deliveries.full() ? 'queue_full' : undefined)
      if (stopped) throw new Error('the centre is stopped')
      if (refusal || !handset) throw new HandsetTextRefused(refusal ?? 'not_a_mobile_number')
      const messageId = nextId()
      const parts = deliveriesOf(messageId, text, ids % 256)
      const at = options.now()
      const toHandset = parseHandset(text.to)
      const message = { id: messageId, text: text.text, at, parts: parts.length }
      const status = toHandset ? 'delivered' : 'queued'
      receive(handset, { ...message, direction: 'sent', peer: peerName(text.to), status })
      if (toHandset) {
        const peer = peerName(handset)
        receive(toHandset, { ...message, direction: 'received', peer, status: 'received' })
        return { messageId, delivered: Promise.resolve(true) }
      }
      for (const delivery of parts) store.keepDelivery(delivery)
      options.onMobileOriginated?.(`+${handset}`, parts.length)
      const outcome = new Promise<boolean>((resolve) => delivered.set(messageId, resolve))
      for (const delivery of parts) deliveries.add(delivery)
      return { messageId, delivered: outcome }
    },
    listen: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(options.port, options.host ?? '127.0.0.1', () => {
          const address = server.address()
          resolve({ port: typeof address === 'object' && address ? address.port : options.port })
        })
      }),
    async stop() {
      if (stopped) return
      stopped = true
      deliveries.stop()
      const waiting = [...timers]
      timers.clear()
      for (const [timer, act] of waiting) {
        clearTimeout(timer)
        act()
      }
      cutLinks()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
      store.close()
    },
  }
}
