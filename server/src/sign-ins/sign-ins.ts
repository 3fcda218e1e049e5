/** The front door: customers sign in, see where they are signed in, and sign out. */
import type { Reader, Tx } from '../db/index.ts'
import {
  accept,
  bucketOfId,
  isTokenShape,
  type Msisdn,
  type Result,
  refuse,
  Secret,
  tokenHash,
} from '../kernel/index.ts'
import { begin, lockLive } from './begin.ts'
import { deleteCode, forgetCodes } from './code-store.ts'
import { type CodeRefusal, type CodeTools, createCodes } from './codes.ts'
import { deletePasskeysOf, forgetChallenges } from './passkey-store.ts'
import { type Begun, idleMs, lastingAt, noteEveryMs, type Session } from './session.ts'
import {
  endOtherSessions,
  endSession,
  endSessionsOf,
  findSession,
  forgetSessions,
  lastingSessions,
  noteUse,
  sessionsOf,
} from './session-store.ts'

/** What it stands on. */
export type SignInTools = CodeTools

export type SignIns = ReturnType<typeof createSignIns>

export function createSignIns(tools: SignInTools) {
  const { db, clock } = tools
  const codes = createCodes(tools)
  return {
    askCode: codes.ask,

    /** A code signs in once, however many bring it at the same time. */
    byCode({ msisdn, code, device }: { msisdn: Msisdn; code: Secret; device: string }) {
      return db.transact(async (tx): Promise<Result<Begun, CodeRefusal>> => {
        const line = await lockLive(tx, msisdn, clock.now())
        const used = await codes.use(tx, msisdn, code)
        if (!used.ok) return used
        // Nobody was sent it: it was guessed.
        if (!line) return refuse('code_wrong')
        return accept(
          await begin(tools, tx, { msisdn, device, method: 'code', credentialId: null }),
        )
      })
    },

    /** Whose session it is, if it lasts. */
    async sessionOf(token: Secret): Promise<Session | undefined> {
      const now = clock.now()
      const named = namedBy(token)
      const session = named && (await findSession(db, { ...named, ...lastingAt(now) }))
      if (session && now - session.activeAt >= noteEveryMs)
        await db.transact((tx) => noteUse(tx, session, now))
      return session
    },

    /** Those of these devices that are still signed in, for who has something of them but not their token. */
    lasting: (
      reader: Reader,
      named: readonly Pick<Session, 'id' | 'msisdn'>[],
    ): Promise<Set<string>> => lastingSessions(reader, named, lastingAt(clock.now())),

    sessionsOf: (msisdn: Msisdn): Promise<Session[]> =>
      sessionsOf(db, { msisdn, ...lastingAt(clock.now()) }),

    /** False when the number has no such session. */
    async end(msisdn: Msisdn, id: string): Promise<boolean> {
      if (bucketOfId(id) === undefined) return false
      return db.transact((tx) => endSession(tx, { msisdn, id, now: clock.now() }))
    },

    /** Signs all devices of the number out but this one. */
    endOthers({ id, msisdn }: Session): Promise<void> {
      return db.transact((tx) => endOtherSessions(tx, { id, msisdn, now: clock.now() }))
    },

    /** Another SIM: whoever is signed in proves the number again. In the transaction that notes the change. */
    async endAll(tx: Tx, msisdn: Msisdn): Promise<void> {
      await deleteCode(tx, msisdn)
      await endSessionsOf(tx, msisdn, clock.now())
    },

    /** Nothing of it is left for whoever has the number next. Twice is once. */
    async release(tx: Tx, msisdn: Msisdn): Promise<void> {
      await deletePasskeysOf(tx, msisdn)
      await deleteCode(tx, msisdn)
      await endSessionsOf(tx, msisdn, clock.now())
    },

    async tidy(tx: Tx, now: number): Promise<void> {
      await forgetCodes(tx, now)
      await forgetChallenges(tx, now)
      await forgetSessions(tx, now - idleMs)
    },
  }
}

function namedBy(token: Secret) {
  const [id = '', secret = '', ...more] = token.reveal().split('.')
  const bucket = bucketOfId(id)
  if (bucket === undefined || more.length > 0 || !isTokenShape(secret)) return undefined
  return { id, bucket, tokenHash: tokenHash(new Secret(secret)) }
}
