/** Sends and checks the code that signs a device in. */
import { appendJobs, type Database, type NewJob, type Tx } from '../db/index.ts'
import {
  accept,
  type Clock,
  type FieldCipher,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  Secret,
  sixDigits,
} from '../kernel/index.ts'
import { countWrong, isLocked, lockGuards, saveGuards } from '../risk/index.ts'
import { countTry, deleteCode, lockCode, lockSends, saveCode, saveSends } from './code-store.ts'
import { allowSend, codeLifeMs, tryCode } from './one-time-code.ts'

/** A text that carries a code; the words are made by whoever sends it. */
export interface CodeText {
  readonly to: Msisdn
  readonly code: Secret
  readonly minutes: number
  readonly language: 'zh' | 'en'
}

export interface CodeTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly cipher: FieldCipher
  /**
   * The job that brings the text. Whether the number is one of ours is looked up there and not before, so that
   * whoever asks for a code learns nothing of the number, neither from the answer nor from how long it takes.
   */
  readonly codeJob: (text: CodeText, now: number) => NewJob
}

export type CodeRefusal = 'code_wrong' | 'too_late' | 'no_tries_left' | 'codes_locked'

export type Codes = ReturnType<typeof createCodes>

export function createCodes({ db, clock, ids, cipher, codeJob }: CodeTools) {
  const macOf = (msisdn: Msisdn, code: Secret) =>
    cipher.mac('sign-in code', `${msisdn} ${code.reveal()}`)
  return {
    /** The same for every number; refuses with the time to wait, in ms. */
    ask({ to, language }: Pick<CodeText, 'to' | 'language'>) {
      const now = clock.now()
      const code = new Secret(sixDigits(ids.random(4)))
      return db.transact(async (tx) => {
        const sends = allowSend(await lockSends(tx, to), now)
        if (!sends.ok) return sends
        await saveSends(tx, to, sends.value)
        await saveCode(tx, to, { mac: macOf(to, code), tries: 0, expiresAt: now + codeLifeMs })
        const minutes = codeLifeMs / 60_000
        appendJobs(tx, [codeJob({ to, language, code, minutes }, now)])
        return accept(undefined)
      })
    },

    /**
     * Uses the code of a number up, or counts a wrong one: against the code, and against the number together with
     * those of its purchases. The caller holds the lock of the number and commits either way.
     */
    async use(tx: Tx, msisdn: Msisdn, code: Secret): Promise<Result<undefined, CodeRefusal>> {
      const now = clock.now()
      const guards = [...(await lockGuards(tx, [`number:${msisdn}`])).values()]
      if (guards.some((guard) => isLocked(guard, now))) return refuse('codes_locked')
      const sent = await lockCode(tx, msisdn)
      if (!sent) return refuse('too_late')
      const tried = tryCode(sent, macOf(msisdn, code), now)
      if (tried.ok) await deleteCode(tx, msisdn)
      if (tried.ok || tried.refusal !== 'code_wrong') return tried
      await countTry(tx, msisdn)
      saveGuards(
        tx,
        guards.map((guard) => countWrong(guard, now)),
      )
      return tried
    },
  }
}
