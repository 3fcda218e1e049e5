/** Amounts between the text in a code, in major units, and whole minor units. Nothing is rounded or assumed. */
import { decimalsIn } from '../currencies.ts'
import { accept, type Result, refuse } from '../result.ts'

export type AmountRefusal =
  /** Not digits with at most one decimal point behind the first of them. */
  | 'amount_malformed'
  | 'amount_not_positive'
  /** More decimals than the currency has, and not all of them zero. */
  | 'amount_inexact'
  | 'amount_too_long'
  /** How many decimals it has is not known. */
  | 'currency_unknown'

const charactersMax = 13

/** `23.72` in 156 is 2372. `98.` is 98, as the specification has it. */
export function readAmount(text: string, currency: string): Result<bigint, AmountRefusal> {
  const [, whole, fraction = ''] = /^([0-9]+)(?:\.([0-9]*))?$/.exec(text) ?? []
  if (whole === undefined) return refuse('amount_malformed')
  if (text.length > charactersMax) return refuse('amount_too_long')
  if (!/[1-9]/.test(text)) return refuse('amount_not_positive')
  const decimals = decimalsIn(currency)
  if (decimals === undefined) return refuse('currency_unknown')
  if (/[1-9]/.test(fraction.slice(decimals))) return refuse('amount_inexact')
  return accept(BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0')))
}

/** 2372 in 156 is `23.72`, 500 in 392 is `500`: always with all decimals of the currency. */
export function writeAmount(minorUnits: bigint, currency: string): Result<string, AmountRefusal> {
  const decimals = decimalsIn(currency)
  if (decimals === undefined) return refuse('currency_unknown')
  if (minorUnits <= 0n) return refuse('amount_not_positive')
  const digits = minorUnits.toString().padStart(decimals + 1, '0')
  const whole = digits.slice(0, digits.length - decimals)
  const text = decimals === 0 ? whole : `${whole}.${digits.slice(-decimals)}`
  return text.length > charactersMax ? refuse('amount_too_long') : accept(text)
}
