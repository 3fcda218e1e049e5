/** Sends and checks the one-time code of a sign-in, and remembers which customer a subject stands for. */
import type { Database } from '../../../db/index.ts'
import {
  accept,
  type Clock,
  type FieldCipher,
  type Ids,
  type Msisdn,
  refuse,
  sixDigits,
} from '../../../kernel/index.ts'
import type { MerchantName } from '../../../merchants/index.ts'
import { countWrong, isLocked, lockGuards, saveGuards } from '../../../risk/index.ts'
import { allowSend, codeLifeMs, lockSends, saveSends, tryCode } from '../../../sign-ins/index.ts'
import { subjectFor } from '../store.ts'
import { deleteCode, lockCode, readCode, saveCode, saveTry } from './store.ts'

/** A text that carries a code; the words are made by whoever sends it. */
export interface CodeText {
  readonly to: Msisdn
  readonly code: string
  readonly merchant: MerchantName
  readonly minutes: number
  readonly language: 'zh' | 'en'
}

export interface SignInDependencies {
  readonly db: Database
  readonly cipher: FieldCipher
  readonly clock: Clock
  readonly ids: Ids
  /** Hands the text to the SMS channel. It never says whether the number exists. */
  readonly sendCode: (text: CodeText) => Promise<void>
}

export type SignIn = ReturnType<typeof createSignIn>

export function createSignIn({ db, cipher, clock, ids, sendCode }: SignInDependencies) {
  const macOf = (uid: string, code: string) => cipher.mac('oauth code', `${uid} ${code}`)
  return {
    find: (uid: string) => readCode(db, uid),

    /** Sends a fresh code; refuses with the time to wait, in ms. */
    async send(uid: string, text: Pick<CodeText, 'to' | 'merchant' | 'language'>) {
      const now = clock.now()
      const code = sixDigits(ids.random(4))
      const allowed = await db.transact(async (tx) => {
        const result = allowSend(await lockSends(tx, text.to), now)
        if (!result.ok) return result
        await saveSends(tx, text.to, result.value)
        await saveCode(tx, uid, {
          msisdn: text.to,
          mac: macOf(uid, code),
          tries: 0,
          sentAt: now,
          expiresAt: now + codeLifeMs,
          verifiedAt: null,
        })
        return result
      })
      if (allowed.ok) await sendCode({ ...text, code, minutes: codeLifeMs / 60_000 })
      return allowed
    },

    /**
     * Tries a code: `code_wrong`, `too_late`, `no_tries_left`, `codes_locked`, or the number it proves.
     * Wrong ones count against the number together with those of its purchases.
     */
    check(uid: string, typed: string) {
      return db.transact(async (tx) => {
        const code = await lockCode(tx, uid)
        if (!code) return refuse('too_late')
        const now = clock.now()
        const guards = [...(await lockGuards(tx, [`number:${code.msisdn}`])).values()]
        if (guards.some((guard) => isLocked(guard, now))) return refuse('codes_locked')
        if (code.verifiedAt !== null) return accept(code.msisdn)
        const result = tryCode(code, macOf(uid, typed), now)
        if (!result.ok && result.refusal !== 'code_wrong') return result
        const verifiedAt = result.ok ? now : null
        await saveTry(tx, uid, { tries: code.tries + 1, verifiedAt })
        if (result.ok) return accept(code.msisdn)
        saveGuards(
          tx,
          guards.map((guard) => countWrong(guard, now)),
        )
        return result
      })
    },

    /** Forgets the code and names the customer: the same subject for the same merchant, always. */
    finish(uid: string, merchantId: string, msisdn: Msisdn): Promise<string> {
      const subject = Buffer.from(ids.random(18)).toString('base64url')
      return db.transact(async (tx) => {
        await deleteCode(tx, uid)
        return subjectFor(tx, { subject, merchantId, msisdn, now: clock.now() })
      })
    },
  }
}
