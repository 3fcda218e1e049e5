/** Money is a whole number of minor units (分 for CNY) in a bigint. There are no floats anywhere. */
import { accept, type Result, refuse } from './result.ts'

export type Amount = bigint
export type Currency = 'CNY'

const digits: Record<Currency, number> = { CNY: 2 }

/** `format(3000n)` is `30.00`: for messages to people. APIs carry minor units as a string. */
export function format(amount: Amount, currency: Currency = 'CNY'): string {
  const places = digits[currency]
  const sign = amount < 0n ? '-' : ''
  const text = (amount < 0n ? -amount : amount).toString().padStart(places + 1, '0')
  return `${sign}${text.slice(0, -places)}.${text.slice(-places)}`
}

/**
 * Reads a decimal in major units, such as `12.5`, exactly: `parse('12.5')` is `1250n`.
 * Refuses signs, exponents, more decimals than the currency has, and more than 15 digits.
 */
export function parse(text: string, currency: Currency = 'CNY'): Result<Amount, 'not_an_amount'> {
  const match = /^(\d{1,13})(?:\.(\d{1,3}))?$/.exec(text)
  const places = digits[currency]
  const fraction = (match?.[2] ?? '').padEnd(places, '0')
  if (!match || !/^0*$/.test(fraction.slice(places))) return refuse('not_an_amount')
  return accept(BigInt(`${match[1]}${fraction.slice(0, places)}`))
}

/** `amount × rate`, the rate in hundredths of a percent, rounded half up. */
export const shareHalfUp = (amount: Amount, basisPoints: bigint): Amount =>
  (amount * basisPoints + 5_000n) / 10_000n
