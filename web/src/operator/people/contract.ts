// What the operator's API answers about people. Times are RFC 3339.
import type { Person, Role } from '../../staff/session.ts'

/** As they are offered: from the least to the most. */
export const allRoles = [
  'viewer',
  'operator',
  'supervisor',
  'clerk',
  'admin',
] as const satisfies readonly Role[]

export type KeptPerson = Person & {
  /** The login. */
  id: string
  passwordIsInitial: boolean
  lockedUntil: string | null
  disabledAt: string | null
  createdAt: string
}

/** In one answer only. */
export type Handover = KeptPerson & { password: string; secret: string; uri: string }
