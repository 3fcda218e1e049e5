/** Days of billers: which was compared and what was paid over. All SQL of that. */
import { armJobs, type Database, type Job, type Reader, type Tx, uuids } from '../db/index.ts'
import type { Amount, BusinessDate, BusinessTime } from '../kernel/index.ts'
import {
  bankClearing,
  billerPayable,
  executeTransfers,
  type PlainTransfer,
  reasons,
} from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import type { BillerFacts, BillerFile } from './biller.ts'
import type { Day } from './day.ts'
import type { FoundDifference } from './difference.ts'
import { disputedBills, saveFound } from './difference-store.ts'
import type { Lane } from './lane.ts'
import { topics } from './topics.ts'

/** Each biller begins with the day on which it was first known; a timer that is there stays. */
export async function armDays(
  db: Database,
  time: BusinessTime,
  billers: readonly string[],
  now: number,
): Promise<void> {
  const rows = await db.query<{ subject: string }>(
    'select subject from job where bucket = 0 and topic = $1',
    [topics.day],
  )
  const known = new Set(rows.map(({ subject }) => subject))
  const payload: Day = { day: time.dateOf(now) }
  const fresh = billers.filter((biller) => !known.has(biller))
  await db.transact(async (tx) =>
    armJobs(
      tx,
      fresh.map((subject) => ({ bucket: 0, topic: topics.day, subject, dueAt: now, payload })),
    ),
  )
}

export async function comparedDays(
  reader: Reader,
  biller: string,
): Promise<ReadonlySet<BusinessDate>> {
  const rows = await reader.query<{ day: BusinessDate }>(
    'select day from biller_day where biller = $1 order by day desc limit 400',
    [biller],
  )
  return new Set(rows.map(({ day }) => day))
}

/** Written off up to that day, not paid over, and never yet found missing or different. */
export async function owedThrough(reader: Reader, biller: string, date: BusinessDate) {
  return reader.query<{ id: string; amount: Amount }>(
    {
      name: 'biller_bill.owed_through',
      text: `select id::text as id, amount from biller_bill
        where biller = $1 and state = 'written_off' and paid_over_on is null
          and biller_date <= $2::date and id <> all($3::uuid[]) order by id`,
    },
    [biller, date, uuids(await disputedBills(reader, biller, 'ever'))],
  )
}

export interface Compared {
  readonly biller: BillerFacts
  readonly file: BillerFile
  readonly differences: readonly FoundDifference[]
  readonly job: Job
}

/** The day, what differs, what is paid over and the next day's timer are one transaction. */
export async function closeBillerDay(lane: Lane, compared: Compared): Promise<void> {
  const { db, clock, context } = lane
  const { biller, file, differences, job } = compared
  const { date: day, rows } = file
  await db.transact(async (tx) => {
    const now = clock.now()
    const sum = rows.reduce((all, { amount }) => all + amount, 0n)
    const made = await tx.query(
      `insert into biller_day (biller, day, count, amount, paid_over, compared_at)
        values ($1, $2::date, $3, $4::int8, 0, $5::int8) on conflict do nothing returning day`,
      [biller.code, day, rows.length, sum, now],
    )
    // Two that had the same lease: the other one was first.
    if (made.length === 0) return
    saveFound(tx, differences)
    const paidOver = await payOver(tx, lane, biller, day, now)
    await tx.query(
      'update biller_day set paid_over = $3::int8 where biller = $1 and day = $2::date',
      [biller.code, day, paidOver],
    )
    const payload: Day = { day: context.time.nextDate(day) }
    armJobs(tx, [{ ...{ bucket: 0, topic: job.topic, subject: job.subject, payload }, dueAt: now }])
  })
}

/** All that is written off up to that day and undisputed, each bucket in one line. */
async function payOver(
  tx: Tx,
  { context }: Lane,
  { code, bank }: BillerFacts,
  day: BusinessDate,
  now: number,
): Promise<Amount> {
  const closed = await closedThrough(tx)
  const today = context.time.dateOf(now)
  const businessDate = closed !== null && closed >= today ? context.time.nextDate(closed) : today
  const rows = await tx.query<{ bucket: number; amount: Amount }>(
    {
      name: 'biller_bill.pay_over',
      text: `update biller_bill set paid_over_on = $2::date
        where biller = $1 and state = 'written_off' and biller_date <= $2::date
          and paid_over_on is null and id <> all($3::uuid[])
        returning bucket, amount`,
    },
    [code, day, uuids(await disputedBills(tx, code, 'now'))],
  )
  const sums = new Map<number, Amount>()
  for (const { bucket, amount } of rows) sums.set(bucket, (sums.get(bucket) ?? 0n) + amount)
  const transfers = [...sums].map(
    ([bucket, amount]): PlainTransfer => ({
      ...{ kind: 'transfer', id: context.ids.next(bucket, now), bucket, amount, businessDate },
      ...{ subject: `${code}:${day}`, reason: reasons.billPaidOver },
      debit: billerPayable(bucket, code),
      credit: bankClearing(bucket, bank),
    }),
  )
  for (const result of await executeTransfers(tx, transfers, now))
    if (!result.ok) throw new Error(`bills of ${code} cannot be paid over: ${result.refusal}`)
  return rows.reduce((all, { amount }) => all + amount, 0n)
}
