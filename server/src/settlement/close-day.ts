/**
 * Closes business days, one after the other, when their time has come: half an hour after midnight in
 * the operator's zone. Closing compares the payments with the ledger first and refuses a difference;
 * after it, whatever comes late is posted on the next day.
 */
import {
  armJobs,
  createWorker,
  type Database,
  eachJob,
  type JobOutcome,
  type Log,
  type Worker,
} from '../db/index.ts'
import {
  accept,
  type BusinessDate,
  type BusinessTime,
  type Clock,
  type Result,
  refuse,
} from '../kernel/index.ts'
import { armChargingFiles } from './charging-files.ts'
import { bookNetOf, daysOf, ledgerNetOf, lockDay, saveClosedDay, totalsOf } from './store.ts'

/** After midnight, so that what was under way at midnight has been posted. */
export const closeAfterMs = 30 * 60_000
const topic = 'settlement.close'

export interface CloseOptions {
  readonly db: Database
  readonly clock: Clock
  readonly time: BusinessTime
  readonly log: Log
}

/**
 * Closes one day. Days close in order, for closing one takes all before it away from what would still
 * post there; a closed day stays as it is.
 */
export async function closeDay(
  options: Omit<CloseOptions, 'log'>,
  date: BusinessDate,
): Promise<
  Result<BusinessDate, 'already_closed' | 'not_over' | 'not_its_turn' | 'differs_from_ledger'>
> {
  const { db, clock, time } = options
  if (clock.now() < time.startOf(time.nextDate(date))) return refuse('not_over')
  return db.transact(async (tx) => {
    const closedThrough = await lockDay(tx)
    if (closedThrough !== null && closedThrough >= date) return refuse('already_closed')
    const { first } = await daysOf(tx)
    const next = closedThrough === null ? first : time.nextDate(closedThrough)
    if (next !== null && date > next) return refuse('not_its_turn')
    const [book, ledger, totals] = await Promise.all([
      bookNetOf(tx, date),
      ledgerNetOf(tx, date),
      totalsOf(tx, date, null),
    ])
    const same = book.size === ledger.size && [...book].every(([id, net]) => ledger.get(id) === net)
    if (!same) return refuse('differs_from_ledger')
    saveClosedDay(tx, { ...totals, date, closedAt: clock.now() })
    armChargingFiles(tx, time, date)
    return accept(date)
  })
}

/** Closes every day that is over; answers when the next one will be. */
export async function closeDue(options: CloseOptions): Promise<number> {
  const { db, clock, time, log } = options
  const today = time.dateOf(clock.now() - closeAfterMs)
  const { first, closedThrough } = await daysOf(db)
  let date =
    closedThrough === null ? (first ?? time.nextDate(today, -1)) : time.nextDate(closedThrough)
  for (; date < today; date = time.nextDate(date)) {
    const closed = await closeDay(options, date)
    if (closed.ok) log.info({ date }, 'business day closed')
    else if (closed.refusal !== 'already_closed')
      throw new Error(`business day ${date} cannot be closed: ${closed.refusal}`)
  }
  return time.startOf(time.nextDate(today)) + closeAfterMs
}

/** Makes the timer that closes days due now. There is one row of it for all processes. */
export async function armDayCloser({ db, clock }: CloseOptions): Promise<void> {
  const job = { bucket: 0, topic, subject: 'day', dueAt: clock.now(), payload: {} }
  await db.transact(async (tx) => armJobs(tx, [job]))
}

export function createDayCloser(options: CloseOptions): Worker {
  const { clock } = options
  const onError = (error: unknown) =>
    options.log.error({ err: error, topic }, 'a business day stays open')
  const handle = async (): Promise<JobOutcome> => ({
    kind: 'next',
    dueAt: await closeDue(options),
  })
  return createWorker({
    db: options.db,
    clock,
    topic,
    leaseMs: 10 * 60_000,
    handler: eachJob({ clock, handle, onError }),
    onError,
  })
}
