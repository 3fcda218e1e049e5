/**
 * Whether a question may leave the page: the page must not be a way to pester people. Judged under the
 * locks of the page, the number and the address, so that the limits hold whoever asks at the same time.
 */
import { createHash } from 'node:crypto'
import type { Database, Tx } from '../../db/index.ts'
import {
  accept,
  bucketOf,
  type Clock,
  type Ids,
  type Msisdn,
  type Result,
  refuse,
  type Secret,
} from '../../kernel/index.ts'
import type { Source } from '../../payments/index.ts'
import { captchaOf } from './captcha.ts'
import {
  type Checkout,
  lockCheckout,
  lockSubjects,
  noteQuestion,
  questionsSince,
  saveCheckout,
} from './checkout-store.ts'

export interface AdmissionOptions {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly fieldKey: Secret
}

/** Who is to be asked, and from where that was wished. */
export interface Asked {
  readonly msisdn: Msisdn
  readonly address: string
}

export interface Entered extends Asked {
  readonly source: Source
  readonly captcha: string | null
  /** From the page: the same on every retry of one click. */
  readonly key: string
}

export type AdmissionRefusal = 'not_allowed_now' | 'captcha_wrong' | 'too_many_questions'

const hour = 3_600_000
/** Questions a number gets from the page, by hour and day; and an address asks for, by hour. */
const perNumberHour = 3
const perNumberDay = 10
const perAddressHour = 20
export const resendAfterMs = 60_000

export function createAdmission({ db, clock, ids, fieldKey }: AdmissionOptions) {
  const numberOf = ({ msisdn }: Asked) => `number:${msisdn}`
  const addressOf = ({ address }: Asked) => `address:${address}`

  async function isOverLimit(tx: Tx, asked: Asked, now: number): Promise<boolean> {
    const [number, address] = [numberOf(asked), addressOf(asked)]
    const [, byHour, byDay, byAddress] = await Promise.all([
      lockSubjects(tx, [number, address]),
      questionsSince(tx, number, now - hour),
      questionsSince(tx, number, now - 24 * hour),
      questionsSince(tx, address, now - hour),
    ])
    return byHour >= perNumberHour || byDay >= perNumberDay || byAddress >= perAddressHour
  }
  function note(tx: Tx, subjects: readonly string[], now: number): void {
    for (const subject of subjects) noteQuestion(tx, subject, now, ids.next(bucketOf(subject), now))
  }

  return {
    /** A number was entered: the next attempt of the page, or the same click once more. */
    admit: (id: string, entered: Entered): Promise<Result<Checkout, AdmissionRefusal>> =>
      db.transact(async (tx) => {
        const now = clock.now()
        const checkout = await lockCheckout(tx, id)
        if (!checkout || checkout.cancelledAt !== null) return refuse('not_allowed_now')
        if ((await questionsSince(tx, clickOf(checkout, entered), 0)) > 0) return accept(checkout)
        if (await isOverLimit(tx, entered, now)) return refuse('too_many_questions')
        const wanted = captchaOf(fieldKey, id, checkout.attempts)
        if (checkout.attempts > 0 && entered.captcha !== wanted.answer)
          return refuse('captcha_wrong')
        const admitted = { ...checkout, attempts: checkout.attempts + 1, paymentId: null }
        note(tx, [numberOf(entered), addressOf(entered), clickOf(admitted, entered)], now)
        saveCheckout(tx, admitted)
        return accept(admitted)
      }),

    /** The same question once more, a while after the last one. */
    admitAgain: (id: string, asked: Asked): Promise<Result<Checkout, AdmissionRefusal>> =>
      db.transact(async (tx) => {
        const now = clock.now()
        const checkout = await lockCheckout(tx, id)
        if (!checkout) return refuse('not_allowed_now')
        if (await isOverLimit(tx, asked, now)) return refuse('too_many_questions')
        if ((await questionsSince(tx, numberOf(asked), now - resendAfterMs)) > 0)
          return refuse('not_allowed_now')
        note(tx, [numberOf(asked), addressOf(asked)], now)
        return accept(checkout)
      }),
  }
}

/** One click on one attempt of the page, kept like a question. Its key is the page's, so it is hashed. */
function clickOf({ id, attempts }: Checkout, { key, msisdn, source }: Entered): string {
  const wish = source === 'phone_bill' ? `${key}|${msisdn}` : `${key}|${msisdn}|${source}`
  return `click:${id}:${attempts}:${createHash('sha256').update(wish).digest('hex')}`
}
