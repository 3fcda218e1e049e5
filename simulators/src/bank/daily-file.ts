/**
 * The bank's own account of a day, for reconciliation (README.md has the layout), and the totals that
 * are told at cut-over. Both are made from the same rows, and a closed day gives the same file for ever.
 */
import { createHash } from 'node:crypto'
import type { Book } from './book.ts'
import type { Transaction } from './transaction.ts'

export interface FileRow {
  readonly key: string
  readonly type: Transaction['kind']
  readonly amount: bigint
  readonly fee: bigint
  /** Refused: accepted on an earlier day, and decided against on this one. */
  readonly state: 'done' | 'accepted' | 'refused'
  /** Empty, or the key of what it is about. */
  readonly original: string
  /** Whether the customer got the money. */
  readonly isCredit: boolean
}

/** Counts and sums in the sense of fields 74 to 77 and 86 to 89. */
export interface DayTotals {
  readonly credits: Sum
  readonly creditReversals: Sum
  readonly debits: Sum
  readonly debitReversals: Sum
}
export interface Sum {
  readonly count: number
  readonly amount: bigint
}

/** How a file can be made wrong on purpose. Counts, sums and hash fit the wrong rows. */
export const fileFaults = {
  missing_row: 'the first row is not there',
  extra_row: 'a purchase of 15.00 that nobody made',
  other_amount: 'the first row has 0.01 more',
  wrong_hash: 'the trailer belongs to another file',
} as const
export type FileFault = keyof typeof fileFaults

/** What was approved on the day, and what was decided on it though accepted before. Declined: no row. */
export function rowsOf(book: Book, day: string): FileRow[] {
  return [...book.transactions.values()].flatMap((transaction) => {
    const state = stateOn(transaction, day)
    return state === undefined ? [] : [rowOf(book, transaction, state)]
  })
}

function stateOn(
  { day: answered, state, decided }: Transaction,
  day: string,
): FileRow['state'] | undefined {
  if (state === 'declined') return undefined
  if (decided?.day === day) return decided.outcome
  if (answered !== day) return undefined
  return state
}

function rowOf(book: Book, transaction: Transaction, state: FileRow['state']): FileRow {
  const { key, kind, amount, fee, original = '' } = transaction
  const isOfVoid = book.transactions.get(original)?.kind === 'void'
  const isCredit = kind !== 'purchase' && !(kind === 'reversal' && isOfVoid)
  return { key, type: kind, amount, fee, state, original, isCredit }
}

export function totalsOf(rows: readonly FileRow[]): DayTotals {
  const sum = (isReversal: boolean, isCredit: boolean): Sum =>
    rows
      .filter(
        (row) =>
          row.state === 'done' &&
          (row.type === 'reversal') === isReversal &&
          row.isCredit === isCredit,
      )
      .reduce(({ count, amount }, row) => ({ count: count + 1, amount: amount + row.amount }), {
        count: 0,
        amount: 0n,
      })
  return {
    credits: sum(false, true),
    // A reversed credit took from the customer, a reversed debit gave back to him.
    creditReversals: sum(true, false),
    debits: sum(false, false),
    debitReversals: sum(true, true),
  }
}

export function writeFile(
  { bank, day }: { readonly bank: string; readonly day: string },
  rows: readonly FileRow[],
  fault?: FileFault,
): string {
  const written = distorted(rows, day, fault)
  const { credits, creditReversals, debits, debitReversals } = totalsOf(written)
  const debit = debits.amount + creditReversals.amount
  const credit = credits.amount + debitReversals.amount
  const lines = [
    `H|${bank}|${day}|${written.length}|${debit}|${credit}`,
    ...written.map(({ key, type, amount, fee, state, original }) =>
      [key, type, amount, fee, state, original].join('|'),
    ),
  ]
  const body = lines.map((line) => `${line}\n`).join('')
  const hashed = fault === 'wrong_hash' ? `${body} ` : body
  return `${body}T|${written.length}|${createHash('sha256').update(hashed).digest('hex')}\n`
}

function distorted(rows: readonly FileRow[], day: string, fault?: FileFault): readonly FileRow[] {
  const [first, ...others] = rows
  if (fault === 'missing_row') return others
  if (fault === 'other_amount' && first) return [{ ...first, amount: first.amount + 1n }, ...others]
  if (fault !== 'extra_row') return rows
  const foreign: FileRow = {
    key: `999999${day.slice(4)}120000${'0'.repeat(22)}`,
    type: 'purchase',
    amount: 15_00n,
    fee: 0n,
    state: 'done',
    original: '',
    isCredit: false,
  }
  return [...rows, foreign]
}
