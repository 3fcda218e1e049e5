/** Opening, looking into and closing tills; what acts move in them is in `acts.ts`. */
import type { Database, Reader, Tx } from '../db/index.ts'
import {
  accept,
  assert,
  type BusinessTime,
  type Clock,
  format,
  type Ids,
  type Result,
  refuse,
} from '../kernel/index.ts'
import type { Approval } from './approval.ts'
import type { Approvals } from './approvals.ts'
import type { Logbook } from './logbook.ts'
import type { Person } from './person.ts'
import {
  type Banking,
  type Counts,
  type Till,
  type TillRefusal,
  type TillSums,
  totalOf,
} from './till.ts'
import { createBanking } from './till-banking.ts'
import { postDifference } from './till-journal.ts'
import { readBankings } from './till-journal-store.ts'
import {
  actsUnderWay,
  insertTill,
  lockTill,
  openTillOf,
  saveClosing,
  sumsOf,
  tillsOf,
} from './till-store.ts'

export interface TillTools {
  readonly db: Database
  readonly clock: Clock
  readonly ids: Ids
  readonly time: BusinessTime
  readonly approvals: Approvals
  readonly logbook: Logbook
  /** Keyed hash of a request, for a second person's leave. */
  readonly macOf: (content: unknown) => string
}

export type TillView = Till & TillSums & { readonly banking: Banking | null }

export type Closing =
  | { readonly state: 'closed'; readonly till: Till }
  | { readonly state: 'waits'; readonly approval: Approval }

const listMax = 50

export function createTills(tools: TillTools) {
  const { db, clock, ids, approvals, logbook, macOf } = tools
  const banking = createBanking(tools)

  async function viewsOf(reader: Reader, tills: readonly Till[]): Promise<TillView[]> {
    const banked = await readBankings(
      reader,
      tills.map(({ id }) => id),
    )
    return Promise.all(
      tills.map(async (till) => ({
        ...till,
        ...(await sumsOf(reader, till.id)),
        banking: banked.get(till.id) ?? null,
      })),
    )
  }

  /** A second person's leave to close with a difference; undefined where there is none to leave. */
  async function leaveFor(
    tx: Tx,
    person: Person,
    { id, desk, balance, entries }: Till,
    { counts, reason }: { readonly counts: Counts; readonly reason: string | null },
  ) {
    const counted = totalOf(counts)
    if (counted === balance) return accept(undefined)
    if (reason === null) return refuse('till_reason_missing')
    const contentMac = macOf({ till: id, entries, balance: `${balance}`, counts, reason })
    const shown = {
      desk,
      expected: format(balance),
      counted: format(counted),
      difference: format(counted - balance),
    }
    return approvals.obtain(tx, { kind: 'till_difference', contentMac, shown, reason }, person)
  }

  return {
    open(
      person: Person,
      { desk, counts }: { readonly desk: string; readonly counts: Counts },
    ): Promise<Result<Till, TillRefusal>> {
      return db.transact(async (tx) => {
        const now = clock.now()
        const till: Till = {
          ...{ id: ids.next(0, now), office: person.office, desk, person: person.id },
          ...{ openedAt: now, floatCounts: counts, balance: totalOf(counts), held: 0n, entries: 1 },
          ...{ closedAt: null, closingCounts: null, counted: null, difference: null, reason: null },
        }
        if (await openTillOf(tx, person.id)) return refuse('till_open_already')
        if (!(await insertTill(tx, till))) return refuse('desk_taken')
        await logbook.write(tx, person, {
          action: 'till.open',
          subject: `till:${till.id}`,
          after: { desk, float: format(till.balance) },
        })
        return accept(till)
      })
    },

    async ofPerson(reader: Reader, person: string): Promise<TillView | undefined> {
      const found = await openTillOf(reader, person)
      return found && (await viewsOf(reader, [found]))[0]
    },

    async ofOffice(reader: Reader, office: string): Promise<TillView[]> {
      return viewsOf(reader, await tillsOf(reader, office, listMax))
    },

    /** Those of a person whose cash has still to go to the bank. */
    async toBank(reader: Reader, person: string): Promise<TillView[]> {
      return viewsOf(reader, await banking.toBank(reader, person))
    },

    async view(reader: Reader, till: Till): Promise<TillView> {
      const [view] = await viewsOf(reader, [till])
      assert(view, 'one till has one view')
      return view
    },

    bank: banking.bank,

    /** Equal to the fen, or with a reason and a second person who has seen the same two numbers. */
    close(
      person: Person,
      { counts, reason }: { readonly counts: Counts; readonly reason: string | null },
    ): Promise<Result<Closing, TillRefusal>> {
      return db.transact(async (tx) => {
        const till = await lockTill(tx, { person: person.id })
        if (!till) return refuse('till_missing')
        if ((await actsUnderWay(tx, till.id)) > 0) return refuse('till_has_acts_under_way')
        const counted = totalOf(counts)
        const difference = counted - till.balance
        const leave = await leaveFor(tx, person, till, { counts, reason })
        if (!leave.ok) return leave
        if (leave.value?.state === 'waits')
          return accept({ state: 'waits', approval: leave.value.approval })
        const now = clock.now()
        const closed: Till = {
          ...till,
          ...{ closedAt: now, closingCounts: counts, counted, difference },
          reason: difference === 0n ? null : reason,
        }
        const differenceTransfer = await postDifference(tx, tools, {
          till: till.id,
          difference,
          now,
        })
        const approval = leave.value?.approval.id ?? null
        await saveClosing(tx, { ...closed, approval, differenceTransfer })
        await logbook.write(tx, person, {
          action: 'till.close',
          subject: `till:${till.id}`,
          before: { balance: format(till.balance) },
          after: {
            counted: format(counted),
            difference: format(difference),
            reason: closed.reason,
          },
        })
        return accept({ state: 'closed', till: closed })
      })
    },
  }
}

export type Tills = ReturnType<typeof createTills>
