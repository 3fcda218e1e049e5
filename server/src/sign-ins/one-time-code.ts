/**
 * One-time codes that prove a number: how often one is sent, how long it lives, how often it may be
 * tried. This file only decides; whoever sends codes loads and saves.
 */
import { accept, refuse } from '../kernel/index.ts'

export interface CodeTries {
  /** HMAC of the code and of what it is for. */
  readonly mac: string
  readonly tries: number
  /** The last millisecond at which the code counts. */
  readonly expiresAt: number
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

/** Judges a try. What is wrong here has to be counted by the caller. */
export function tryCode(code: CodeTries, mac: string, now: number) {
  if (now > code.expiresAt) return refuse('too_late')
  if (code.tries >= codeTriesMax) return refuse('no_tries_left')
  return mac === code.mac ? accept(undefined) : refuse('code_wrong')
}
