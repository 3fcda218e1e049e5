/** What a link to a bank needs, and every limit of it, with its reason. */
import type { Duplex } from 'node:stream'
import type { BankTotals, CutOver, LateAnswer } from '../../bank-cards/index.ts'
import type { Clock } from '../../kernel/index.ts'
import type { BankConfig } from './config.ts'
import type { FileSource } from './file-folder.ts'
import type { StanSource } from './stan.ts'
import type { Timing } from './timing.ts'
import type { ZoneKeys } from './zone-keys.ts'

/** A log line: words and numbers only. Never a card number, a PIN, a key or a name. */
export type BankLog = (
  level: 'info' | 'warn' | 'error',
  event: string,
  details: Readonly<Record<string, string | number>>,
) => void

export interface BankHandlers {
  /** An answer that nobody waits for: too late, a second time, or to something we never asked. */
  onLate(answer: LateAnswer): void
  /** A day of the bank has ended. It hears that we know once this has ended well. */
  onCutOver(cutOver: CutOver): Promise<void>
  /** The bank's totals in a message of their own (0500, 0520). Confirmed likewise. */
  onTotals(totals: BankTotals): Promise<void>
}

export interface BankOptions {
  readonly config: BankConfig
  readonly keys: ZoneKeys
  readonly stans: StanSource
  /** Of messages about the link itself; `stans` where there is none. */
  readonly linkStans?: StanSource
  readonly clock: Clock
  readonly timing?: Timing
  /** Unpredictable octets, for PIN blocks and jitter. */
  readonly random: (octets: number) => Uint8Array
  readonly handlers: BankHandlers
  readonly log?: BankLog
  /** Every message, one line a field, masked. For debugging; without it nothing is written. */
  readonly trace?: (direction: 'sent' | 'received', lines: readonly string[]) => void
  readonly files: FileSource
  /** Opens a connection; replace it for TLS or for tests. It emits `connect` or `error`. */
  readonly connect?: (host: string, port: number) => Duplex
}

export interface LinkLimits {
  /** Requests sent and not yet answered on one connection. */
  readonly window: number
  /** Requests waiting for room in it; beyond this they are handed back unsent. */
  readonly waitingMax: number
  /** How long a request may wait before it is handed back unsent. */
  readonly waitMs: number
  /** No answer in this time: unknown. */
  readonly answerMs: number
  readonly connectMs: number
  /** Silence after which the bank is asked whether it lives. */
  readonly echoMs: number
  /** First and longest wait before connecting again; it doubles in between. */
  readonly reconnectMs: number
  readonly reconnectMaxMs: number
  /** A session that lasted this long forgets earlier failures. */
  readonly stableMs: number
  /** After a sign-off of the bank, and on close: how long answers under way are waited for. */
  readonly drainMs: number
}

/** Octets a connection may hold unsent. A bank that reads nothing must not fill our memory. */
export const unsentOctetsMax = 1_048_576
