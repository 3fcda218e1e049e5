/** The biller's own account of a day (docs/reference/biller-http.md). A day that is over gives one file for ever. */
import { createHash } from 'node:crypto'
import type { Book } from './book.ts'

/** How a file can be made wrong on purpose. Count, sum and hash fit the wrong rows. */
export const fileFaults = {
  missing_row: 'the first row is not there',
  extra_row: 'a payment of 15.00 that nobody made',
  other_amount: 'the first row has 0.01 more',
} as const
export type FileFault = keyof typeof fileFaults

interface Row {
  readonly paymentNo: string
  readonly amount: bigint
  readonly receiptNo: string
}

export function dailyFile({ biller, payments }: Book, date: string, fault?: FileFault): string {
  const all = [...payments.values()].filter((one) => one.date === date && !one.isReversed)
  const rows = distorted(all, fault)
  const sum = rows.reduce((total, { amount }) => total + amount, 0n)
  const lines = [
    `H|${biller.code}|${date}|${rows.length}|${sum}`,
    ...rows.map(({ paymentNo, amount, receiptNo }) => [paymentNo, amount, receiptNo].join('|')),
  ]
  const body = lines.map((line) => `${line}\n`).join('')
  return `${body}T|${rows.length}|${createHash('sha256').update(body).digest('hex')}\n`
}

function distorted(rows: readonly Row[], fault?: FileFault): readonly Row[] {
  const [first, ...others] = rows
  switch (fault) {
    case 'missing_row':
      return others
    case 'extra_row':
      return [...rows, { paymentNo: 'nobodys', amount: 15_00n, receiptNo: 'R99999999' }]
    case 'other_amount':
      return first ? [{ ...first, amount: first.amount + 1n }, ...others] : rows
    default:
      return rows
  }
}
