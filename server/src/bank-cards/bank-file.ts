/**
 * What a bank says of one of its days: the second truth that reconciliation holds against our own. It decides
 * what stayed unknown, and whether an accepted credit arrived.
 */
import type { Amount, BusinessDate } from '../kernel/index.ts'

export type BankFileKind = 'purchase' | 'credit' | 'refund' | 'void' | 'reversal'

export interface BankFileRow {
  /** The exchange, as a file names it: trace number 6, transmission time 10, acquirer and forwarder 11 digits. */
  readonly key: string
  readonly kind: BankFileKind
  readonly amount: Amount
  /** What the bank keeps; negative when it pays. */
  readonly fee: Amount
  /** `accepted`: a credit that waits for its decision. `refused`: one that was accepted, and then decided against. */
  readonly state: 'done' | 'accepted' | 'refused'
  /** The key of the purchase that was refunded, voided or reversed. */
  readonly original?: string
}

export interface Total {
  readonly count: number
  readonly amount: Amount
}

/** Of a day, from the side of the customers' accounts. Only what is done counts. */
export interface DayTotals {
  /** Purchases. */
  readonly debits: Total
  /** Reversals of purchases. */
  readonly debitReversals: Total
  /** Pay-outs, voids and refunds. */
  readonly credits: Total
  /** Reversals of voids. */
  readonly creditReversals: Total
}

/** What the whole file says, known when it has been read to its end. */
export interface BankFileSummary {
  readonly bank: string
  readonly date: BusinessDate
  readonly count: number
  /** Taken from customers: debits and reversals of credits. */
  readonly debit: Amount
  /** Given to them: credits and reversals of debits. */
  readonly credit: Amount
  readonly totals: DayTotals
}

export interface BankFileProblem {
  /** A word, for example `hash_differs`. */
  readonly code: string
  /** From 1; 0 when the problem is not in a line. */
  readonly line: number
}

export type BankFileAnswer =
  | { readonly outcome: 'done'; readonly summary: BankFileSummary }
  | { readonly outcome: 'absent' }
  | { readonly outcome: 'refused'; readonly problem: BankFileProblem }

export interface BankFiles {
  /**
   * Reads the file of a day, row after row. Rows are handed on before the end has been checked: nothing
   * they say counts unless the answer is `done`.
   */
  read(
    date: BusinessDate,
    onRow: (row: BankFileRow) => void | Promise<void>,
  ): Promise<BankFileAnswer>
}
