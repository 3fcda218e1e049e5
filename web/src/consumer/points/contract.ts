// What the app's API answers about points, as these screens read it. Points are strings of whole numbers.
import type { Name } from '../../names.ts'
import type { Source } from '../contract.ts'

export type Points = {
  points: string
  expiring: { points: string; on: string } | null
  owed: string
  /** Rewards whose code was not looked at. */
  unseen: number
  programme: { on: boolean; perYuan: string; sources: readonly Source[] }
}

/** Signed: what came in, or went out. */
export type PointsLine = { id: string; at: string; title: Name; points: string; balance: string }

export type Reward = { id: string; name: Name; points: string; remaining: string }

/** Shown is final. */
export type RedemptionState = 'taken' | 'shown' | 'cancelled'

export type Redemption = {
  id: string
  reward: { id: string; name: Name }
  points: string
  state: RedemptionState
  at: string
}
