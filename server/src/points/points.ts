/**
 * Points (积分): what a purchase earns beside the goods. They are counted in the ledger like money, in accounts of
 * their own unit, and never become any.
 *
 *     earned with a purchase ──▶ in a lot, good until the end of the next year ──▶ spent on rewards, or expired
 *     of a purchase that is paid back ──▶ taken back; what is missing, from what is earned next
 *
 * A reward that was taken can be given back until its code was shown.
 */
import type { BusinessDate, Msisdn } from '../kernel/index.ts'
import type { Source } from '../payments/index.ts'

/** What the operator promises, from an instant on. */
export interface Programme {
  readonly since: number
  readonly isOn: boolean
  /** For each whole yuan. */
  readonly perYuan: bigint
  /** Paying from which of them earns. */
  readonly sources: readonly Source[]
}

/** What is good until the same day. */
export interface Lot {
  readonly expiresOn: BusinessDate
  readonly points: bigint
}

export interface Reward {
  readonly id: string
  readonly name: { readonly zh: string; readonly en: string }
  readonly price: bigint
  /** A code that somebody else takes, or one of ours for something that is handed out. */
  readonly kind: 'voucher' | 'stock'
  readonly stock: bigint
  readonly remaining: bigint
  readonly offeredFrom: number
  readonly offeredUntil: number
}

export type RedemptionState = 'taken' | 'shown' | 'cancelled'

export interface Redemption {
  readonly id: string
  readonly walletId: string
  readonly rewardId: string
  readonly points: bigint
  readonly state: RedemptionState
  readonly at: number
  readonly endedAt: number | null
}

/** Where points are kept. Its number is the lock of all of it. */
export interface Holder {
  readonly walletId: string
  readonly bucket: number
  readonly msisdn: Msisdn
}

export type RedeemRefusal =
  | 'wallet_not_found'
  | 'wallet_frozen'
  | 'exists_with_different_content'
  | 'reward_unknown'
  | 'reward_not_offered'
  | 'reward_gone'
  | 'points_low'

export type RedemptionRefusal = 'redemption_unknown' | 'redemption_shown' | 'redemption_cancelled'

/** A yuan that is not whole earns nothing. */
export const pointsFor = (amount: bigint, perYuan: bigint): bigint => (amount / 100n) * perYuan

/** The last day on which what is earned today is good. */
export const goodUntil = (today: BusinessDate): BusinessDate =>
  `${String(BigInt(today.slice(0, 4)) + 1n).padStart(4, '0')}-12-31`

export const sum = (lots: readonly Lot[]): bigint =>
  lots.reduce((total, { points }) => total + points, 0n)

/** The work that is left for later, by topic. */
export const topics = {
  /** A wallet that was closed or left its number; payload `{msisdn}`. */
  forfeit: 'points.forfeit',
  /** The days on which points end. */
  expire: 'points.expire',
} as const
