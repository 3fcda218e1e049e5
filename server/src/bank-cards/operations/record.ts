/** An operation and its messages, as they are kept. */
import type { Amount } from '../../kernel/index.ts'
import type { BankRefusal, BankTrace, Exchange } from '../bank.ts'
import type { BankFileKind } from '../bank-file.ts'
import type { OperationAnswer, OperationKind, OperationState } from './operation.ts'

export interface Operation {
  readonly bucket: number
  readonly id: string
  readonly kind: OperationKind
  readonly bank: string
  readonly cardToken: string
  readonly amount: Amount
  readonly orderNo: string
  /** Of a refund: what it gives back. */
  readonly debitId: string | null
  readonly sealedPin: string | null
  /** Until it is sent for the last time. */
  readonly sealedPayee: string | null
  readonly state: OperationState
  /** A word for logs: why it stands where it stands. */
  readonly detail: string | null
  /** The bank's no; of one that is begun, the no after which it is sent once more. */
  readonly refusal: BankRefusal | null
  readonly trace: BankTrace | null
  readonly retries: number
  /** Of a debit: refunds that are done or may be. */
  readonly refunded: Amount
  readonly createdAt: number
}

export type SentState =
  /** Its intent is kept; it may have left, and nobody has written down an answer. */
  | 'begun'
  | 'approved'
  | 'partial'
  | 'accepted'
  /** Answered, and not with a yes. */
  | 'refused'
  | 'unanswered'
  | 'unsent'

/** A message that moves money: one exchange, sent once; a reversal as often as it takes. */
export interface SentExchange {
  readonly bucket: number
  readonly operationId: string
  readonly no: number
  readonly kind: BankFileKind
  readonly bank: string
  readonly exchange: Exchange
  readonly amount: Amount
  /** Of a reversal: the number of the purchase it undoes. */
  readonly reverses: number | null
  readonly state: SentState
  readonly code: string | null
  /** MMDD of the bank's day, as it was answered. */
  readonly settledOn: string | null
  readonly sends: number
  readonly begunAt: number
  readonly sentAt: number
}

export function answerOf(operation: Operation): OperationAnswer {
  const { state, refusal, trace, detail } = operation
  if (state === 'done') return { outcome: 'done', trace: trace ?? {} }
  if (state === 'refused' && refusal) return { outcome: 'refused', refusal }
  if (state === 'reversed') return { outcome: 'reversed' }
  return { outcome: 'unknown', detail: detail ?? state }
}
