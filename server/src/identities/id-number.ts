/** The number of a resident identity card (GB 11643-1999): region 6, birth date 8, sequence 3, check 1. */
import { createBusinessTime } from '../kernel/index.ts'

/** The document is China's, whatever zone the operator keeps its books in. */
const china = createBusinessTime('Asia/Shanghai')

const shape = /^[1-9]\d{5}(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})\d{3}[\dX]$/

/** A number that can have been given by `now` (ms). */
export function isIdNumber(number: string, now: number): boolean {
  const birthDate = birthDateOf(number)
  return birthDate !== undefined && birthDate <= china.dateOf(now) && checkOf(number) === number[17]
}

/** `yyyy-mm-dd`; undefined when it is no number of this kind, or the day never was. */
export function birthDateOf(number: string): string | undefined {
  const { year, month, day } = shape.exec(number)?.groups ?? {}
  const date = `${year}-${month}-${day}`
  const at = Date.parse(`${date}T00:00:00Z`)
  // The 30th of February is read as a day of March.
  const exists = !Number.isNaN(at) && new Date(at).toISOString().startsWith(date)
  return exists ? date : undefined
}

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** ISO/IEC 7064 MOD 11-2, over the first 17 digits. */
function checkOf(number: string): string | undefined {
  const sum = weights.reduce((total, weight, at) => total + weight * Number(number[at]), 0)
  return '10X98765432'[sum % 11]
}

/** As people type it: full width, with spaces, the X small. */
export const normalIdNumber = (typed: string): string =>
  typed.normalize('NFKC').replace(/\s/g, '').toUpperCase()
