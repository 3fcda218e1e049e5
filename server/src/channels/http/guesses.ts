/**
 * Wrong credentials by address. Keys and tokens of ours are too long to be guessed, so this is not what
 * keeps a stranger out: it makes trying cost time, and tells the operator that somebody tries. In memory
 * of each process, because what must never be exceeded (codes of six digits) is counted in the database.
 */
import { isIP } from 'node:net'
import type { Clock } from '../../kernel/index.ts'

export interface GuessLimit {
  /** So many wrong ones from an address within the time … */
  readonly max: number
  readonly withinMs: number
  /** … and it is turned away for this long. */
  readonly lockMs: number
}

/** A program with an old key tries a few times a minute and must hear 401, not 429. */
export const keyGuesses: GuessLimit = { max: 60, withinMs: 60_000, lockMs: 60_000 }
/** A token may have been chosen by a person, so right ones are not looked at either while it lasts. */
export const operatorGuesses: GuessLimit = { max: 10, withinMs: 15 * 60_000, lockMs: 15 * 60_000 }
/** A whole business hall may come from one address; each of its people is locked by himself before. */
export const staffGuesses: GuessLimit = { max: 60, withinMs: 15 * 60_000, lockMs: 15 * 60_000 }

/** Half a town may come from one address of its carrier; each number is guarded by itself before. */
export const consumerGuesses: GuessLimit = { max: 300, withinMs: 15 * 60_000, lockMs: 15 * 60_000 }
/** Codes asked for, right or wrong: who rings at many doors is stopped, whoever lives there. */
export const codeRequests: GuessLimit = { max: 300, withinMs: 15 * 60_000, lockMs: 15 * 60_000 }

/** Codes of top-up vouchers: each number has five in an hour, and a town may share an address. */
export const voucherGuesses: GuessLimit = { max: 60, withinMs: 3_600_000, lockMs: 3_600_000 }

/** A household has a few bills; names of customers are not for collecting. */
export const billInquiries: GuessLimit = { max: 60, withinMs: 3_600_000, lockMs: 3_600_000 }

/** A person pays a few others; names are not for collecting. */
export const payeeLooks: GuessLimit = { max: 60, withinMs: 3_600_000, lockMs: 3_600_000 }

/** A program pays many, and asks before: still, names of a town are not for collecting. */
export const accountLooks: GuessLimit = { max: 600, withinMs: 3_600_000, lockMs: 3_600_000 }

export interface Guesses {
  /** How long this address is still turned away, in ms; 0 when it is not. */
  lockedMs(address: string): number
  /** Counts a wrong one; true when the lock begins with it. */
  wrong(address: string): boolean
}

/** Addresses remembered; the one longest silent goes first. */
const addressesMax = 10_000

export function createGuesses({ max, withinMs, lockMs }: GuessLimit, clock: Clock): Guesses {
  const known = new Map<string, { since: number; count: number; lockedUntil: number }>()
  return {
    lockedMs(address) {
      const { lockedUntil = 0 } = known.get(networkOf(address)) ?? {}
      return Math.max(0, lockedUntil - clock.now())
    },
    wrong(address) {
      const name = networkOf(address)
      const now = clock.now()
      const before = known.get(name)
      const goesOn = before !== undefined && now - before.since < withinMs
      const { since, count } = goesOn ? before : { since: now, count: 0 }
      const begins = count + 1 >= max
      known.delete(name)
      known.set(name, {
        since: begins ? now : since,
        count: begins ? 0 : count + 1,
        lockedUntil: begins ? now + lockMs : (before?.lockedUntil ?? 0),
      })
      const [oldest] = known.keys()
      if (known.size > addressesMax && oldest !== undefined) known.delete(oldest)
      return begins
    },
  }
}

/** Who has one IPv6 address has all of its /64 (RFC 6177); IPv4 in an IPv6 dress is IPv4. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (isIP(plain) !== 6) return plain
  const [left = [], right = []] = plain
    .split('::')
    .map((half) => half.split(':').filter((group) => group !== ''))
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}
