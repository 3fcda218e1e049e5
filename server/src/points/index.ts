/** Points for purchases, and rewards for points: the front door. */
export { type Adjustment, type AdjustRefusal, adjustmentMax, adjustPoints } from './adjust.ts'
export type { Tools } from './change.ts'
export {
  armExpiry,
  createPoints,
  type Points,
  type PointsModule,
  type PointsOptions,
} from './create-points.ts'
export { walletsEnded } from './ended.ts'
export { type ExplainedLine, explainedLines, type PointsBalance, pointsOf } from './holdings.ts'
export type { PointsLine } from './line-store.ts'
export type { PointsNotice, PointsOutgoing } from './notice.ts'
export type {
  Lot,
  Programme,
  RedeemRefusal,
  Redemption,
  RedemptionRefusal,
  Reward,
} from './points.ts'
export { currentProgramme, perYuanMax, setProgramme } from './programme.ts'
export { listRewards } from './reward-store.ts'
export {
  addReward,
  type CatalogueRefusal,
  changeReward,
  priceMax,
  stockReward,
  vouchersMax,
} from './rewards.ts'
export { pointsInvariants } from './verify.ts'
export { pointsWords } from './words.ts'
