/**
 * A day of a bank, from its end to its file. The file is kept row by row, and counts once it was read to its
 * end and adds up to what the bank told. Then it decides what is open, and what differs is listed. Done again
 * from the beginning after a crash, it comes to the same. Of several that read the same file, all but the last
 * one to begin stop where they are.
 */
import type { Tx } from '../../db/index.ts'
import { assert } from '../../kernel/index.ts'
import type { BankFileRow, BankFileSummary, DayTotals } from '../bank-file.ts'
import { type BankTotals, type CutOver, compareTotals, type TotalDifference } from '../totals.ts'
import type { BankSlot } from './bank-slot.ts'
import { settleByAbsence, settleByFile } from './by-file.ts'
import { dateNear } from './day.ts'
import {
  addRows,
  beginReading,
  closeDay,
  type Day,
  type DayName,
  type DayState,
  forgetRows,
  isReading,
  isWhole,
  lastDay,
  markJudged,
  noteDay,
  type Reading,
  readDay,
  unjudgedDays,
  unreadDays,
} from './day-store.ts'
import { exchangesOf } from './exchange-store.ts'
import {
  absentCandidates,
  type Candidate,
  filedCandidates,
  listDifferences,
  noteTotals,
} from './file-store.ts'
import { armFiles } from './jobs.ts'
import { keyDays } from './late-answers.ts'
import { hold, save } from './save.ts'
import { situationOf } from './settle.ts'
import type { OperationTools } from './tools.ts'

/** Rows a transaction: a file of a million has two thousand of them. */
const rowsMax = 500
/** Days caught up in one round. */
const daysMax = 10
const dayMs = 86_400_000

export interface DayFiles {
  /** The end of the day is on record and its file is looked for, or neither. */
  onCutOver(bank: string, cutOver: CutOver): Promise<void>
  onTotals(bank: string, totals: BankTotals): Promise<void>
  /** Reads what files there are of days that ended. */
  catchUp(bank: string): Promise<void>
}

