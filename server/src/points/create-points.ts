/** Puts points together: what a customer may ask, and the workers that keep them. */
import { armJobs, type Database, type Log, type Worker } from '../db/index.ts'
import { bucketOfId, type Clock, type Result, refuse, type Secret } from '../kernel/index.ts'
import { type LinePage, type PointsBalance, pointsLines, pointsOf } from './holdings.ts'
import type { PointsLine } from './line-store.ts'
import {
  type Programme,
  type RedeemRefusal,
  type Redemption,
  type RedemptionRefusal,
  type Reward,
  topics,
} from './points.ts'
import { createLiveProgramme, currentProgramme, type LiveProgramme } from './programme.ts'
import {
  cancelRedemption,
  type Redeemed,
  type Redeeming,
  type RedeemTools,
  type RedemptionNaming,
  redeem,
  showCode,
} from './redeem.ts'
import { redemptionsOf } from './redemption-store.ts'
import { offeredRewards, rewardsByIds } from './reward-store.ts'
import { createWorkers } from './workers.ts'

export interface PointsOptions extends RedeemTools {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

export interface Points {
  readonly programme: LiveProgramme
  promised(): Promise<Omit<Programme, 'since'>>
  balance(walletId: string): Promise<PointsBalance>
  /** The newest first; at most 200. */
  lines(walletId: string, page: LinePage): Promise<PointsLine[]>
  /** What can be had now. */
  rewards(): Promise<Reward[]>
  redemptions(
    walletId: string,
    page: { readonly before: string | null; readonly limit: number },
  ): Promise<{ readonly redemption: Redemption; readonly reward: Reward }[]>
  redeem(given: Redeeming): Promise<Result<Redeemed, RedeemRefusal>>
  showCode(naming: RedemptionNaming): Promise<Result<Secret, RedemptionRefusal>>
  cancel(
    naming: RedemptionNaming,
  ): Promise<Result<Pick<Redeemed, 'redemption' | 'reward'>, RedemptionRefusal>>
}

export interface PointsModule extends Points {
  start(): void
  /** Works off one round of what is due, where `start` is not called: tests, simulation. */
  work(): Promise<number>
  stop(): Promise<void>
  kick(): void
}

const rewardsMax = 200

export async function createPoints(options: PointsOptions): Promise<PointsModule> {
  const { db, clock, time } = options
  const programme = await createLiveProgramme(db, clock)
  let workers: Worker[] = []
  const holderOf = (walletId: string) => ({ walletId, bucket: bucketOfId(walletId) ?? -1 })
  const isId = (id: string) => bucketOfId(id) !== undefined

  return {
    programme,
    promised: () => currentProgramme(db, clock.now()),
    balance: (walletId) => pointsOf(db, time, { walletId, now: clock.now() }),
    lines: (walletId, page) => pointsLines(db, walletId, page),
    rewards: () => offeredRewards(db, { at: clock.now(), limit: rewardsMax }),
    async redemptions(walletId, page) {
      const found = await redemptionsOf(db, holderOf(walletId), page)
      const rewards = await rewardsByIds(db, [...new Set(found.map((one) => one.rewardId))])
      const byId = new Map(rewards.map((reward) => [reward.id, reward]))
      return found.flatMap((redemption) => {
        const reward = byId.get(redemption.rewardId)
        return reward ? [{ redemption, reward }] : []
      })
    },
    async redeem(given) {
      return db.transact((tx) => redeem(tx, options, given, clock.now()))
    },
    async showCode(given) {
      if (!isId(given.redemptionId)) return refuse('redemption_unknown')
      return db.transact((tx) => showCode(tx, options, given, clock.now()))
    },
    async cancel(given) {
      if (!isId(given.redemptionId)) return refuse('redemption_unknown')
      return db.transact((tx) => cancelRedemption(tx, options, given, clock.now()))
    },
    start() {
      if (workers.length === 0) workers = createWorkers(options, true)
    },
    async work() {
      let worked = 0
      for (const worker of createWorkers(options, false)) worked += await worker.step()
      return worked
    },
    kick() {
      for (const worker of workers) worker.kick()
    },
    async stop() {
      await Promise.all(workers.map((worker) => worker.stop()))
    },
  }
}

/** One row of the timer for all processes. */
export async function armExpiry({ db, clock }: Pick<PointsOptions, 'db' | 'clock'>): Promise<void> {
  const job = { bucket: 0, topic: topics.expire, subject: 'all', dueAt: clock.now(), payload: {} }
  await db.transact(async (tx) => armJobs(tx, [job]))
}
