/**
 * What we tell a customer by text, without its words: `channels/sms/texts.ts` has them, in zh and en.
 * The ids are those of the message table of the domain (T1, T2 …). Amounts are fen as strings, for
 * notices travel through the outbox as JSON.
 */
import type { PayingCard } from './card.ts'
import type { Language, Name, Refusal, Source } from './payment.ts'

interface Sale {
  readonly merchant: Name
  readonly goods: Name
  readonly amount: string
}

/** Where money goes back to; texts written before there were cards do not say. */
interface Returned {
  readonly source?: Source
}

interface ByCard {
  readonly bank: Name
  readonly last4: string
}

export const byCard = ({ bankName: bank, last4 }: PayingCard): ByCard => ({ bank, last4 })

export type Notice =
  /** The question: price, yes-word, time to answer, tariff of a text. */
  | (Sale & {
      readonly id: 'T1'
      readonly minutes: number
      readonly tariff: string
      readonly tel: string
    })
  /** The code to type on a page. */
  | (Sale & {
      readonly id: 'T1c'
      readonly code: string
      readonly minutes: number
      readonly tel: string
    })
  | (Sale & {
      readonly id: 'T2'
      readonly orderNo: string
      readonly usedThisMonth: string
      readonly monthLimit: string
      readonly tel: string
    })
  /** The question of a purchase by card: reply with the PIN. */
  | (Sale & ByCard & { readonly id: 'C1'; readonly minutes: number; readonly tel: string })
  /** The receipt of a purchase by card. */
  | (Sale & ByCard & { readonly id: 'C2'; readonly orderNo: string; readonly tel: string })
  /** The question of a purchase from the wallet, and its receipt. */
  | (Sale & { readonly id: 'W1'; readonly minutes: number; readonly tel: string })
  | (Sale & {
      readonly id: 'W2'
      readonly orderNo: string
      /** What is left in it. */
      readonly left: string
      readonly tel: string
    })
  | {
      readonly id: 'W3'
      readonly reason: Refusal
      /** What could still be paid. */
      readonly left: string
      readonly orderNo: string
    }
  | { readonly id: 'T3'; readonly orderNo: string }
  | (Sale & { readonly id: 'T4' })
  | { readonly id: 'T5'; readonly reason: Refusal; readonly orderNo: string }
  | (Sale & {
      readonly id: 'T6'
      readonly limit: 'single' | 'day' | 'month'
      readonly leftToday: string
      readonly leftThisMonth: string
    })
  | (Sale & { readonly id: 'T7'; readonly orderNo: string } & Returned)
  /** Not understood; at most three codes to try. */
  | { readonly id: 'T8'; readonly examples: readonly string[] }
  | { readonly id: 'T9'; readonly again: string }
  | { readonly id: 'T10'; readonly orderNo: string }
  | { readonly id: 'T11'; readonly pending: readonly Name[] }
  | { readonly id: 'T12'; readonly seconds: number }
  | {
      readonly id: 'amount_range'
      readonly min: string
      readonly max: string
      readonly step: string
    }
  | (Sale & { readonly id: 'refunded'; readonly orderNo: string } & Returned)
  /** The answer to stop and query words: no plans run, what was spent, what is left. */
  | {
      readonly id: 'no_plans'
      readonly usedThisMonth: string
      readonly leftThisMonth: string
    }
  | { readonly id: 'code_wrong'; readonly triesLeft: number }
  | { readonly id: 'codes_locked'; readonly minutes: number }
  /** Signing in to allow a merchant to charge; `merchant` is who asks. */
  | {
      readonly id: 'sign_in_code'
      readonly merchant: Name
      readonly code: string
      readonly minutes: number
    }
  /** Signing in to the app. */
  | { readonly id: 'app_code'; readonly code: string; readonly minutes: number }
  /** A passkey signs in to the app from now on, or no more. */
  | { readonly id: 'passkey_made' | 'passkey_removed' }
  /** The first PIN of a wallet, and one that takes the place of a forgotten one. */
  | { readonly id: 'T19' | 'pin_reset'; readonly code: string; readonly hours: number }

/** A text on its way: the payload of a job of topic `sms.send`. */
export interface Outgoing {
  readonly to: string
  readonly from: string
  readonly language: Language
  readonly notice: Notice
  readonly paymentId: string | null
  /** The code of the notice, which is masked there: opened only when the text is handed over. */
  readonly sealed?: { readonly text: string }
}
