/**
 * What is wanted of a bank, and where it stands. A row is written before the first octet leaves, and moves only
 * along this table:
 *
 *     debit              begun ──▶ done ──▶ reversing ──▶ reversed
 *                          │ ╲                ▲  │ ╲         │ a late yes
 *                          │  ╲──▶ refused ───┘  │  ╲────────┘
 *                          ╰──────▶ reversing ◀──┴──▶ unknown ──▶ done, reversed, reversing
 *     credit, refund     begun ──▶ done, refused, accepted, unknown
 *                        accepted ──▶ done, refused     unknown ──▶ done, refused, accepted
 *
 * A debit that nobody can vouch for is reversed until the bank answers. A credit is never reversed and never
 * sent again while it is unknown, and neither is a refund: a late answer decides it, or the daily file.
 */
import type { Amount, Secret } from '../../kernel/index.ts'
import type { Balance, BankAnswer, BankRefusal, BankTrace, BindingEffect } from '../bank.ts'

export type OperationKind = 'debit' | 'credit' | 'refund'

export type OperationState =
  | 'begun'
  | 'done'
  | 'refused'
  | 'reversing'
  | 'reversed'
  | 'accepted'
  | 'unknown'

export type OperationStatus = 'not_found' | OperationState

export interface CardOrder {
  /** Of the payment or movement; made by `Ids`, so that its last byte names the bucket. */
  readonly id: string
  readonly bank: string
  readonly cardToken: string
  readonly amount: Amount
  /** At most 40 letters and digits. */
  readonly orderNo: string
  /** Only where the bank keeps the PIN. */
  readonly pin?: Secret
  /** Of a credit to a stranger's card: the name that the bank compares. */
  readonly payee?: Secret
}

export interface RefundOrder {
  readonly id: string
  readonly debitId: string
  readonly amount: Amount
}

export interface BalanceQuestion {
  readonly bank: string
  readonly cardToken: string
  readonly pin?: Secret
}

export type OperationAnswer =
  | { readonly outcome: 'done'; readonly trace: BankTrace }
  | { readonly outcome: 'refused'; readonly refusal: BankRefusal }
  /** Not final: hold the money. The same call, or `statusOf`, says later what became of it. */
  | { readonly outcome: 'unknown'; readonly detail: string }
  | { readonly outcome: 'reversed' }
  /** Nothing left, and nothing will unless it is called again. */
  | { readonly outcome: 'unsent'; readonly detail: string; readonly opensAt?: number }

export interface CardOperations {
  /** Pulls. The same id never sends a second purchase while the first may have arrived. */
  debit(order: CardOrder): Promise<OperationAnswer>
  /** Pushes. Never reversed, never sent under a new exchange while unknown. */
  credit(order: CardOrder): Promise<OperationAnswer>
  /** Gives back a debit that is done: void on the same day of the bank, refund later. */
  refund(refund: RefundOrder): Promise<OperationAnswer>
  /** Takes a debit back, whatever became of it. */
  reverse(debitId: string): Promise<OperationAnswer>
  statusOf(id: string): Promise<OperationStatus>
  /** The bank's no to an operation that is refused. */
  refusalOf(id: string): Promise<BankRefusal | undefined>
  balance(question: BalanceQuestion): Promise<BankAnswer<Balance>>
}

/** What a bank's answer does to the binding of a card, told in the transaction that writes the answer. */
export interface CardEffect {
  readonly bank: string
  readonly cardToken: string
  readonly effect: BindingEffect
  /** When the message was sent that the bank answered. */
  readonly at: number
  /** `BR-54` and the like; empty of a yes. */
  readonly bankCode: string
}

const settled = { done: [], refused: [] } as const
const pushes: Readonly<Record<OperationState, readonly OperationState[]>> = {
  ...{ begun: ['done', 'refused', 'accepted', 'unknown'], accepted: ['done', 'refused'] },
  ...{ unknown: ['done', 'refused', 'accepted'], ...settled, reversing: [], reversed: [] },
}

/** Where an operation may go from where it stands. */
export const moves: Readonly<
  Record<OperationKind, Readonly<Record<OperationState, readonly OperationState[]>>>
> = {
  debit: {
    begun: ['done', 'refused', 'reversing', 'reversed'],
    done: ['reversing'],
    // A late yes, or the file, contradicts the no.
    refused: ['reversing'],
    // Once more after a reversal, or not; or the bank will not reverse.
    reversing: ['reversed', 'begun', 'refused', 'unknown'],
    reversed: ['reversing'],
    unknown: ['done', 'reversed', 'reversing'],
    accepted: [],
  },
  credit: pushes,
  refund: pushes,
}

export const mayMove = (
  kind: OperationKind,
  { from, to }: { readonly from: OperationState; readonly to: OperationState },
): boolean => moves[kind][from].includes(to)
