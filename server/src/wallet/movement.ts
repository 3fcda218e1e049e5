/**
 * Money on its way into a wallet or out of it.
 *
 *     top-up       requested ──▶ done | refused | reversed         a hold, posted or given back
 *     充值            └─▶ unknown ──▶ done | refused | reversed
 *
 *     withdrawal   requested ──▶ paid | returned                   in transit from the first moment
 *     提现            └─▶ unknown ──▶ paid | returned
 *
 *     repayment    requested ──▶ paid | returned                   as a withdrawal, to a credit card
 *     还款            └─▶ unknown ──▶ paid | returned
 *                  funding ──▶ requested | refused                 waits for a top-up from a debit card
 *
 *     card transfer                                            as a withdrawal, to somebody else's card
 *     转账到银行卡
 *
 *     cash in, cash out   done
 *
 * The intent is committed as `requested` before the bank hears of it. `unknown` keeps the money where it is:
 * a top-up is taken back or confirmed by the bank, whatever goes to a card waits for the bank's daily file,
 * and is never sent a second time.
 */
import type { BankRefusalReason } from '../bank-cards/index.ts'
import type { Amount, BusinessDate, Msisdn } from '../kernel/index.ts'

export type Kind = 'top_up' | 'withdrawal' | 'repayment' | 'card_transfer' | 'cash_in' | 'cash_out'

export type State =
  | 'funding'
  | 'requested'
  | 'unknown'
  | 'done'
  | 'refused'
  | 'reversed'
  | 'paid'
  | 'returned'

/** The states a movement may begin in, and the only edges there are. A state without a row is final. */
export const first: Readonly<Record<Kind, readonly [State, ...State[]]>> = {
  top_up: ['requested'],
  withdrawal: ['requested'],
  repayment: ['requested', 'funding'],
  card_transfer: ['requested'],
  cash_in: ['done'],
  cash_out: ['done'],
}
export const next: Readonly<Record<Kind, Partial<Readonly<Record<State, readonly State[]>>>>> = {
  top_up: {
    requested: ['done', 'refused', 'reversed', 'unknown'],
    unknown: ['done', 'refused', 'reversed'],
  },
  withdrawal: {
    requested: ['paid', 'returned', 'unknown'],
    unknown: ['paid', 'returned'],
  },
  card_transfer: {
    requested: ['paid', 'returned', 'unknown'],
    unknown: ['paid', 'returned'],
  },
  repayment: {
    funding: ['requested', 'refused'],
    requested: ['paid', 'returned', 'unknown'],
    unknown: ['paid', 'returned'],
  },
  cash_in: {},
  cash_out: {},
}

/** States in which the bank still has to say something: each has a timer row. */
export const atBank = ['requested', 'unknown'] as const satisfies readonly State[]
/** And a repayment whose top-up has to end first: it has that one's timer. */
export const unfinished = ['funding', ...atBank] as const satisfies readonly State[]

export const isUnfinished = ({ state }: Pick<Movement, 'state'>): boolean =>
  (unfinished as readonly State[]).includes(state)

/** The same day for a fee (T+0), or on the next day for nothing (T+1). */
export type Speed = 'same_day' | 'next_day'

/** `standing` is what a customer has ordered once and for all. */
export type Channel = 'sms' | 'web' | 'api' | 'counter' | 'standing'

/** Why a bank's movement did not come about; `not_funded` when its top-up, or the wallet, said no. */
export type EndReason = BankRefusalReason | 'bank_away' | 'not_funded'

export interface Movement {
  /** Also the id of its card operation, and of its first transfer in the ledger. */
  readonly id: string
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly kind: Kind
  /** What comes in, or arrives outside; the fee of a withdrawal or repayment is taken besides. */
  readonly amount: Amount
  readonly fee: Amount
  readonly speed: Speed | null
  readonly bank: string | null
  readonly cardId: string | null
  readonly cardToken: string | null
  readonly last4: string | null
  /** Masked: whose card it is, where it is somebody else's. */
  readonly payee: string | null
  /** Of the bill that is repaid. */
  readonly billedOn: BusinessDate | null
  /** The other half of a repayment that a debit card pays. */
  readonly linkedId: string | null
  readonly till: string | null
  readonly channel: Channel
  /** The caller's name for the request, unique for the number for ever. */
  readonly key: string
  readonly state: State
  readonly reason: EndReason | null
  /** The bank's word for it in our code, for example `BR-51`. */
  readonly bankCode: string | null
  readonly requestedAt: number
  /** When the bank is to be asked; the next day for T+1. */
  readonly sendAt: number | null
  readonly unknownSince: number | null
  readonly endedAt: number | null
  /** When it changed the balance; of a top-up that did not come about there is none. */
  readonly businessDate: BusinessDate | null
}
