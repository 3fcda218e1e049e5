/**
 * Money that somebody asks another for (收款请求).
 *
 *     open ──▶ paid        by a transfer, which the one who is asked agrees to each time
 *       ├────▶ declined
 *       ├────▶ cancelled   by the one who asked
 *       └────▶ expired     after three days
 */
import type { Amount, Msisdn } from '../kernel/index.ts'

export type RequestState = 'open' | 'paid' | 'declined' | 'cancelled' | 'expired'
export const nextOfRequest = { open: ['paid', 'declined', 'cancelled', 'expired'] } as const

export const requestMs = 72 * 3_600_000

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
  readonly askedAt: number
  readonly dueAt: number
  readonly endedAt: number | null
}
