/** Which PINs are too easy: the first that somebody tries who found the handset, or the purse with it. */
import { birthDateOf, normalIdNumber } from '../identities/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import type { PinFacts, PinWeakness } from './pin.ts'

const digitsMax = 6

/** Null when it is good. A birth date is the owner's, in whatever order it is written. */
export function weaknessOf(
  pin: string,
  msisdn: Msisdn,
  { idNumber, cardNumbers = [] }: PinFacts,
): PinWeakness | null {
  if (!/^\d{6}$/.test(pin)) return 'not_six_digits'
  if (/^(\d)\1{5}$/.test(pin)) return 'all_equal'
  if (isRun(pin)) return 'run'
  if (pin === tailOf(msisdn)) return 'of_the_number'
  const number = idNumber && normalIdNumber(idNumber.reveal())
  // An X at the end is no digit of a PIN: the six digits before it are.
  if (number !== undefined && pin === tailOf(number)) return 'of_the_identity'
  if (cardNumbers.some((card) => pin === tailOf(card.reveal()))) return 'of_a_card'
  if (number !== undefined && datesOf(number).includes(pin)) return 'birth_date'
  return null
}

/** Up or down by one, and on through zero as on a keypad: 123456, 987654, 567890. */
function isRun(pin: string): boolean {
  const steps = [...pin].slice(1).map((digit, at) => (10 + Number(digit) - Number(pin[at])) % 10)
  return new Set(steps).size === 1 && (steps[0] === 1 || steps[0] === 9)
}

const tailOf = (text: string) => text.replace(/\D/g, '').slice(-digitsMax)

/** yymmdd, ddmmyy, mmddyy, yyyymm and mmyyyy; without a zero before them also yyyymd. */
function datesOf(idNumber: string): string[] {
  const [year = '', month = '', day = ''] = birthDateOf(idNumber)?.split('-') ?? []
  if (year === '') return []
  const yy = year.slice(2)
  const written = [yy + month + day, day + month + yy, month + day + yy, year + month, month + year]
  return [...written, `${year}${Number(month)}${Number(day)}`]
}
