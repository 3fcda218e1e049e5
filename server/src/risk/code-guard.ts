/**
 * Wrong one-time codes, counted together whichever way they come: by text, on a page, over an API. Six
 * digits last only as long as few tries are possible: a code has three to five of its own, and beyond
 * that a number and an API client have these. A lock stops codes and nothing else: a yes by text, what a
 * number is paid back and its other purchases go on.
 */
export interface CodeGuard {
  /** `number:+8613800138000`, `top-up-voucher:<number>`, `client:<id>` or `till:<merchant>/<terminal>`. */
  readonly subject: string
  /** The first wrong code of those counted. */
  readonly since: number
  readonly wrong: number
  readonly lockedUntil: number
}

interface Limit {
  readonly max: number
  readonly withinMs: number
}

const minute = 60_000
const hour = 60 * minute
export const guardDayMs = 24 * hour
export const codeLockMs = 30 * minute

/**
 * A number: ten a day, and from then on one each half hour. That is at most 10 + 48 tries of one chance
 * in a million, under 1 in 10,000 a day.
 */
const numberLimit: Limit = { max: 10, withinMs: guardDayMs }
/** A client asks many numbers; customers mistype, but a client that only guesses is stopped. */
const clientLimit: Limit = { max: 500, withinMs: hour }

/** One till reads a few codes in a minute, and few of them wrong. */
const tillLimit: Limit = { max: 20, withinMs: minute }

/** Fifteen digits are not guessed in five tries, and a card is typed wrong less often. */
const topUpVoucherLimit: Limit = { max: 5, withinMs: hour }

function limitOf(subject: string): Limit {
  if (subject.startsWith('till:')) return tillLimit
  if (subject.startsWith('top-up-voucher:')) return topUpVoucherLimit
  return subject.startsWith('number:') ? numberLimit : clientLimit
}

export const freshGuard = (subject: string): CodeGuard => ({
  subject,
  since: 0,
  wrong: 0,
  lockedUntil: 0,
})

export const isLocked = ({ lockedUntil }: CodeGuard, now: number): boolean => now < lockedUntil

/** One more wrong code. */
export function countWrong(guard: CodeGuard, now: number): CodeGuard {
  const { max, withinMs } = limitOf(guard.subject)
  const goesOn = now - guard.since < withinMs
  const { since, wrong } = goesOn ? guard : { since: now, wrong: 0 }
  const lockedUntil = wrong + 1 >= max ? now + codeLockMs : guard.lockedUntil
  return { ...guard, since, wrong: wrong + 1, lockedUntil }
}
