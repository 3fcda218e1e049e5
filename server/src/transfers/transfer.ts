/**
 * Money from one person's wallet to another's (转账).
 *
 *     at once          done
 *     in 2 or 24 h     delayed ──▶ done | cancelled             held; the payer cancels until it is due
 *     no wallet yet    waiting_claim ──▶ claimed | returned     set aside; back after 24 h, or taken back
 *
 * A transfer that is refused leaves nothing behind. What is held and cannot be credited when it is due, because
 * the payee's wallet is gone or frozen, is cancelled: it never waits for somebody to look.
 */
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'
import type { CodeProof } from '../risk/index.ts'

export type State = 'done' | 'delayed' | 'cancelled' | 'waiting_claim' | 'claimed' | 'returned'

/** The only edges there are; a state without a row is final. */
export const next = {
  delayed: ['done', 'cancelled'],
  waiting_claim: ['claimed', 'returned'],
} as const satisfies Partial<Record<State, readonly State[]>>

/** States in which a transfer may begin. */
export const first = ['done', 'delayed', 'waiting_claim'] as const satisfies readonly State[]

/** States that have a timer row, and money set aside. */
export const unfinished = ['delayed', 'waiting_claim'] as const satisfies readonly State[]

export type Arrival = 'now' | '2h' | '24h'

const hour = 3_600_000
export const delayMs: Readonly<Record<Arrival, number>> = {
  now: 0,
  '2h': 2 * hour,
  '24h': 24 * hour,
}
/** How long money waits for somebody to open a wallet. */
export const claimMs = 24 * hour

/** What made it: the payer, or something that the payer had agreed to; `code`: a payment code that the payee read. */
export type Origin = 'send' | 'request' | 'mandate' | 'split' | 'split_return' | 'code'

/** How the payer agreed whose code was read: by showing it, or with the PIN too. */
export type ShownProof = Extract<CodeProof, 'one_factor' | 'two_factors'>

export type Channel = 'sms' | 'web' | 'api' | 'counter' | 'timer'

/** Why a delayed one did not arrive. */
export type EndReason = 'by_payer' | 'payer_frozen' | 'payee_unable'

export interface Transfer {
  /** Also the id of its first line in the ledger. */
  readonly id: string
  /** Of the payer. */
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly payee: Msisdn
  /** Null until the payee has a wallet. */
  readonly payeeWalletId: string | null
  readonly amount: Amount
  readonly memo: string
  readonly arrival: Arrival
  readonly origin: Origin
  /** Of the request, mandate or share that it pays. */
  readonly originId: string | null
  /** Null where no code was read. */
  readonly codeProof: ShownProof | null
  readonly channel: Channel
  /** The caller's name for it, unique for the number for ever. */
  readonly key: string
  readonly state: State
  readonly reason: EndReason | null
  readonly requestedAt: number
  /** When a delayed one arrives, or a waiting one goes back. */
  readonly dueAt: number | null
  readonly endedAt: number | null
  /** When it left the balance. */
  readonly businessDate: BusinessDate
}
