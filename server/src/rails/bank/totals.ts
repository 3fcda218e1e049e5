/**
 * The bank's totals of a day (0500, 0520): counts in 74 to 77, amounts in 86 to 89. They are compared with the
 * daily file before its rows are: a file that does not add up to them is not the whole day.
 */
import { type Message, textOf } from '@telepurse/iso8583'
import type { BankFileKind, BankFileSummary } from '../../bank-cards/index.ts'
import type { Amount } from '../../kernel/index.ts'

export interface Total {
  readonly count: number
  readonly amount: Amount
}

export type TotalName = 'credits' | 'creditReversals' | 'debits' | 'debitReversals'

export interface BankTotals extends Readonly<Record<TotalName, Total>> {
  /** MMDD of the day that ended. */
  readonly settlementDate: string
}

const places: Readonly<Record<TotalName, readonly [count: number, amount: number]>> = {
  credits: [74, 86],
  creditReversals: [75, 87],
  debits: [76, 88],
  debitReversals: [77, 89],
}
const names = Object.keys(places) as TotalName[]

/** Undefined when the date or a total is missing. */
export function totalsOf(message: Message): BankTotals | undefined {
  const settlementDate = textOf(message, 15)
  const read = (name: TotalName): Total | undefined => {
    const [count, amount] = places[name].map((field) => textOf(message, field))
    return count === undefined || amount === undefined
      ? undefined
      : { count: Number(count), amount: BigInt(amount) }
  }
  const [credits, creditReversals, debits, debitReversals] = names.map(read)
  if (!credits || !creditReversals || !debits || !debitReversals || settlementDate === undefined)
    return undefined
  return { settlementDate, credits, creditReversals, debits, debitReversals }
}

/** Where a row of the daily file counts. */
const totalOf: Readonly<Record<BankFileKind, TotalName>> = {
  purchase: 'debits',
  void: 'debitReversals',
  reversal: 'debitReversals',
  credit: 'credits',
  refund: 'credits',
}

export interface TotalDifference {
  readonly name: TotalName
  readonly announced: Total
  readonly filed: Total
}

/** What differs between what was announced at cut-over and what the file has; nothing when they agree. */
export function compareTotals(
  announced: BankTotals,
  { totals }: Pick<BankFileSummary, 'totals'>,
): TotalDifference[] {
  const kinds = Object.keys(totalOf) as BankFileKind[]
  return names.flatMap((name) => {
    const own = kinds.filter((kind) => totalOf[kind] === name).map((kind) => totals[kind])
    const filed = {
      count: own.reduce((sum, { count }) => sum + count, 0),
      amount: own.reduce((sum, { amount }) => sum + amount, 0n),
    }
    const { count, amount } = announced[name]
    const same = count === filed.count && amount === filed.amount
    return same ? [] : [{ name, announced: announced[name], filed }]
  })
}
