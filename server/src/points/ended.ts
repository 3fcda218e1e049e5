/** A wallet has ended: its points follow, in a transaction of their own. */
import { armJobs, type Tx } from '../db/index.ts'
import { bucketOf, type Msisdn } from '../kernel/index.ts'
import { topics } from './points.ts'

export function walletsEnded(
  tx: Tx,
  wallets: readonly { readonly id: string; readonly msisdn: Msisdn }[],
  now: number,
): void {
  const jobs = wallets.map(({ id: subject, msisdn }) => ({
    ...{ bucket: bucketOf(msisdn), topic: topics.forfeit, subject, dueAt: now },
    payload: { msisdn },
  }))
  armJobs(tx, jobs)
}
