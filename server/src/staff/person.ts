import { accept, type Result, refuse } from '../kernel/index.ts'

/**
 * Somebody who works in a business hall or for the operator. A clerk does acts for customers and has a till; a
 * viewer looks; an operator changes what is sold, to whom and how; a supervisor agrees, in a hall as for the
 * operator, and never to an act of his own. One person may be several of these. An admin says who the others are,
 * and is nothing else.
 */
export const roles = ['clerk', 'supervisor', 'viewer', 'operator', 'admin'] as const
export type Role = (typeof roles)[number]

/** Who comes in at the counter, and who at the operator's page. */
export const hallRoles = ['clerk', 'supervisor'] as const satisfies readonly Role[]
export const operatorRoles = [
  'viewer',
  'operator',
  'supervisor',
  'admin',
] as const satisfies readonly Role[]

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

export type RolesRefusal = 'role_missing' | 'admin_is_more'

export function checkedRoles(given: readonly Role[]): Result<readonly Role[], RolesRefusal> {
  const held = roles.filter((role) => given.includes(role))
  if (held.length === 0) return refuse('role_missing')
  return held.includes('admin') && held.length > 1 ? refuse('admin_is_more') : accept(held)
}

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
