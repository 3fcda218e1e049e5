/** Customers' sign-ins on a database of their own, the texts with their codes, and two processes where that can be. */
import { type Engine, testDatabase } from '../../test/database.ts'
import { introduceLine } from '../../test/lane.ts'
import { openDatabase } from '../src/db/index.ts'
import {
  bucketOf,
  createFieldCipher,
  createIds,
  type Msisdn,
  manualClock,
  Secret,
} from '../src/kernel/index.ts'
import {
  type CodeText,
  createPasskeys,
  createSignIns,
  type PasskeyChange,
  type SignIns,
  signInInvariants,
} from '../src/sign-ins/index.ts'

export const minute = 60_000
export const day = 86_400_000
export const origin = 'https://wallet.example'

export type SignInStage = Awaited<ReturnType<typeof openSignInStage>>

export async function openSignInStage(engine: Engine) {
  const made = await testDatabase({ engine })
  const { db } = made
  const second = made.url === undefined ? db : await openDatabase({ url: made.url, poolMax: 8 })
  const clock = manualClock(Date.UTC(2026, 10, 23, 4))
  const ids = createIds()
  const cipher = createFieldCipher(new Secret('a field key for tests, 32 characters or more'), ids)
  const sent = new Map<Msisdn, CodeText[]>()
  const processOn = (at: typeof db) =>
    createSignIns({
      ...{ db: at, clock, ids, cipher },
      codeJob(text, now) {
        sent.set(text.to, [...(sent.get(text.to) ?? []), text])
        const subject = ids.next(0, now)
        return { bucket: bucketOf(text.to), topic: 'code', subject, dueAt: now, payload: {} }
      },
    })
  const signIns = processOn(db)
  const told: PasskeyChange[] = []
  const passkeysOn = (at: typeof db) =>
    createPasskeys({
      ...{ db: at, clock, ids, cipher, origin },
      changeJob(change, now) {
        told.push(change)
        const subject = ids.next(0, now)
        return { bucket: bucketOf(change.to), topic: 'passkey', subject, dueAt: now, payload: {} }
      },
    })
  const passkeys = passkeysOn(db)
  const doors = [signIns, processOn(second)]
  let numbers = 0

  const codeOf = (msisdn: Msisdn) => sent.get(msisdn)?.at(-1)?.code ?? new Secret('')
  const ask = (to: Msisdn) => signIns.askCode({ to, language: 'zh' })
  const enter = (msisdn: Msisdn, code = codeOf(msisdn), door: SignIns = signIns) =>
    door.byCode({ msisdn, code, device: 'Chrome · Android' })

  return {
    ...{
      db,
      clock,
      sent,
      told,
      signIns,
      passkeys,
      otherPasskeys: passkeysOn(second),
      codeOf,
      ask,
      enter,
    },
    /** Turn and turn about, so that callers are spread over both. */
    door: (n: number) => doors[n % 2] ?? signIns,
    async newNumber(known = true): Promise<Msisdn> {
      numbers += 1
      const msisdn = `+86137${String(numbers).padStart(8, '0')}`
      if (known) await introduceLine(db, msisdn, clock.now())
      return msisdn
    },
    wrongFor: (msisdn: Msisdn) =>
      new Secret(String((Number(codeOf(msisdn).reveal()) + 1) % 1_000_000).padStart(6, '0')),
    async signedIn(msisdn: Msisdn) {
      await ask(msisdn)
      const begun = await enter(msisdn)
      if (!begun.ok) throw new Error(begun.refusal)
      clock.advance(minute)
      return begun.value
    },
    lasts: async (token: Secret) => (await signIns.sessionOf(token)) !== undefined,
    async complaints() {
      const found = await Promise.all(signInInvariants.map(({ check }) => check(db)))
      return found.flatMap(({ examples }) => examples)
    },
    async close() {
      if (second !== db) await second.close()
      await made.close()
    },
  }
}
