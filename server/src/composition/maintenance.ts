/** What has to be done now and then: forget what has served, and keep the sign-in tables small. */
import { readHead } from '../audit/index.ts'
import { forgetQuestions } from '../channels/checkout/index.ts'
import { purgeTopic } from '../channels/oauth/index.ts'
import { dropOldParts, forgetCardTexts } from '../channels/sms/index.ts'
import { armJobs, createWorker, eachJob, type JobOutcome, type Worker } from '../db/index.ts'
import { forgetKeptPins } from '../rails/cards/index.ts'
import { countUnresolved, overdueBefore } from '../reconciliation/index.ts'
import { forgetGuards } from '../risk/index.ts'
import type { Core } from './core.ts'

const topic = 'maintenance'
const hour = 3_600_000
const day = 24 * hour

/** One row of each timer for all processes. */
export async function armMaintenance({ db, clock }: Core): Promise<void> {
  const dueAt = clock.now()
  const job = { bucket: 0, subject: 'all', dueAt, payload: {} }
  await db.transact(async (tx) =>
    armJobs(tx, [
      { ...job, topic },
      { ...job, topic: purgeTopic },
    ]),
  )
}

export function maintenanceWorkers(
  { db, clock, time, log, signIns, codes }: Core,
  purgeSignIns: () => Promise<JobOutcome>,
): Worker[] {
  const onError = (error: unknown) => log.error({ err: error, topic }, 'maintenance failed')
  const tidy = async (): Promise<JobOutcome> => {
    const now = clock.now()
    await db.transact(async (tx) => {
      await dropOldParts(tx, now - day)
      await forgetQuestions(tx, now - 2 * day)
      await forgetGuards(tx, now)
      await signIns.tidy(tx, now)
      await codes.tidy(tx, now)
      forgetCardTexts(tx, now - 7 * day)
      forgetKeptPins(tx, now)
    })
    const head = await readHead(db)
    // Kept where the log is kept: an end that is cut off later does not fit it.
    log.info({ seq: String(head?.seq), hash: head?.hash }, 'audit head')
    for (const party of ['bank', 'biller'] as const) {
      const { overdue, oldestFoundAt } = await countUnresolved(db, party, overdueBefore(time, now))
      const alarm = `${party}_differences_overdue`
      if (overdue > 0) log.error({ alarm, overdue, oldestFoundAt }, `${party} differences`)
    }
    return { kind: 'next', dueAt: now + hour }
  }
  const worker = (name: string, handle: () => Promise<JobOutcome>) =>
    createWorker({
      db,
      clock,
      topic: name,
      handler: eachJob({ clock, handle, onError }),
      onError,
    })
  return [worker(topic, tidy), worker(purgeTopic, purgeSignIns)]
}
