/**
 * Amounts as the standard writes them: decimal strings of major units, at most 18 digits and four decimals. The yuan
 * has two, so a finer one is of the standard's form and still none that we can move.
 */
import { type Amount, format } from '../../kernel/index.ts'

const shape = /^(0|[1-9][0-9]{0,17})(?:[.]([0-9]{1,4}))?$/

export const isAmount = (text: string): boolean => shape.test(text)

/** The fen, exactly; undefined for what is no amount, or finer than a fen. */
export function amountOf(text: string): Amount | undefined {
  const [, whole, fraction = ''] = shape.exec(text) ?? []
  if (whole === undefined || !/^0*$/.test(fraction.slice(2))) return undefined
  return BigInt(`${whole}${fraction.slice(0, 2).padEnd(2, '0')}`)
}

export const amountText = (amount: Amount): string => format(amount)
