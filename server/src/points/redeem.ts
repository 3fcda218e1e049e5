/**
 * Points for a reward: taken under the lock of the reward, so that its last one goes to one of two; its code shown,
 * and from then on final; or given back unseen.
 */
import type { Tx } from '../db/index.ts'
import {
  accept,
  assert,
  type FieldCipher,
  type Msisdn,
  type Result,
  refuse,
  Secret,
} from '../kernel/index.ts'
import { reasons } from '../ledger/index.ts'
import { isFrozen, lockOpenAccount } from '../wallet/index.ts'
import { changePoints, type Tools } from './change.ts'
import { tell } from './notice.ts'
import { openPocket } from './pocket.ts'
import { readPocket } from './pocket-store.ts'
import type { RedeemRefusal, Redemption, RedemptionRefusal, Reward } from './points.ts'
import {
  insertRedemption,
  type KeptRedemption,
  redemptionById,
  redemptionByKey,
  saveRedemption,
} from './redemption-store.ts'
import { freeVoucher, lockReward, saveReward, takeVoucher } from './reward-store.ts'

export interface RedeemTools extends Tools {
  readonly cipher: Pick<FieldCipher, 'seal' | 'open'>
}

/** What a code is sealed for. */
export const codePurpose = 'points code'

export interface Redeeming {
  readonly msisdn: Msisdn
  readonly rewardId: string
  readonly key: string
}

export interface Redeemed {
  readonly redemption: Redemption
  readonly reward: Reward
  /** True when the key was used before: nothing was done. */
  readonly replayed: boolean
}

export async function redeem(
  tx: Tx,
  tools: RedeemTools,
  { msisdn, rewardId, key }: Redeeming,
  now: number,
): Promise<Result<Redeemed, RedeemRefusal>> {
  const account = await lockOpenAccount(tx, msisdn, now)
  if (!account) return refuse('wallet_not_found')
  const { bucket, id: walletId } = account
  const earlier = await redemptionByKey(tx, { bucket, walletId, key })
  if (earlier && earlier.rewardId !== rewardId) return refuse('exists_with_different_content')
  const reward = await lockReward(tx, rewardId)
  if (!reward) return refuse('reward_unknown')
  if (earlier) return accept({ redemption: earlier, reward, replayed: true })
  if (isFrozen(account, 'out')) return refuse('wallet_frozen')
  if (now < reward.offeredFrom || now >= reward.offeredUntil) return refuse('reward_not_offered')
  if (reward.remaining === 0n) return refuse('reward_gone')
  const today = tools.time.dateOf(now)
  const holder = { walletId, bucket, msisdn }
  const { price: points } = reward
  if (openPocket(await readPocket(tx, holder)).spendable(today) < points)
    return refuse('points_low')
  // After this point it must succeed.
  const id = tools.ids.next(bucket, now)
  const code = await codeFor(tx, tools, reward, id)
  saveReward(tx, { ...reward, remaining: reward.remaining - 1n })
  const why = { reason: reasons.pointsSpent, subject: id }
  const { parts, left } = await changePoints(tx, tools, holder, {
    now,
    decide: (pocket) => ({
      parts: pocket.spend(today, points, why),
      left: pocket.spendable(today),
    }),
  })
  const redemption: KeptRedemption = {
    ...{ bucket, id, walletId, key, rewardId, points, parts, code },
    ...{ state: 'taken', at: now, endedAt: null },
  }
  insertRedemption(tx, redemption)
  const notice = { id: 'points_spent', reward: reward.name, points, left } as const
  await tell(tx, tools, { holder, notice, now })
  return accept({ redemption, reward, replayed: false })
}

async function codeFor(
  tx: Tx,
  { ids, cipher }: RedeemTools,
  { id, kind }: Reward,
  redemptionId: string,
): Promise<string> {
  if (kind === 'stock') return cipher.seal(codePurpose, new Secret(spelled(ids.random(codeLength))))
  const code = await takeVoucher(tx, id, redemptionId)
  assert(code !== undefined, 'a voucher that can still be had is there')
  return code
}

const codeLength = 12
/** 32 signs, none of which is taken for another. */
const signs = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789'
const spelled = (bytes: Uint8Array) => [...bytes].map((byte) => signs[byte % signs.length]).join('')

/** Whose it is must be said: a number sees its own alone. */
export interface RedemptionNaming {
  readonly msisdn: Msisdn
  readonly redemptionId: string
}

/** From here on it is final. Asked again it is shown again. */
export async function showCode(
  tx: Tx,
  tools: RedeemTools,
  naming: RedemptionNaming,
  now: number,
): Promise<Result<Secret, RedemptionRefusal>> {
  const one = await lockOwn(tx, naming, now)
  if (!one) return refuse('redemption_unknown')
  if (one.state === 'cancelled' || one.code === null) return refuse('redemption_cancelled')
  if (one.state === 'taken') saveRedemption(tx, { ...one, state: 'shown', endedAt: now })
  return accept(tools.cipher.open(codePurpose, one.code))
}

/** The points go back into the lots they came from, but for what is owed: one that has ended meanwhile ends at once. */
export async function cancelRedemption(
  tx: Tx,
  tools: RedeemTools,
  naming: RedemptionNaming,
  now: number,
): Promise<Result<Pick<Redeemed, 'redemption' | 'reward'>, RedemptionRefusal>> {
  const one = await lockOwn(tx, naming, now)
  if (!one) return refuse('redemption_unknown')
  if (one.state === 'shown') return refuse('redemption_shown')
  const reward = await lockReward(tx, one.rewardId)
  assert(reward, 'a reward stays')
  if (one.state === 'cancelled') return accept({ redemption: one, reward })
  saveReward(tx, { ...reward, remaining: reward.remaining + 1n })
  freeVoucher(tx, one.id)
  const cancelled: KeptRedemption = { ...one, state: 'cancelled', code: null, endedAt: now }
  saveRedemption(tx, cancelled)
  const holder = { walletId: one.walletId, bucket: one.bucket, msisdn: naming.msisdn }
  const why = { reason: reasons.pointsReturned, subject: one.id }
  const today = tools.time.dateOf(now)
  const left = await changePoints(tx, tools, holder, {
    now,
    decide(pocket) {
      pocket.giveBack(one.parts, why)
      return pocket.spendable(today)
    },
  })
  const notice = { id: 'points_returned', reward: reward.name, points: one.points, left } as const
  await tell(tx, tools, { holder, notice, now })
  return accept({ redemption: cancelled, reward })
}

/** Of the wallet that this number has now. */
async function lockOwn(
  tx: Tx,
  { msisdn, redemptionId }: RedemptionNaming,
  now: number,
): Promise<KeptRedemption | undefined> {
  const account = await lockOpenAccount(tx, msisdn, now)
  const one = account && (await redemptionById(tx, redemptionId))
  return one?.walletId === account?.id ? one : undefined
}
