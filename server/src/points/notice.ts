/**
 * What the owner of points is told, without words: `channels/sms` has them. Points are strings, for notices travel
 * through the outbox as JSON. What a purchase earns stands in the app: a text for each would be no favour.
 */
import { appendJobs, type Tx } from '../db/index.ts'
import { type Outgoing, topics } from '../payments/index.ts'
import { findSubscriber } from '../subscribers/index.ts'
import { walletService } from '../wallet/index.ts'
import type { Tools } from './change.ts'
import type { Holder } from './points.ts'

type Bilingual = { readonly zh: string; readonly en: string }

type Told<Points> =
  | {
      readonly id: 'points_spent' | 'points_returned'
      readonly reward: Bilingual
      readonly points: Points
      readonly left: Points
    }
  /** Below zero they were taken. */
  | {
      readonly id: 'points_expired' | 'points_adjusted'
      readonly points: Points
      readonly left: Points
    }

export type PointsNotice = Told<string>
export type PointsOutgoing = Omit<Outgoing, 'notice'> & { readonly notice: PointsNotice }

/** In the transaction of what is told. */
export async function tell(
  tx: Tx,
  { ids }: Pick<Tools, 'ids'>,
  given: { readonly holder: Holder; readonly notice: Told<bigint>; readonly now: number },
): Promise<void> {
  const { holder, notice, now } = given
  const { msisdn: to, bucket } = holder
  const language = (await findSubscriber(tx, to, now))?.language ?? 'zh'
  const payload: PointsOutgoing = {
    ...{ to, from: walletService, language, paymentId: null },
    notice: { ...notice, points: String(notice.points), left: String(notice.left) },
  }
  const subject = ids.next(bucket, now)
  appendJobs(tx, [{ bucket, topic: topics.sms, subject, dueAt: now, payload }])
}
