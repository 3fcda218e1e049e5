/**
 * A bill that several people pay (一起AA): who began it collects the shares of the others.
 *
 *     bill    open ──▶ closed       every share is paid or void, and one at least is paid
 *               ├────▶ stopped      by who began it, or because nobody pays: what is unpaid is void
 *               └────▶ expired      after 30 days
 *
 *     share   unpaid ──▶ paid ──▶ returned    by hand, one by one
 *               └──────▶ void     with the bill, or because the one who is asked says no
 */
import type { Amount, Msisdn } from '../kernel/index.ts'

export type SplitState = 'open' | 'closed' | 'stopped' | 'expired'
export const nextOfSplit = { open: ['closed', 'stopped', 'expired'] } as const

export type ShareState = 'unpaid' | 'paid' | 'returned' | 'void'
export const nextOfShare = { unpaid: ['paid', 'void'], paid: ['returned'] } as const

const day = 24 * 3_600_000
export const splitMs = 30 * day
/** Reminded once by itself after this long; by hand no sooner than this after the last time. */
export const remindMs = day
export const peopleMin = 2
export const peopleMax = 100

export interface Split {
  readonly id: string
  /** Of who began it. */
  readonly bucket: number
  readonly walletId: string
  readonly msisdn: Msisdn
  readonly title: string
  /** Of all shares, with that of who began it. */
  readonly total: Amount
  /** The share of who began it, who owes it to nobody. */
  readonly own: Amount
  /** Where the bill came from. */
  readonly paymentId: string | null
  readonly key: string
  readonly state: SplitState
  readonly reminded: boolean
  readonly begunAt: number
  /** When to remind, then when to end. */
  readonly dueAt: number | null
  readonly expiresAt: number
  readonly endedAt: number | null
}

/** What others owe or have paid; what was let off or given back can be asked for anew. */
export const sharedIn = (shares: readonly Pick<Share, 'state' | 'amount'>[]): Amount =>
  shares
    .filter(({ state }) => state === 'unpaid' || state === 'paid')
    .reduce((sum, { amount }) => sum + amount, 0n)

export interface Share {
  readonly id: string
  readonly bucket: number
  readonly splitId: string
  /** Its place in the list, from 0. */
  readonly place: number
  readonly msisdn: Msisdn
  readonly amount: Amount
  readonly state: ShareState
  readonly transferId: string | null
  readonly remindedAt: number | null
}

/** What others may still pay of a bill that comes from a payment: together no more than was kept of it. */
export function leftOf(kept: Amount, shares: readonly Share[]): Amount {
  const paid = shares.filter(({ state }) => state === 'paid')
  const left = paid.reduce((rest, { amount }) => rest - amount, kept)
  return left > 0n ? left : 0n
}

/** Whether a share can be paid, where `left` is what may still be; null where the bill is of no payment. */
export const isWithin = ({ amount }: Share, left: Amount | null): boolean =>
  left === null || amount <= left
