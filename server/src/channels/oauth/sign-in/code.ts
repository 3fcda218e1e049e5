/**
 * One-time codes that prove a number: how often one is sent, how long it lives, how often it may be
 * tried. This file only decides; `sign-in.ts` loads and saves.
 */
import { accept, type Msisdn, refuse } from '../../../kernel/index.ts'

export interface SentCode {
  readonly msisdn: Msisdn
  /** HMAC of sign-in and code. */
  readonly mac: string
  readonly tries: number
  readonly sentAt: number
  /** The last millisecond at which the code counts. */
  readonly expiresAt: number
  readonly verifiedAt: number | null
}

export const codeLifeMs = 5 * 60_000
export const codeTriesMax = 5

/** Codes to one number, whoever asks for them: nobody's telephone is a bell to ring. */
const sendLimits = [
  { within: 60_000, max: 1 },
  { within: 3_600_000, max: 5 },
  { within: 86_400_000, max: 10 },
] as const

/** The times that still count, with `now` added; or how long to wait, in ms. */
export function allowSend(sends: readonly number[], now: number) {
  for (const { within, max } of sendLimits) {
    const counted = sends.filter((at) => at > now - within)
    const first = counted.at(-max)
    if (counted.length >= max && first !== undefined)
      return refuse({ waitMs: first + within - now })
  }
  return accept([...sends.filter((at) => at > now - 86_400_000), now])
}

/** Judges a try. The tries are counted before the code is looked at, right or wrong. */
export function tryCode(code: SentCode, mac: string, now: number) {
  if (code.verifiedAt !== null) return accept(code)
  if (now > code.expiresAt) return refuse('too_late')
  if (code.tries >= codeTriesMax) return refuse('no_tries_left')
  const tried = { ...code, tries: code.tries + 1 }
  return mac === code.mac ? accept({ ...tried, verifiedAt: now }) : refuse('code_wrong')
}

/** Six digits from random bytes; 2^32 is so much larger than a million that no digit is favoured. */
export function codeFrom(bytes: Uint8Array): string {
  const number = Buffer.from(bytes).readUInt32BE(0)
  return String(number % 1_000_000).padStart(6, '0')
}
