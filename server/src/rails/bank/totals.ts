/**
 * The bank's totals of a day (0500, 0520, and at cut-over): counts in 74 to 77, amounts in 86 to 89. They are
 * compared with the daily file before its rows are: a file that does not add up to them is not the whole day.
 */
import { type Message, textOf } from '@telepurse/iso8583'
import { type BankTotals, type Total, type TotalName, totalNames } from '../../bank-cards/index.ts'

const places: Readonly<Record<TotalName, readonly [count: number, amount: number]>> = {
  credits: [74, 86],
  creditReversals: [75, 87],
  debits: [76, 88],
  debitReversals: [77, 89],
}

/** Undefined when the date or a total is missing. */
export function totalsOf(message: Message): BankTotals | undefined {
  const settlementDate = textOf(message, 15)
  const read = (name: TotalName): Total | undefined => {
    const [count, amount] = places[name].map((field) => textOf(message, field))
    return count === undefined || amount === undefined
      ? undefined
      : { count: Number(count), amount: BigInt(amount) }
  }
  const [credits, creditReversals, debits, debitReversals] = totalNames.map(read)
  if (!credits || !creditReversals || !debits || !debitReversals || settlementDate === undefined)
    return undefined
  return { settlementDate, credits, creditReversals, debits, debitReversals }
}
