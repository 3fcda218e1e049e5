/**
 * How a person of a hall or of the operator comes in and stays in: password and second factor at once, so that
 * nobody learns which of the two was wrong; five wrong ones in a row lock; a session ends when nothing is done for
 * a quarter of an hour, at the end of a long shift, with the person's leave, and with a new password.
 *
 *   ──signIn──▶ session ──signOut · idle · shiftMax · password · disabled──▶ ended
 */
import type { Database, Tx } from '../db/index.ts'
import {
  accept,
  type Clock,
  type FieldCipher,
  type Ids,
  newToken,
  type Result,
  refuse,
  type Secret,
  tokenHash,
} from '../kernel/index.ts'
import type { Logbook } from './logbook.ts'
import { isGoodPassword, type Passwords } from './password.ts'
import { afterWrong, type KeptPerson, type Person, type Role, roles } from './person.ts'
import {
  endSession,
  endSessionsOf,
  findPerson,
  forgetSessions,
  insertSession,
  lockPerson,
  savePerson,
  useSession,
} from './person-store.ts'
import { stepOfCode } from './second-factor.ts'

export const idleMs = 15 * 60_000
/** The longest shift; then everybody signs in again. */
export const shiftMs = 12 * 3_600_000
/** Ended sessions are of use to nobody. */
const keptMs = 7 * 86_400_000

export interface SignInTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  readonly passwords: Passwords
  readonly logbook: Logbook
}

export interface Credentials {
  readonly login: string
  readonly password: Secret
  readonly code: string
}

export interface Session {
  readonly person: KeptPerson
  /** To be sent in a header with whatever changes something: another site cannot know it. */
  readonly csrfToken: string
}

export type CodeRefusal = 'code_wrong' | { readonly lockedMs: number }

export const totpPurpose = (personId: string) => `staff totp ${personId}`

