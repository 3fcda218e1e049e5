/**
 * Who is of the staff, as is decided at the command line or by an admin on a page. Password and secret of the second
 * factor are answered once, to be handed over, and the password must be changed at the first sign-in.
 */
import type { Database, Tx } from '../db/index.ts'
import {
  accept,
  type Clock,
  type FieldCipher,
  type Ids,
  type Result,
  refuse,
  type Secret,
} from '../kernel/index.ts'
import type { Logbook } from './logbook.ts'
import { newPassword, type Passwords } from './password.ts'
import {
  checkedRoles,
  isLogin,
  isPlainName,
  type KeptPerson,
  type Person,
  type Role,
  type RolesRefusal,
} from './person.ts'
import {
  endSessionsOf,
  findPerson,
  insertPerson,
  lockPerson,
  readPeople,
  savePerson,
} from './person-store.ts'
import { enrolmentUri, newSeed } from './second-factor.ts'
import { totpPurpose } from './sign-in.ts'

export interface PeopleTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  readonly passwords: Passwords
  readonly logbook: Logbook
}

export interface Handover {
  readonly person: KeptPerson
  readonly password: Secret
  /** In Base32, and the same as an address for a QR code. */
  readonly seed: Secret
  readonly uri: Secret
}

export type NewPersonRefusal = 'login_malformed' | 'name_malformed' | 'login_taken' | RolesRefusal
export type PersonRefusal = 'login_unknown' | 'already_so'

/** `operator` is who acts, for the operator's log. */
export function createPeople({ db, clock, ids, cipher, passwords, logbook }: PeopleTools) {
  async function secretsOf(id: string, login: string) {
    const password = newPassword(ids)
    const seed = newSeed(ids)
    const kept = {
      password: await passwords.hash(password),
      passwordIsInitial: true,
      sealedTotp: cipher.seal(totpPurpose(id), seed),
    }
    return { kept, shown: { password, seed, uri: enrolmentUri(seed, login) } }
  }

  async function changed(
    login: string,
    { operator, action }: { readonly operator: string; readonly action: string },
    change: (person: KeptPerson, now: number) => Partial<KeptPerson> | 'already_so',
  ): Promise<Result<KeptPerson, PersonRefusal>> {
    return db.transact(async (tx: Tx) => {
      const person = await lockPerson(tx, { login })
      if (!person) return refuse('login_unknown')
      const now = clock.now()
      const changes = change(person, now)
      if (changes === 'already_so') return refuse('already_so')
      const after = { ...person, ...changes }
      await savePerson(tx, after)
      if (action !== 'staff.unlock') await endSessionsOf(tx, { person: person.id, now })
      const isNamed = changes.roles !== undefined
      await logbook.write(tx, operator, {
        ...{ action, subject: `staff:${login}` },
        ...(isNamed && { before: { roles: person.roles }, after: { roles: after.roles } }),
      })
      return accept(after)
    })
  }

  return {
    list: () => readPeople(db),

    async add(
      given: Omit<Person, 'id' | 'roles'> & { readonly roles: readonly Role[] },
      operator: string,
    ): Promise<Result<Handover, NewPersonRefusal>> {
      const { login, name, office } = given
      const roles = checkedRoles(given.roles)
      if (!isLogin(login)) return refuse('login_malformed')
      if (!isPlainName(name) || !isPlainName(office)) return refuse('name_malformed')
      if (!roles.ok) return roles
      const now = clock.now()
      const id = ids.next(0, now)
      const { kept, shown } = await secretsOf(id, login)
      const fresh = { totpStep: 0, wrong: 0, lockedUntil: 0, disabledAt: null, createdAt: now }
      const person: KeptPerson = { id, ...given, roles: roles.value, ...kept, ...fresh }
      return db.transact(async (tx) => {
        if (!(await insertPerson(tx, person))) return refuse('login_taken')
        await logbook.write(tx, operator, {
          action: 'staff.add',
          subject: `staff:${login}`,
          after: { name, office, roles: roles.value },
        })
        return accept({ person, ...shown })
      })
    },

    /** New password and second factor, for who has lost one; ends the lock and all sessions. */
    async reset(login: string, operator: string): Promise<Result<Handover, PersonRefusal>> {
      const found = await findPerson(db, login)
      if (!found) return refuse('login_unknown')
      const { kept, shown } = await secretsOf(found.id, login)
      const done = await changed(login, { operator, action: 'staff.reset' }, () => ({
        ...kept,
        ...{ totpStep: 0, wrong: 0, lockedUntil: 0 },
      }))
      return done.ok ? accept({ person: done.value, ...shown }) : done
    },

    /** Ends all sessions: what somebody may do is not changed under his hands. */
    async assign(
      login: string,
      wanted: readonly Role[],
      operator: string,
    ): Promise<Result<KeptPerson, PersonRefusal | RolesRefusal>> {
      const roles = checkedRoles(wanted)
      if (!roles.ok) return roles
      return changed(login, { operator, action: 'staff.roles' }, ({ roles: held }) =>
        held.join() === roles.value.join() ? 'already_so' : { roles: roles.value },
      )
    },

    unlock: (login: string, operator: string) =>
      changed(login, { operator, action: 'staff.unlock' }, ({ lockedUntil }, now) =>
        lockedUntil <= now ? 'already_so' : { wrong: 0, lockedUntil: 0 },
      ),
    disable: (login: string, operator: string) =>
      changed(login, { operator, action: 'staff.disable' }, ({ disabledAt }, now) =>
        disabledAt !== null ? 'already_so' : { disabledAt: now },
      ),
    enable: (login: string, operator: string) =>
      changed(login, { operator, action: 'staff.enable' }, ({ disabledAt }) =>
        disabledAt === null ? 'already_so' : { disabledAt: null },
      ),
  }
}

export type People = ReturnType<typeof createPeople>
