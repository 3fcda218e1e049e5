/**
 * The 18 digits a customer shows at a till.
 *
 *     76 204915537 453774 4
 *     │  │         │      └ check digit (Luhn) over the 17 before it
 *     │  │         └ one-time part, of the customer's key and the time
 *     │  └ alias: stands for a device and its key, says nothing about the customer
 *     └ prefix of the issuer
 */
import { luhnDigit } from './luhn.ts'
import { type Hmac, otpOf, stepAt } from './otp.ts'
import { accept, type Result, refuse } from './result.ts'

export interface PaymentCode {
  /** Two digits. */
  readonly prefix: string
  /** Nine digits. */
  readonly alias: string
  /** Six digits. Whoever has them can pay, once and for two minutes. */
  readonly otp: string
}

/** Why digits are no payment code of this issuer. */
export type CodeRefusal =
  /** Not exactly 18 digits. */
  | 'not_18_digits'
  /** Another issuer's. */
  | 'prefix_foreign'
  /** Misread or mistyped. */
  | 'check_digit_wrong'

/** Why no code can be made. */
export type MakeRefusal =
  | 'prefix_invalid'
  /** What begins so belongs to somebody else at the same tills. */
  | 'prefix_taken'
  | 'alias_invalid'
  | 'time_invalid'

export const defaultPrefix = '76'

/** Where others' codes begin: WeChat 10-15, Alipay 25-30, UnionPay 62. */
const taken = /^(1[0-5]|2[5-9]|30|62)$/

/**
 * Takes apart what was scanned, and learns from it nothing but whether it is well formed and of this issuer.
 * `prefix` is the issuer's own.
 */
export function splitCode(
  digits: string,
  prefix = defaultPrefix,
): Result<PaymentCode, CodeRefusal> {
  if (!/^[0-9]{18}$/.test(digits)) return refuse('not_18_digits')
  if (!digits.startsWith(prefix)) return refuse('prefix_foreign')
  if (luhnDigit(digits.slice(0, 17)) !== digits[17]) return refuse('check_digit_wrong')
  return accept({ prefix, alias: digits.slice(2, 11), otp: digits.slice(11, 17) })
}

/** The code to show at `now`, in milliseconds since 1970 by the clock of the device. */
export async function makeCode({
  alias,
  hmac,
  now,
  prefix = defaultPrefix,
}: {
  readonly alias: string
  readonly hmac: Hmac
  readonly now: number
  readonly prefix?: string
}): Promise<Result<string, MakeRefusal>> {
  if (!/^[0-9]{2}$/.test(prefix)) return refuse('prefix_invalid')
  if (taken.test(prefix)) return refuse('prefix_taken')
  if (!/^[0-9]{9}$/.test(alias)) return refuse('alias_invalid')
  const step = stepAt(now)
  if (step === undefined) return refuse('time_invalid')
  const body = `${prefix}${alias}${await otpOf(hmac, step)}`
  return accept(`${body}${luhnDigit(body)}`)
}
