/**
 * Reminders: on its day of the month the biller is asked what an account owes, and its owner is told when there is
 * something. A biller that does not answer is asked again; one that says no is left alone until the next month.
 */
import { appendJobs, armJobs, type Job, type JobOutcome } from '../db/index.ts'
import type { BusinessTime } from '../kernel/index.ts'
import { findSubscribers } from '../subscribers/index.ts'
import { readPurses } from '../wallet/index.ts'
import { type BillAccount, maskedAccount } from './account.ts'
import type { BillerFacts } from './biller.ts'
import { isLive, noticeJob } from './book.ts'
import type { Lane } from './lane.ts'
import { tables } from './store.ts'

const hour = 3_600_000
const atHour = 9

/** The next nine o'clock of a day of the month, of which every month has all up to the 28th. */
export function nextReminder(time: BusinessTime, now: number, day: number): number {
  const wanted = String(day).padStart(2, '0')
  let date = time.dateOf(now)
  while (date.slice(8) !== wanted || time.startOf(date) + atHour * hour <= now)
    date = time.nextDate(date)
  return time.startOf(date) + atHour * hour
}

export async function remind(lane: Lane, job: Job): Promise<JobOutcome> {
  const { db, clock, context, billers } = lane
  const [account] = await tables.account.byIds(db, [job.subject])
  if (!account || account.remindDay === null) return { kind: 'done' }
  const [purse] = await readPurses(db, { walletIds: [account.walletId] })
  const biller = billers.get(account.biller)
  if (!purse || !isLive(purse) || !biller) return { kind: 'done' }
  const answer = await biller.inquire(account.accountNo)
  const now = clock.now()
  if (answer.outcome === 'unknown' || answer.outcome === 'unsent' || isBusy(answer))
    return { kind: 'again', dueAt: now + hour }
  const dueAt = nextReminder(context.time, now, account.remindDay)
  const due = answer.outcome === 'done' ? answer.value.due : 0n
  if (due === 0n) return { kind: 'next', dueAt }
  const subscribers = await findSubscribers(db, [account.msisdn], now)
  const newId = (bucket: number) => context.ids.next(bucket, now)
  const notice = noticeOf(account, biller.facts, due)
  await db.transact(async (tx) => {
    appendJobs(tx, [noticeJob({ now, subscribers, newId }, account.msisdn, notice)])
    const { bucket, topic, subject, payload } = job
    armJobs(tx, [{ bucket, topic, subject, payload, dueAt }])
  })
  return { kind: 'settled' }
}

const isBusy = (answer: { readonly outcome: string; readonly reason?: string }) =>
  answer.outcome === 'refused' && answer.reason === 'batch_window'

const noticeOf = ({ accountNo }: BillAccount, { name }: BillerFacts, due: bigint) =>
  ({
    id: 'bill_due',
    amount: due.toString(),
    name,
    account: maskedAccount(accountNo),
  }) as const
