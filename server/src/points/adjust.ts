/** The operator gives or takes points: two people, and a reason. Who they were the caller has proved. */
import type { Tx } from '../db/index.ts'
import { accept, isSamePerson, type Result, refuse } from '../kernel/index.ts'
import { reasons } from '../ledger/index.ts'
import { lockOpenAccountById } from '../wallet/index.ts'
import { adjustmentById, insertAdjustment } from './adjustment-store.ts'
import { changePoints, type Tools } from './change.ts'
import { tell } from './notice.ts'
import { goodUntil } from './points.ts'

export interface Adjustment {
  /** Of the caller's making: said again it is the same adjustment. In the bucket of the wallet. */
  readonly id: string
  readonly walletId: string
  /** Below zero they are taken. */
  readonly points: bigint
  readonly reason: string
  readonly askedBy: string
  readonly agreedBy: string
}

export type AdjustRefusal =
  | 'act_is_own'
  | 'wallet_not_found'
  | 'points_low'
  | 'value_out_of_range'
  | 'exists_with_different_content'

export const adjustmentMax = 1_000_000n

export async function adjustPoints(
  tx: Tx,
  tools: Tools,
  given: Adjustment,
  now: number,
): Promise<Result<Adjustment, AdjustRefusal>> {
  const { id, walletId, points, askedBy, agreedBy } = given
  const account = await lockOpenAccountById(tx, walletId, now)
  if (!account) return refuse('wallet_not_found')
  const { bucket, msisdn } = account
  const earlier = await adjustmentById(tx, { bucket, id })
  if (earlier)
    return earlier.walletId === walletId && earlier.points === points
      ? accept(earlier)
      : refuse('exists_with_different_content')
  if (isSamePerson(askedBy, agreedBy)) return refuse('act_is_own')
  const size = points < 0n ? -points : points
  if (size === 0n || size > adjustmentMax) return refuse('value_out_of_range')
  const today = tools.time.dateOf(now)
  const why = { reason: reasons.pointsAdjusted, subject: id }
  const holder = { walletId, bucket, msisdn }
  const left = await changePoints(tx, tools, holder, {
    now,
    decide(pocket) {
      if (points > 0n) pocket.add([{ expiresOn: goodUntil(today), points }], why)
      else if (pocket.spendable(today) < size) return null
      else pocket.spend(today, size, why)
      return pocket.spendable(today)
    },
  })
  if (left === null) return refuse('points_low')
  insertAdjustment(tx, { ...given, bucket, at: now })
  await tell(tx, tools, { holder, notice: { id: 'points_adjusted', points, left }, now })
  return accept(given)
}