export function createDayFiles(tools: OperationTools): DayFiles {
  const { db, clock, bankOf, log } = tools

  function slotOf(bank: string): BankSlot {
    const slot = bankOf(bank)
    assert(slot, `there is a bank ${bank}`)
    return slot
  }

  async function note(
    bank: string,
    monthDay: string,
    told: { readonly cutOverAt?: number; readonly totals?: DayTotals },
  ): Promise<void> {
    const now = clock.now()
    const day = dateNear(monthDay, slotOf(bank).time.dateOf(now))
    await db.transact(async (tx) => {
      const known = told.totals && (await readDay(tx, { bank, day }))
      await noteDay(tx, { bank, day }, { ...told, now })
      armFiles(tx, bank, now)
      // Absence has decided by then: whoever took the file for whole must compare.
      if (typeof known?.acceptedAt === 'number')
        tx.afterCommit(() =>
          log.error({ bank, date: day, alarm: 'totals_after_acceptance' }, 'bank file'),
        )
    })
  }

  /** Days end by the calendar too, where a bank was not heard to say so. */
  async function noteEnded(bank: string, { time }: BankSlot): Promise<void> {
    const now = clock.now()
    const yesterday = time.nextDate(time.dateOf(now), -1)
    const last = await lastDay(db, bank)
    const first = last === undefined || last > yesterday ? yesterday : time.nextDate(last)
    const oldest = time.nextDate(yesterday, -daysMax)
    await db.transact(async (tx) => {
      for (let day = first < oldest ? oldest : first; day <= yesterday; day = time.nextDate(day))
        await noteDay(tx, { bank, day }, { now })
    })
  }

  /** Throws when another one has begun since: what it sees is not what this one has kept. */
  const asReader = (reading: Reading, work: (tx: Tx) => Promise<void>): Promise<void> =>
    db.transact(async (tx) => {
      if (!(await isReading(tx, reading))) throw new Overtaken('another one reads the file')
      await work(tx)
    })

  async function readOne(slot: BankSlot, day: Day): Promise<void> {
    const reading = await db.transact((tx) => beginReading(tx, day))
    const summary = reading && (await keepRows(slot, reading))
    if (!summary) return
    const totals = day.totals ?? (await askTotals(slot, day))
    const differences = totals ? compareTotals(totals, summary) : []
    if (differences.length > 0) return differs(reading, differences)
    const { time } = slot
    const since = time.startOf(day.day) - keyDays * dayMs
    for (const candidate of await filedCandidates(db, day, since))
      await decide(slot, candidate, reading)
    if (totals) await decideAbsent(slot, day, reading)
    const now = clock.now()
    const monthDay = monthDayOf(day)
    await asReader(reading, async (tx) => {
      await noteTotals(tx, day, { found: [], now })
      await listDifferences(tx, day, { since, monthDay, now })
      await closeDay(tx, day, { state: 'read', problem: null, now })
    })
    const { bank, day: date } = day
    log.info(
      { bank, date, rows: summary.count, withTotals: totals !== undefined },
      'bank file read',
    )
  }

  /** Undefined when there is no such file yet, or it is none. */
  async function keepRows(
    { bank }: BankSlot,
    reading: Reading,
  ): Promise<BankFileSummary | undefined> {
    let waiting: BankFileRow[] = []
    const keep = async () => {
      const rows = waiting
      waiting = []
      if (rows.length > 0) await asReader(reading, (tx) => addRows(tx, reading, rows))
    }
    const answer = await bank.files.read(reading.day, async (row) => {
      waiting.push(row)
      if (waiting.length === rowsMax) await keep()
    })
    if (answer.outcome === 'absent') return undefined
    if (answer.outcome === 'done') {
      await keep()
      return answer.summary
    }
    const { code, line } = answer.problem
    await asReader(reading, (tx) => forgetRows(tx, reading))
    await close(reading, 'refused', `${code} in line ${line}`)
    return undefined
  }

  async function askTotals({ bank }: BankSlot, day: Day): Promise<DayTotals | undefined> {
    const totals = await bank.totals(monthDayOf(day))
    if (totals) await db.transact((tx) => noteDay(tx, day, { totals, now: clock.now() }))
    return totals
  }

  async function differs(reading: Reading, differences: readonly TotalDifference[]): Promise<void> {
    const found = differences.map(({ name, announced, filed }) => ({
      ...{ kind: 'totals' as const, key: name, operationId: null },
      ours: `announced ${announced.count} ${announced.amount}`,
      theirs: `filed ${filed.count} ${filed.amount}`,
    }))
    await asReader(reading, (tx) => noteTotals(tx, reading, { found, now: clock.now() }))
    await close(reading, 'differs', differences.map(({ name }) => name).join(', '))
  }

  async function close(reading: Reading, state: DayState, problem: string): Promise<void> {
    await asReader(reading, (tx) => closeDay(tx, reading, { state, problem, now: clock.now() }))
    const { bank, day: date } = reading
    log.error({ bank, date, state, problem, alarm: 'bank_file' }, 'bank file not used')
  }

  /**
   * What was sent the day before belongs to that day, to the one before it or to this one. Where all of these
   * add up to what the bank told, or are said to be whole, and none names it, it never happened.
   */
  async function decideAbsent(
    slot: BankSlot,
    { bank, day }: DayName,
    reading?: Reading,
  ): Promise<void> {
    const { time } = slot
    const sentOn = time.nextDate(day, -1)
    const first = time.nextDate(day, -2)
    const before = await readDay(db, { bank, day: sentOn })
    const earlier = await readDay(db, { bank, day: first })
    if (!before || !isWhole(before)) return
    if (earlier && earlier.state !== 'read') return
    const span = { from: time.startOf(sentOn), to: time.startOf(day) }
    for (const candidate of await absentCandidates(db, { bank, day: first }, span))
      await decide(slot, candidate, reading)
  }

  /** A day that was accepted says something of the day before it, and with the day after it of itself. */
  async function judgeAccepted(slot: BankSlot, day: Day): Promise<void> {
    await decideAbsent(slot, day)
    const next = await readDay(db, { bank: day.bank, day: slot.time.nextDate(day.day) })
    if (next && isWhole(next)) await decideAbsent(slot, next)
    await db.transact((tx) => markJudged(tx, day, clock.now()))
  }

  /** Rows of days that were read stay: only of one that is being read the reader has to be asked for. */
  async function decide(
    { longestMs }: BankSlot,
    candidate: Candidate,
    reading?: Reading,
  ): Promise<void> {
    const { operationId, no, row, isReversed } = candidate
    const work = async (tx: Tx) => {
      const held = await hold(tx, operationId)
      const all = held ? await exchangesOf(tx, held.operation) : []
      const sent = all.find((one) => one.no === no)
      if (!held || !sent) return
      const { operation, debit } = held
      const situation = situationOf(operation, sent, { all, now: clock.now() })
      const settlement = row
        ? settleByFile(situation, { row, isReversed })
        : settleByAbsence(situation)
      if (settlement) await save(tx, tools, { situation, debit, settlement, longestMs })
    }
    await (reading ? asReader(reading, work) : db.transact(work))
  }

  async function catchUp(bank: string): Promise<void> {
    const slot = slotOf(bank)
    await noteEnded(bank, slot)
    for (const day of await unreadDays(db, bank, daysMax)) await readOne(slot, day)
    for (const day of await unjudgedDays(db, bank)) await judgeAccepted(slot, day)
  }

  return {
    onCutOver: (bank, { day, totals }) =>
      note(bank, day, { cutOverAt: clock.now(), ...(totals && { totals }) }),
    onTotals: (bank, totals) => note(bank, totals.settlementDate, { totals }),
    async catchUp(bank) {
      try {
        await catchUp(bank)
      } catch (error) {
        if (!(error instanceof Overtaken)) throw error
        log.info({ bank }, 'another one reads the files of the bank')
      }
    },
  }
}

class Overtaken extends Error {
  override readonly name = 'Overtaken'
}

const monthDayOf = ({ day }: DayName) => day.slice(5).replace('-', '')
