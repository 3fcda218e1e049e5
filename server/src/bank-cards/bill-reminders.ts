/** Owners of credit cards are reminded of their bills, each reminder once, until they are paid. */
import {
  armJobs,
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Reader,
  settleJobs,
  type Tx,
  type Worker,
} from '../db/index.ts'
import type { BusinessTime, Clock } from '../kernel/index.ts'
import {
  type BillReminder,
  type BillStanding,
  type CardBill,
  nextStep,
  type Repaid,
  standingOf,
} from './bill.ts'
import { lockBills, saveBill } from './bill-store.ts'
import { billJob, billTopics, hasBills } from './bills.ts'
import type { CardBinding } from './binding.ts'
import { lockBinding } from './binding-store.ts'

export interface BillNotice {
  readonly reminder: BillReminder
  readonly binding: CardBinding
  readonly bill: BillStanding
}

/** `tell` writes the text into the outbox of the same transaction. */
export function createBillReminders(options: {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  /** What the wallet has repaid since the bill was asked for. */
  readonly repaid: (reader: Reader, bill: CardBill) => Promise<Repaid>
  readonly tell: (tx: Tx, notice: BillNotice) => Promise<void> | void
  readonly onError: (error: unknown) => void
}): Worker {
  const { db, clock, time, repaid, tell, onError } = options

  async function remind(tx: Tx, job: Job): Promise<JobOutcome> {
    const binding = await lockBinding(tx, job.subject)
    const [newest] = binding ? await lockBills(tx, binding.id) : []
    if (!binding || !newest || !hasBills(binding)) return { kind: 'done' }
    const now = clock.now()
    const bill = standingOf(newest, await repaid(tx, newest))
    const { reminder, told, nextAt } = nextStep(bill, now, time)
    await saveBill(tx, { ...newest, told }, now)
    if (reminder !== undefined) await tell(tx, { reminder, binding, bill })
    if (nextAt === undefined) settleJobs(tx, [job])
    else armJobs(tx, [{ ...billJob(binding, billTopics.remind), dueAt: nextAt }])
    return { kind: 'settled' }
  }
  return createWorker({
    ...{ db, clock, topic: billTopics.remind, onError },
    handler: eachJob({
      ...{ clock, onError },
      handle: (job) => db.transact((tx) => remind(tx, job)),
    }),
  })
}
