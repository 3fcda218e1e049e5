/**
 * Settings of a link to a short message service centre (SMSC), where we are the ESME (SMPP 3.4 §2).
 * Every limit of the link is here, with its reason.
 */
import type { Socket } from 'node:net'
import type { Clock, Secret } from '../../../kernel/index.ts'

/** A log line: never a text, a whole number or a password. */
export type SmppLog = (
  level: 'info' | 'warn' | 'error',
  event: string,
  details: Readonly<Record<string, string | number>>,
) => void

export interface SmppLinkOptions {
  readonly host: string
  readonly port: number
  readonly systemId: string
  /** Revealed only in the bind. */
  readonly password: Secret
  /** Default empty. Some centres choose the account's routes by it. */
  readonly systemType?: string
  /** Which numbers to receive for, as the centre writes it (UNIX regular expression). Default empty. */
  readonly addressRange?: string
  /** One transceiver session, or a transmitter and a receiver as older centres need. */
  readonly bind?: 'transceiver' | 'pair'
  readonly limits?: Partial<SmppLimits>
  readonly clock: Clock
  /** A number from 0 up to 1, for jitter: not all links of a fleet may return at the same instant. */
  readonly random: () => number
  readonly log?: SmppLog
  /** Opens the connection; replace it for TLS or for tests. Default: plain TCP. */
  readonly connect?: (host: string, port: number) => Socket
}

export interface SmppLimits {
  /** Submits sent and not yet answered. Centres commonly refuse more than 10 (§2.9). */
  readonly window: number
  /** Submits waiting for room in the window; beyond it they are handed back unsent. */
  readonly waitingMax: number
  /** How long a submit may wait before it is handed back unsent. */
  readonly waitMs: number
  /** Messages per second, or 0 for as fast as the window allows. Throttling lowers it for a while. */
  readonly perSecondMax: number
  /** No answer to a request in this time: its outcome is unknown. */
  readonly responseMs: number
  /** Connecting and binding, each. */
  readonly bindMs: number
  /** Silence after which the peer is asked whether it lives (enquire_link). */
  readonly enquireLinkMs: number
  /** First and longest wait before connecting again; it doubles in between. */
  readonly reconnectMs: number
  readonly reconnectMaxMs: number
  /** A bind that lasted this long forgets earlier failures. */
  readonly stableMs: number
  /** Deliveries being handled at once, and those waiting; more are refused for now, and come again. */
  readonly deliversMax: number
  readonly deliversWaitingMax: number
  /** A handler that takes longer has its delivery refused for now, so that the link does not go deaf. */
  readonly deliverMs: number
  /** On close: how long outstanding requests and running handlers are waited for. */
  readonly drainMs: number
}

export const defaultLimits: SmppLimits = {
  window: 10,
  waitingMax: 1_000,
  waitMs: 30_000,
  perSecondMax: 0,
  responseMs: 10_000,
  bindMs: 10_000,
  enquireLinkMs: 30_000,
  reconnectMs: 500,
  reconnectMaxMs: 30_000,
  stableMs: 10_000,
  deliversMax: 10,
  deliversWaitingMax: 100,
  deliverMs: 20_000,
  drainMs: 10_000,
}

/** Octets the socket may hold unsent. A peer that reads nothing must not fill our memory. */
export const unsentOctetsMax = 1_048_576
