/**
 * Writes records of texts, and what receipts say of them, many at a time: none is worth a transaction of
 * its own. They share one queue, so that a receipt on the heels of its text finds the record.
 */
import { createCoalescer, type Database, type Job, settleJobs } from '../../db/index.ts'
import type { Clock } from '../../kernel/index.ts'
import { noteReceipts, type ReceiptNote, type SmsRecord, saveMessages } from './sms-store.ts'

export interface SmsLog {
  /** Resolves when the record is durable; `job` is deleted in the same transaction. */
  record(record: SmsRecord, job?: Job): Promise<void>
  /** Resolves when it is durable: false when no text of that id is recorded yet. */
  receipt(note: ReceiptNote): Promise<boolean>
  close(): Promise<void>
}

type Entry =
  | { readonly kind: 'record'; readonly record: SmsRecord; readonly job: Job | undefined }
  | { readonly kind: 'receipt'; readonly note: ReceiptNote }

export function createSmsLog(db: Database, clock: Clock): SmsLog {
  const lane = createCoalescer<Entry, boolean>({
    batchMax: 500,
    queueMax: 10_000,
    now: clock.now,
    run(entries) {
      const records = entries.flatMap((entry) => (entry.kind === 'record' ? [entry] : []))
      const notes = entries.flatMap((entry) => (entry.kind === 'receipt' ? [entry.note] : []))
      return db.transact(async (tx) => {
        saveMessages(
          tx,
          records.map(({ record }) => record),
        )
        settleJobs(
          tx,
          records.flatMap(({ job }) => job ?? []),
        )
        const known = await noteReceipts(tx, notes, clock.now())
        return entries.map((entry) => entry.kind === 'record' || known.has(entry.note))
      })
    },
  })
  return {
    async record(record, job) {
      await lane.submit({ kind: 'record', record, job })
    },
    receipt: (note) => lane.submit({ kind: 'receipt', note }),
    close: () => lane.close(),
  }
}