export function createSignIn({ db, clock, ids, cipher, passwords, logbook }: SignInTools) {
  const csrfOf = (hash: string) => cipher.mac('staff csrf', hash)

  /** Counts a wrong try of a locked row; the caller commits it. */
  async function countWrong(tx: Tx, person: KeptPerson, now: number): Promise<void> {
    const after = afterWrong(person, now)
    await savePerson(tx, { ...person, ...after })
    if (after.lockedUntil > 0)
      await logbook.write(tx, person, {
        action: 'staff.locked',
        subject: `staff:${person.login}`,
        after: { until: new Date(after.lockedUntil).toISOString() },
      })
  }

  /** Looks at the code of a locked row. A right one is used up, a wrong one counted. */
  async function useCode(tx: Tx, person: KeptPerson, code: string) {
    const now = clock.now()
    const seed = cipher.open(totpPurpose(person.id), person.sealedTotp)
    const step = stepOfCode(seed, code, { now, lastStep: person.totpStep })
    if (step === undefined) return undefined
    const after = { ...person, totpStep: step, wrong: 0, lockedUntil: 0 }
    await savePerson(tx, after)
    return after
  }

  /**
   * That the person is there at this moment, not only the screen. Its own transaction: a wrong one counts
   * whatever comes of the rest.
   */
  function proveByCode(personId: string, code: string) {
    return db.transact(async (tx) => {
      const person = await lockPerson(tx, { id: personId })
      const now = clock.now()
      if (!person) return refuse('code_wrong' as const)
      if (person.lockedUntil > now) return refuse({ lockedMs: person.lockedUntil - now })
      if (await useCode(tx, person, code)) return accept(undefined)
      await countWrong(tx, person, now)
      return refuse('code_wrong' as const)
    })
  }

  return {
    /** `may`: whose page it is; others prove who they are and are let in nowhere. */
    async signIn({ login, password, code }: Credentials, may: readonly Role[] = roles) {
      const found = await findPerson(db, login)
      if (found && found.lockedUntil > clock.now())
        return refuse({ lockedMs: found.lockedUntil - clock.now() })
      const right = await passwords.isRight(password, found?.password)
      if (!found) return refuse('wrong' as const)
      return db.transact(async (tx) => {
        const person = await lockPerson(tx, { id: found.id })
        const now = clock.now()
        if (!person || person.disabledAt !== null) return refuse('wrong' as const)
        if (person.lockedUntil > now) return refuse({ lockedMs: person.lockedUntil - now })
        const isThis = right && person.password === found.password
        const signedIn = isThis ? await useCode(tx, person, code) : undefined
        if (!signedIn) {
          await countWrong(tx, person, now)
          return refuse('wrong' as const)
        }
        if (!may.some((role) => person.roles.includes(role))) return refuse('role_missing' as const)
        const token = newToken(ids)
        await insertSession(tx, { tokenHash: tokenHash(token), person: person.id, now })
        await forgetSessions(tx, now - keptMs)
        await logbook.write(tx, person, { action: 'staff.sign_in', subject: subjectOf(person) })
        return accept({ token, person: signedIn, csrfToken: csrfOf(tokenHash(token)) })
      })
    },

    /** Who holds the token, if the session lasts. Only an act keeps it from becoming idle. */
    async sessionOf(token: Secret, isAct: boolean): Promise<Session | undefined> {
      const hash = tokenHash(token)
      const now = clock.now()
      const use = {
        tokenHash: hash,
        now,
        isAct,
        activeSince: now - idleMs,
        begunSince: now - shiftMs,
      }
      const person = await db.transact((tx) => useSession(tx, use))
      return person && { person, csrfToken: csrfOf(hash) }
    },

    async signOut(token: Secret, person: Person): Promise<void> {
      await db.transact(async (tx) => {
        if (await endSession(tx, tokenHash(token), clock.now()))
          await logbook.write(tx, person, { action: 'staff.sign_out', subject: subjectOf(person) })
      })
    },

    /** All other sessions of the person end with it. */
    async changePassword(
      session: { readonly token: Secret; readonly person: KeptPerson },
      { current, next, code }: { current: Secret; next: Secret; code: string },
    ) {
      const { login, id } = session.person
      if (!isGoodPassword(next, login)) return refuse('password_weak' as const)
      if (next.reveal() === current.reveal()) return refuse('password_same' as const)
      const right = await passwords.isRight(current, session.person.password)
      const password = await passwords.hash(next)
      return db.transact(async (tx) => {
        const person = await lockPerson(tx, { id })
        const now = clock.now()
        if (!person || person.lockedUntil > now)
          return refuse({ lockedMs: (person?.lockedUntil ?? now) - now })
        const isThis = right && person.password === session.person.password
        const proven = isThis ? await useCode(tx, person, code) : undefined
        if (!proven) {
          await countWrong(tx, person, now)
          return refuse('wrong' as const)
        }
        await savePerson(tx, { ...proven, password, passwordIsInitial: false })
        await endSessionsOf(tx, { person: id, now, except: tokenHash(session.token) })
        await logbook.write(tx, person, { action: 'staff.password', subject: subjectOf(person) })
        return accept(undefined)
      })
    },

    proveByCode,

    /** The same of a supervisor outside the counter. Nobody is told whether there is such a person. */
    async proveSupervisor(
      login: string,
      code: string,
    ): Promise<Result<Person, 'code_wrong' | { readonly lockedMs: number }>> {
      const person = await findPerson(db, login)
      const may = person?.disabledAt === null && person.roles.includes('supervisor')
      if (!person || !may || person.passwordIsInitial) return refuse('code_wrong')
      const proven = await proveByCode(person.id, code)
      return proven.ok ? accept(person) : proven
    },
  }
}

export type SignIn = ReturnType<typeof createSignIn>

const subjectOf = ({ login }: Pick<Person, 'login'>) => `staff:${login}`
