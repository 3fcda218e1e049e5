/** Writes records of texts, many at a time: the record of one text is worth no transaction of its own. */
import { createCoalescer, type Database, type Job, settleJobs } from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { type SmsRecord, saveMessages } from './sms-store.ts'

export interface SmsLog {
  /** Resolves when the record is durable; `job` is deleted in the same transaction. */
  record(record: SmsRecord, job?: Job): Promise<void>
  close(): Promise<void>
}

export function createSmsLog(db: Database, clock: Clock): SmsLog {
  const lane = createCoalescer<{ record: SmsRecord; job: Job | undefined }, null>({
    batchMax: 500,
    queueMax: 10_000,
    now: clock.now,
    run: (entries) =>
      db.transact(async (tx) => {
        saveMessages(
          tx,
          entries.map((entry) => entry.record),
        )
        settleJobs(
          tx,
          entries.flatMap((entry) => entry.job ?? []),
        )
        return entries.map(() => null)
      }),
  })
  return {
    async record(record, job) {
      await lane.submit({ record, job })
    },
    close: () => lane.close(),
  }
}
