/** What simulated billers know of their customers, and what they answer. Money is bigint fen. */

export const billerKinds = ['water', 'power', 'gas', 'phone', 'top_up'] as const
export type BillerKind = (typeof billerKinds)[number]

export interface BillItem {
  /** `2026-10` */
  readonly period: string
  readonly amount: bigint
}

export interface NewAccount {
  readonly accountNo: string
  /** Masked, as billers tell it. */
  readonly holder: string
  readonly items: readonly BillItem[]
  /** The meter card holds what was paid and not loaded yet: nothing can be paid. */
  readonly isCardFull?: boolean
}

export interface NewBiller {
  readonly code: string
  readonly kind: BillerKind
  /** Shared with the platform, for signatures. */
  readonly secret: string
  /** A top-up takes any mobile number and has none of its own. */
  readonly accounts?: readonly NewAccount[]
}

/** Least and most of an open amount. */
export const openRange = { min: 10_00n, max: 500_00n } as const

/** Every error there is, with its HTTP status. */
export const codes = {
  bad_request: 400,
  unauthorized: 401,
  no_such_path: 404,
  payment_not_found: 404,
  file_not_ready: 404,
  account_unknown: 422,
  nothing_due: 422,
  number_unknown: 422,
  batch_window: 422,
  too_late: 422,
  too_many: 422,
  last_unfinished: 422,
  card_not_loaded: 422,
  bill_changed: 422,
  refused: 422,
  reversed: 422,
  expired: 422,
  exists_with_different_content: 409,
} as const
export type Code = keyof typeof codes

export interface Answer {
  readonly status: number
  /** A text is the daily file. */
  readonly body: Readonly<Record<string, unknown>> | string
}

export const failure = (code: Code, ids: Readonly<Record<string, string>>): Answer => ({
  status: codes[code],
  body: { code, ...ids },
})

/** As somebody who looks at a biller sees a payment. */
export interface PaymentView {
  readonly paymentNo: string
  readonly accountNo: string
  readonly amount: bigint
  readonly receiptNo: string
  readonly date: string
  readonly state: 'written_off' | 'reversed'
}
