/**
 * Money that somebody asks another for (收款请求): by the number, or by the payment code that the other shows
 * (面对面收款). The code is used up and the request made in one transaction, whatever comes of it.
 *
 *     (asked) ──▶ open ──▶ paid        by a transfer, which the one who is asked agrees to each time
 *       │           ├────▶ declined
 *       │           ├────▶ cancelled   by the one who asked
 *       │           └────▶ expired     after three days; after three minutes where a code was read
 *     (code read)
 *       ├─────────▶ paid               at once, as much as needs no PIN
 *       ├─────────▶ open               more than that
 *       └─────────▶ refused            the payer cannot pay it, or read a code of his own
 */
import type { Amount, Msisdn } from '../kernel/index.ts'
import type { Refusal } from './words.ts'

export type RequestState = 'open' | 'paid' | 'declined' | 'cancelled' | 'expired' | 'refused'
export const nextOfRequest = { open: ['paid', 'declined', 'cancelled', 'expired'] } as const
/** States in which a request may begin. */
export const firstOfRequest = ['open', 'paid', 'refused'] as const satisfies readonly RequestState[]

export const requestMs = 72 * 3_600_000
/** The two stand before each other. */
export const shownRequestMs = 3 * 60_000

export interface MoneyRequest {
  readonly id: string
  /** Of the one who asks. */
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  /** Who is asked. */
  readonly payer: Msisdn
  readonly amount: Amount
  readonly memo: string
  readonly key: string
  readonly state: RequestState
  readonly transferId: string | null
  /** Of the code that was read; null where the number was asked. */
  readonly codeAlias: string | null
  readonly codeStep: number | null
  /** Why a code was not paid. */
  readonly reason: Refusal | null
  readonly askedAt: number
  readonly dueAt: number
  readonly endedAt: number | null
}
