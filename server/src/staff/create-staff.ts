/** The whole of it, put together from the database and its tools. */
import type { Database } from '../db/index.ts'
import type { BusinessTime, Clock, FieldCipher, Ids } from '../kernel/index.ts'
import { createActs } from './acts.ts'
import { createApprovals } from './approvals.ts'
import { createLogbook } from './logbook.ts'
import { createPasswords } from './password.ts'
import { createPeople } from './people.ts'
import { peopleOf } from './person-store.ts'
import { createSignIn } from './sign-in.ts'
import { createTills } from './tills.ts'
import { createVouchers } from './vouchers.ts'

export interface StaffTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly cipher: FieldCipher
  /** log2 of what a password costs; the usual without it. */
  readonly passwordCost?: number
}

export function createStaff({ passwordCost, ...given }: StaffTools) {
  const logbook = createLogbook(given)
  const passwords = createPasswords(given.ids, passwordCost)
  const approvals = createApprovals({ ...given, logbook })
  const tools = { ...given, logbook, passwords, approvals }
  /** So that whoever reads the database cannot try out what a request was made of. */
  const macOf = (content: unknown) => given.cipher.mac('staff content', canonical(content))
  return {
    signIn: createSignIn(tools),
    people: createPeople(tools),
    approvals,
    acts: createActs({ ...tools, macOf }),
    tills: createTills({ ...tools, macOf }),
    vouchers: createVouchers(tools),
    logbook,
    macOf,
    peopleOf,
  }
}

export type Staff = ReturnType<typeof createStaff>

/** One text for one value, whatever order its members were named in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) =>
    member !== null && typeof member === 'object' && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  )
}
