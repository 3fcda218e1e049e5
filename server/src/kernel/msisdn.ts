/** Mobile numbers. Inside the system always E.164 with `+`; China's national form is 11 digits. */
import { accept, type Result, refuse } from './result.ts'

/** E.164 with `+`, for example `+8613800138000`. */
export type Msisdn = string

/** Reads 13800138000, 8613800138000, 008613800138000 or +8613800138000. */
export function parseMsisdn(text: string): Result<Msisdn, 'not_a_mobile_number'> {
  const match = /^(?:\+86|0086|86)?(1[3-9]\d{9})$/.exec(text.replace(/[\s-]/g, ''))
  return match ? accept(`+86${match[1]}`) : refuse('not_a_mobile_number')
}

/** `+8613800138000` → `13800138000`. */
export const national = (msisdn: Msisdn): string => msisdn.replace(/^\+86/, '')

/** For people and logs: `138****8000`. */
export const masked = (msisdn: Msisdn): string =>
  national(msisdn).replace(/^(\d{3})\d+(\d{4})$/, '$1****$2')
