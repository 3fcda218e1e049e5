/** What a bank tells of a day that ended, and whether its file adds up to it. */
import type { BankFileSummary, DayTotals, Total } from './bank-file.ts'

export interface BankTotals extends DayTotals {
  /** MMDD of the day that ended. */
  readonly settlementDate: string
}

export interface CutOver {
  /** The day that ended, MMDD, as field 15 has it. */
  readonly day: string
  /** Where the bank tells them in the same message. */
  readonly totals?: BankTotals
}

export type TotalName = keyof DayTotals

export interface TotalDifference {
  readonly name: TotalName
  readonly announced: Total
  readonly filed: Total
}

export const totalNames: readonly TotalName[] = [
  ...(['credits', 'creditReversals', 'debits', 'debitReversals'] as const),
]

/** What differs between what was announced at cut-over and what the file has; nothing when they agree. */
export const compareTotals = (
  announced: DayTotals,
  { totals }: Pick<BankFileSummary, 'totals'>,
): TotalDifference[] =>
  totalNames.flatMap((name) => {
    const { count, amount } = announced[name]
    const filed = totals[name]
    const same = count === filed.count && amount === filed.amount
    return same ? [] : [{ name, announced: announced[name], filed }]
  })
