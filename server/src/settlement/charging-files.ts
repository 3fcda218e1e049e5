/**
 * The files that tell each carrier what we charged to its post-paid lines on a business day (话单): made
 * at five past one, when the day is closed, and remembered by their hash, so that they are the same
 * bytes whenever they are made again. How a file is written is the rail's to know; it is passed in.
 */
import { createHash } from 'node:crypto'
import {
  armJobs,
  createWorker,
  type Database,
  eachJob,
  type Job,
  type JobOutcome,
  type Log,
  type Tx,
  type Worker,
} from '../db/index.ts'
import {
  type Amount,
  accept,
  assert,
  type BusinessDate,
  type BusinessTime,
  type Clock,
  type Msisdn,
  type Result,
  refuse,
} from '../kernel/index.ts'
import {
  type ChargingDay,
  chargingCarriers,
  chargingMadeAt,
  chargingRows,
  rememberChargingFiles,
} from './charging-store.ts'
import { daysOf } from './store.ts'
import { writeWhole } from './whole-file.ts'

export interface ChargingRow {
  readonly chargeId: string
  readonly carrierRef: string | null
  readonly msisdn: Msisdn
  readonly areaCode: string | null
  readonly merchantId: string
  readonly goods: string
  readonly feeType: 'per_use'
  readonly informationFee: Amount
  readonly communicationFee: Amount
  readonly requestedAt: number
  readonly doneAt: number | null
  readonly state: 'charged' | 'reversed_same_day' | 'unknown'
}

interface Head {
  readonly carrier: string
  readonly date: BusinessDate
  readonly number: number
}

/** The rail's part. */
export interface ChargingFormat {
  readonly rowMax: number
  nameOf(file: Head): string
  /** Refuses rather than change a value. */
  write(
    file: Head & { readonly madeAt: number; readonly rows: readonly ChargingRow[] },
    time: BusinessTime,
  ): Result<Uint8Array, { readonly code: string; readonly row: number; readonly field: string }>
}

export interface ChargingOptions {
  readonly db: Database
  readonly time: BusinessTime
  readonly format: ChargingFormat
}

export interface ChargingFileMade {
  readonly name: string
  readonly bytes: Uint8Array
  readonly sha256: string
  readonly rows: number
}

/** A carrier's files of a closed day: one, or more when there are more rows than one may hold. */
export async function produceChargingFiles(
  options: ChargingOptions,
  { carrier, date }: { readonly carrier: string; readonly date: BusinessDate },
  now: number,
): Promise<Result<ChargingFileMade[], 'not_closed'>> {
  const { db, time } = options
  const { closedThrough } = await daysOf(db)
  if (closedThrough === null || date > closedThrough) return refuse('not_closed')
  const day = { carrier, ...spanOf(time, date) }
  const madeAt = (await chargingMadeAt(db, day)) ?? now
  const first = await remembered(options, day, madeAt)
  // Another process made them at the same time: its instant is the one that stands.
  const stands = first.standing === madeAt ? first : await remembered(options, day, first.standing)
  return accept(stands.files)
}

async function remembered({ db, time, format }: ChargingOptions, day: ChargingDay, madeAt: number) {
  const { carrier, date } = day
  const drafts: { made: ChargingFileMade; amount: Amount; number: number }[] = []
  let after = ''
  for (let number = 1; ; number += 1) {
    const rows = await chargingRows(db, day, { after, limit: format.rowMax })
    const last = rows.at(-1)
    // A carrier asked about has a file even when nothing was charged.
    if (!last && number > 1) break
    const file = { carrier, date, number, madeAt, rows }
    const written = format.write(file, time)
    if (!written.ok) {
      const { code, row, field } = written.refusal
      throw new Error(`charging file of ${carrier} for ${date}: ${code} in row ${row}, ${field}`)
    }
    const sha256 = createHash('sha256').update(written.value).digest('hex')
    const amount = rows.reduce((sum, row) => sum + row.informationFee, 0n)
    const made = { name: format.nameOf(file), bytes: written.value, sha256, rows: rows.length }
    drafts.push({ made, amount, number })
    if (!last || rows.length < format.rowMax) break
    after = last.chargeId
  }
  const standing = await db.transact((tx) =>
    rememberChargingFiles(
      tx,
      drafts.map(({ made: { rows, sha256 }, amount, number }) => ({
        ...{ carrier, date, number, rows, amount, sha256, madeAt },
      })),
    ),
  )
  for (const [i, { sha256, madeAt: at }] of standing.entries())
    assert(
      at !== madeAt || sha256 === drafts[i]?.made.sha256,
      `charging file ${drafts[i]?.made.name} is not what it was`,
    )
  return { files: drafts.map(({ made }) => made), standing: standing[0]?.madeAt ?? madeAt }
}

const spanOf = (time: BusinessTime, date: BusinessDate) => ({
  date,
  from: time.startOf(date),
  to: time.startOf(time.nextDate(date)),
})

const topic = 'settlement.charging'
/** Five past one: half an hour after the day is closed. */
const afterMidnightMs = 65 * 60_000

/** Sets the timer of a day's files, in the transaction that closes the day. */
export function armChargingFiles(tx: Tx, time: BusinessTime, date: BusinessDate): void {
  const dueAt = time.startOf(time.nextDate(date)) + afterMidnightMs
  armJobs(tx, [{ bucket: 0, topic, subject: date, dueAt, payload: {} }])
}

export interface ChargingFilerOptions extends ChargingOptions {
  readonly clock: Clock
  readonly log: Log
  /** Where the files are put. */
  readonly folder: string
  /** Whether this carrier is a real one. */
  readonly isTold: (carrier: string) => boolean
}

export function createChargingFiler(options: ChargingFilerOptions): Worker {
  const { db, clock, time, log, folder } = options
  const onError = (error: unknown) => log.error({ err: error, topic }, 'charging files are missing')
  const handle = async ({ subject: date }: Job): Promise<JobOutcome> => {
    for (const carrier of await chargingCarriers(db, spanOf(time, date))) {
      if (!options.isTold(carrier)) continue
      const made = await produceChargingFiles(options, { carrier, date }, clock.now())
      assert(made.ok, 'the timer is set when the day is closed')
      for (const file of made.value) {
        await writeWhole(folder, file)
        log.info({ file: file.name, rows: file.rows }, 'charging file made')
      }
    }
    return { kind: 'done' }
  }
  return createWorker({
    db,
    clock,
    topic,
    leaseMs: 10 * 60_000,
    handler: eachJob({ clock, handle, onError }),
    onError,
  })
}
