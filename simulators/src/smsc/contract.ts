/** What the simulated centre is asked, and what it tells. */
import type { DeliveryLimits } from './deliveries.ts'
import type { EsmeSessionLimits } from './esme-session.ts'
import type { NetworkFaults } from './faults.ts'
import type { HandsetMessage } from './mailbox.ts'
import type { HandsetText } from './originated.ts'

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

export const defaultLimits: SmscLimits = {
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
  /** A text of somebody else's service, such as a bank's, straight into the handset. */
  deliver(text: { readonly from: string; readonly to: string; readonly text: string }): void
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
