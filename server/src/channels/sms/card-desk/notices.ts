/** What the text desk for cards answers, without words: `words.ts` has them. Amounts are fen as strings. */
import type { Name, Notice } from '../../../payments/index.ts'

interface OfCard {
  readonly bank: Name
  readonly last4: string
}

/** Or what a purchase says itself while nobody knows whether it is paid. */
export type DeskNotice = CardNotice | Extract<Notice, { readonly id: 'T3' }>

export type CardNotice =
  | { readonly id: 'card_help' | 'card_none' | 'card_pin_how' | 'card_pin_changed' }
  | { readonly id: 'card_nothing_asked' | 'card_cancelled' | 'card_question_over' }
  /** More than one card could be meant, or none has these digits. */
  | {
      readonly id: 'card_which'
      readonly cards: readonly (OfCard & { readonly usable: boolean })[]
    }
  | { readonly id: 'card_list'; readonly cards: readonly (OfCard & { readonly usable: boolean })[] }
  | (OfCard & {
      readonly id:
        | 'card_bound'
        | 'card_unbound'
        | 'card_preferred'
        | 'card_rebind'
        | 'card_suspended'
    })
  /** What is left of a credit card's bill, and of its least payment; `dueOn` is `yyyy-mm-dd`. */
  | (OfCard & {
      readonly id: 'card_bill'
      readonly reminder: 'ready' | 'in_three_days' | 'tomorrow' | 'today'
      readonly amount: string
      readonly minimum: string
      readonly dueOn: string
    })
  /** The answer to a question for the bill; `left` takes off what was paid and what is on its way. */
  | (OfCard & {
      readonly id: 'card_bill_is'
      readonly amount: string
      readonly minimum: string
      readonly left: string
      readonly dueOn: string
    })
  | (OfCard & { readonly id: 'card_no_bill' | 'card_bill_paid' })
  /** A bill will be repaid by itself, or could not be. */
  | (OfCard & {
      readonly id: 'card_auto_ahead'
      readonly part: 'full' | 'minimum'
      readonly amount: string
      readonly dueOn: string
    })
  | (OfCard & {
      readonly id: 'card_auto_failed'
      readonly zh: string
      readonly en: string
      readonly dueOn: string
      /** False when it is tried once more. */
      readonly isLast: boolean
    })
  | (OfCard & { readonly id: 'card_ask_balance' | 'card_ask_bill'; readonly minutes: number })
  | (OfCard & {
      readonly id: 'card_ask_repayment'
      readonly amount: string
      readonly fee: string
      readonly minutes: number
    })
  | (OfCard & { readonly id: 'card_ask_top_up'; readonly amount: string; readonly minutes: number })
  | (OfCard & {
      readonly id: 'card_ask_withdrawal'
      readonly amount: string
      readonly fee: string
      readonly sameDay: boolean
      readonly minutes: number
    })
  | (OfCard & {
      readonly id: 'card_balance'
      readonly wallet: string | null
      /** Null while the bank does not say. */
      readonly card: string | null
    })
  | { readonly id: 'card_reply_there'; readonly count: number }
  | { readonly id: 'card_paid_already'; readonly orderNo: string }
  | {
      readonly id: 'card_refused'
      readonly zh: string
      readonly en: string
    }
  | { readonly id: 'card_pin_wrong'; readonly triesLeft: number }
  | {
      readonly id:
        | 'card_pin_none'
        | 'card_pin_must_change'
        | 'card_pin_initial_expired'
        | 'card_pin_locked'
    }
  | { readonly id: 'card_pin_weak' | 'card_pin_unchanged' }
