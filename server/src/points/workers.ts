/** The workers of points: what purchases earn, what ends with a day or with a wallet. */
import {
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
  type Worker,
} from '../db/index.ts'
import type { Clock, Msisdn } from '../kernel/index.ts'
import { topics as paymentTopics } from '../payments/index.ts'
import type { Tools } from './change.ts'
import { settlePurchase } from './earn.ts'
import { expirePoints, forfeitPoints } from './end.ts'
import { walletsWithEnded } from './pocket-store.ts'
import { topics } from './points.ts'

export interface WorkersOptions extends Tools {
  readonly db: Database
  readonly clock: Clock
  readonly log: Log
}

/** Wallets whose points are ended in one go; then others have a turn. */
const walletsMax = 200

export function createWorkers(options: WorkersOptions, running: boolean): Worker[] {
  const { db, clock, log, time } = options
  const worker = (topic: string, handle: (job: Job) => Promise<JobOutcome>) => {
    const onError = (error: unknown) => log.error({ err: error, topic }, 'a points job failed')
    const handler = eachJob({ clock, handle, onError })
    const concurrency = running ? 1 : 0
    return createWorker({ ...{ db, clock, topic, onError, handler, concurrency }, batch: 16 })
  }
  return [
    worker(paymentTopics.points, async (job) => {
      const purchase = { bucket: job.bucket, id: job.subject, msisdn: msisdnOf(job) }
      await db.transact((tx) => settlePurchase(tx, options, purchase, clock.now()))
      return { kind: 'done' }
    }),
    worker(topics.forfeit, async (job) => {
      const wallet = { walletId: job.subject, msisdn: msisdnOf(job) }
      await db.transact((tx) => forfeitPoints(tx, options, wallet, clock.now()))
      return { kind: 'done' }
    }),
    worker(topics.expire, async () => {
      const today = time.dateOf(clock.now())
      const walletIds = await walletsWithEnded(db, today, walletsMax)
      for (const walletId of walletIds)
        await db.transact((tx) => expirePoints(tx, options, walletId, clock.now()))
      if (walletIds.length === walletsMax) return { kind: 'next', dueAt: clock.now() }
      return { kind: 'next', dueAt: time.startOf(time.nextDate(today)) }
    }),
  ]
}

const msisdnOf = (job: Job): Msisdn => (job.payload as { readonly msisdn: Msisdn }).msisdn
