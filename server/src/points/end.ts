/** How points end without being spent: on their last day, or with their wallet. */
import type { Tx } from '../db/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import { reasons } from '../ledger/index.ts'
import { lockSubscribers } from '../subscribers/index.ts'
import { readPurses } from '../wallet/index.ts'
import { changePoints, type Tools } from './change.ts'
import { tell } from './notice.ts'

/** What was good until a day before today. */
export async function expirePoints(
  tx: Tx,
  tools: Tools,
  walletId: string,
  now: number,
): Promise<void> {
  const [purse] = await readPurses(tx, { walletIds: [walletId] })
  if (!purse) return
  const { bucket, msisdn, releasedAt } = purse
  await lockSubscribers(tx, [msisdn], now)
  const today = tools.time.dateOf(now)
  const why = { reason: reasons.pointsExpired, subject: walletId }
  const holder = { walletId, bucket, msisdn }
  const { points, left } = await changePoints(tx, tools, holder, {
    now,
    decide: (pocket) => ({ points: pocket.expire(today, why), left: pocket.spendable(today) }),
  })
  // Who has the number now may be somebody else.
  if (points === 0n || releasedAt !== null) return
  await tell(tx, tools, { holder, notice: { id: 'points_expired', points, left }, now })
}

/** Of a wallet that was closed, which app and counter say before it is, or that has lost its number. */
export async function forfeitPoints(
  tx: Tx,
  tools: Tools,
  { walletId, msisdn }: { readonly walletId: string; readonly msisdn: Msisdn },
  now: number,
): Promise<void> {
  await lockSubscribers(tx, [msisdn], now)
  const [purse] = await readPurses(tx, { walletIds: [walletId] })
  if (!purse || (purse.state !== 'closed' && purse.releasedAt === null)) return
  const why = { reason: reasons.pointsForfeited, subject: walletId }
  await changePoints(...[tx, tools, { walletId, bucket: purse.bucket, msisdn }], {
    now,
    decide: (pocket) => pocket.takeAll(why),
  })
}
