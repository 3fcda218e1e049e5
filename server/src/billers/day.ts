/**
 * A day of a biller, when its file is there: what nobody knew is decided by it, what it says differently is listed,
 * and what both agree on is paid over. Days come one after another; a day is compared once.
 *
 *     undecided, in the file                              written off
 *     undecided, neither in the file of its day nor of the next    refunded: it can arrive no more
 *     undecided, in a file with another amount            stays so, until the biller or people have said how it ended
 */
import type { Job, JobOutcome } from '../db/index.ts'
import type { BusinessDate } from '../kernel/index.ts'
import type { BillerFile, Connected, FileRow } from './biller.ts'
import type { Outcome } from './command.ts'
import { closeBillerDay, comparedDays, owedThrough } from './day-store.ts'
import type { FoundDifference } from './difference.ts'
import { disputedBills } from './difference-store.ts'
import type { Lane } from './lane.ts'
import type { KeptBill } from './rows.ts'
import { billsNamed, undecidedBefore } from './store.ts'

/** A file that is not there yet is asked for again after so long. */
const lookAgainMs = 10 * 60_000
/** The day is over for so long before its file is asked for. */
export const fileAfterMs = 60 * 60_000
const together = 200

export interface Day {
  readonly day: BusinessDate
}

export async function compareDay(lane: Lane, job: Job): Promise<JobOutcome> {
  const { clock, log, billers, context } = lane
  const biller = billers.get(job.subject)
  const { day } = job.payload as Day
  const later = { kind: 'again', dueAt: clock.now() + lookAgainMs } as const
  // Its days wait for it: one that is skipped would decide nothing.
  if (!biller) return later
  if (clock.now() < context.time.startOf(context.time.nextDate(day)) + fileAfterMs) return later
  const answer = await biller.file(day)
  if (answer.outcome !== 'done' || answer.value === null) {
    if (answer.outcome !== 'done')
      log.warn({ biller: job.subject, day, outcome: answer.outcome }, 'no file of a biller')
    return later
  }
  const rows = new Map(answer.value.rows.map((row) => [row.paymentNo, row]))
  await decideOpen(lane, biller, answer.value, rows)
  const differences = await differencesOf(lane, biller, answer.value, rows)
  for (const { kind, billId } of differences)
    log.error({ alarm: 'biller_difference', biller: job.subject, day, kind, bill: billId }, 'bills')
  await closeBillerDay(lane, { biller: biller.facts, file: answer.value, differences, job })
  return { kind: 'settled' }
}

/** What the file knows of payments that are still open. */
async function decideOpen(
  lane: Lane,
  { facts }: Connected,
  { date }: BillerFile,
  rows: ReadonlyMap<string, FileRow>,
): Promise<void> {
  const { db, context } = lane
  const { time } = context
  const start = time.startOf(date)
  const open = await undecidedBefore(db, facts.code, time.startOf(time.nextDate(date)))
  const compared = await comparedDays(db, facts.code)
  const disputed = new Set(await disputedBills(db, facts.code, 'ever'))
  const isSeen = ({ paidAt }: KeptBill) => paidAt !== null && compared.has(time.dateOf(paidAt))
  const said = open.flatMap((bill) => {
    // One that stood in a file with another amount is not absent from the next.
    const isAbsent = isSeen(bill) && !disputed.has(bill.id)
    const isOver = bill.paidAt !== null && bill.paidAt < start && isAbsent
    const outcome = outcomeOf(bill, rows.get(bill.id), { date, isOver })
    return outcome ? [{ bill, outcome }] : []
  })
  for (let from = 0; from < said.length; from += together)
    await Promise.all(
      said.slice(from, from + together).map(({ bill, outcome }) => {
        const { msisdn, walletId, id: billId } = bill
        return lane.run({ kind: 'answered', msisdn, walletId, billId, outcome, attempt: 1 })
      }),
    )
}

function outcomeOf(
  { amount }: KeptBill,
  row: FileRow | undefined,
  { date, isOver }: { readonly date: BusinessDate; readonly isOver: boolean },
): Outcome | undefined {
  // Another amount is a difference, and nobody knows by it how the payment ended.
  if (row)
    return row.amount === amount
      ? { kind: 'written_off', receiptNo: row.receiptNo, date }
      : undefined
  // The biller takes no payment later than the day after, and both files have been seen.
  return isOver ? { kind: 'not_written_off', reason: 'not_in_file' } : undefined
}

async function differencesOf(
  { db, clock }: Lane,
  { facts }: Connected,
  { date }: BillerFile,
  rows: ReadonlyMap<string, FileRow>,
): Promise<FoundDifference[]> {
  const bills = await billsNamed(db, [...rows.keys()])
  const base = { biller: facts.code, day: date, foundAt: clock.now() }
  const inFile = [...rows.values()].flatMap((row): FoundDifference[] => {
    const bill = bills.get(row.paymentNo)
    const theirs = { theirs: row.amount.toString(), receiptNo: row.receiptNo }
    const found = { ...base, billId: row.paymentNo, ...theirs }
    if (!bill || bill.biller !== facts.code) return [{ ...found, kind: 'missing_here', ours: null }]
    if (bill.amount !== row.amount)
      return [{ ...found, kind: 'amount', ours: bill.amount?.toString() ?? null }]
    return bill.state === 'written_off' ? [] : [{ ...found, kind: 'state', ours: bill.state }]
  })
  // Those of an earlier day stood in no file either, whatever the biller has said of them since.
  const ours = await owedThrough(db, facts.code, date)
  const missing = ours
    .filter(({ id }) => !rows.has(id))
    .map(
      ({ id, amount }): FoundDifference => ({
        ...{ ...base, kind: 'missing_there', billId: id, ours: amount.toString() },
        ...{ theirs: null, receiptNo: null },
      }),
    )
  return [...inFile, ...missing]
}
