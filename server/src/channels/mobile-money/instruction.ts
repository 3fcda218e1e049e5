/**
 * What a client asks for under one correlation id (指令). The row is committed before anything is done, and says ever
 * after what came of it: the same id with the same content is the same instruction.
 *
 *     open ──▶ completed | failed
 *       └────▶ waiting ──▶ completed | failed      for the payer's yes, or for an outcome that nobody knows yet
 */
import type { Msisdn } from '../../kernel/index.ts'
import type { ErrorObject, Fault } from './errors.ts'

export type State = 'open' | 'waiting' | 'completed' | 'failed'

/** The only edges there are. */
export const next = {
  open: ['waiting', 'completed', 'failed'],
  waiting: ['completed', 'failed'],
} as const satisfies Partial<Record<State, readonly State[]>>

export type Kind =
  | 'transfer'
  | 'merchantpay'
  | 'reversal'
  | 'debitmandate'
  | 'authorisationcode'
  | 'quotation'
  | 'billpay'

export interface Instruction {
  /** The server's correlation id, and the reference of what it makes. */
  readonly id: string
  readonly bucket: number
  readonly clientId: string
  readonly merchantId: string
  readonly correlationId: string
  readonly contentHash: string
  readonly kind: Kind
  /** Whose token it was; null for a client of its own. */
  readonly msisdn: Msisdn | null
  readonly body: Readonly<Record<string, unknown>>
  /** The payer has agreed already, by PIN. */
  readonly agreed: boolean
  readonly test: boolean
  readonly callbackUrl: string | null
  readonly state: State
  readonly subject: string | null
  readonly error: ErrorObject | null
  /** The biller's number for what it was paid. */
  readonly receipt: string | null
  readonly dueAt: number | null
  /** Of an authorisation code, sealed. */
  readonly sealedCode: string | null
  readonly usedBy: string | null
  readonly withdrawnAt: number | null
  readonly createdAt: number
  readonly changedAt: number
}

export type Outcome =
  | {
      readonly state: 'completed'
      readonly subject: string | null
      readonly dueAt?: number
      readonly receipt?: string
    }
  | { readonly state: 'waiting'; readonly subject: string; readonly dueAt: number | null }
  | { readonly state: 'failed'; readonly fault: Fault; readonly subject?: string }

export const failed = (name: Fault['name'], more: Omit<Fault, 'name'> = {}) =>
  ({ state: 'failed', fault: { name, ...more } }) as const

/** How one kind is done. Run again after a crash, `perform` finds what it had done. */
export interface Effect {
  perform(instruction: Instruction): Promise<Outcome>
  /** What became of one that waits; only looks. */
  look(instruction: Instruction): Promise<Outcome>
}
