/**
 * Somebody who works in a business hall. A clerk does acts for customers and has a till; a supervisor looks
 * and agrees. One person may be both, and never agrees to an act of his own.
 */
export const roles = ['clerk', 'supervisor'] as const
export type Role = (typeof roles)[number]

export interface Person {
  readonly id: string
  /** What he signs in with, and what customers read on a voucher: `0417`. */
  readonly login: string
  readonly name: string
  /** Where he works; approvals, tills and vouchers do not leave it. */
  readonly office: string
  readonly roles: readonly Role[]
}

/** As kept: with what proves who he is. */
export interface KeptPerson extends Person {
  readonly password: string
  readonly passwordIsInitial: boolean
  readonly sealedTotp: string
  readonly totpStep: number
  /** Wrong sign-ins in a row. */
  readonly wrong: number
  readonly lockedUntil: number
  readonly disabledAt: number | null
  readonly createdAt: number
}

const loginShape = /^[a-z0-9][a-z0-9._-]{1,31}$/
export const isLogin = (text: string): boolean => loginShape.test(text)

/** Names and offices stand on vouchers: one line of plain text. */
export const isPlainName = (text: string): boolean => /^[^\p{C}]{1,40}$/u.test(text)

/** How the operator's log calls him. */
export const authorOf = ({ login }: Pick<Person, 'login'>): string => `staff:${login}`

/** So many wrong ones in a row, and nothing of his counts for a while. */
export const wrongMax = 5
export const lockMs = 15 * 60_000

/** What a wrong try makes of the count; the lock begins with the last one. */
export function afterWrong(
  { wrong }: Pick<KeptPerson, 'wrong'>,
  now: number,
): { readonly wrong: number; readonly lockedUntil: number } {
  return wrong + 1 >= wrongMax
    ? { wrong: 0, lockedUntil: now + lockMs }
    : { wrong: wrong + 1, lockedUntil: 0 }
}
