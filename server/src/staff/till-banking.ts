/** The cash of a closed till on its way to the bank: once, with the bank's slip and a second person who has seen it. */
import type { Database, Reader, Tx } from '../db/index.ts'
import { type Amount, accept, type Clock, format, type Result, refuse } from '../kernel/index.ts'
import type { Approval } from './approval.ts'
import type { Approvals } from './approvals.ts'
import type { Logbook } from './logbook.ts'
import type { Person } from './person.ts'
import { type Till, type TillRefusal, totalOf } from './till.ts'
import { type JournalTools, postBanked } from './till-journal.ts'
import { insertBanking, readBankings } from './till-journal-store.ts'
import { closedTillOf, toBankOf } from './till-store.ts'

export interface BankingTools extends JournalTools {
  readonly db: Database
  readonly clock: Clock
  readonly approvals: Approvals
  readonly logbook: Logbook
  readonly macOf: (content: unknown) => string
}

export type Banked =
  | { readonly state: 'banked'; readonly till: Till }
  | { readonly state: 'waits'; readonly approval: Approval }

/** What customers left in it; below zero, what it took from the float and gets back from the bank. */
const leftIn = ({ counted, floatCounts }: Till): Amount => (counted ?? 0n) - totalOf(floatCounts)

export function createBanking(tools: BankingTools) {
  const { db, clock, approvals, logbook, macOf } = tools

  async function bankIn(
    tx: Tx,
    person: Person,
    { till: id, slip }: { readonly till: string; readonly slip: string },
  ): Promise<Result<Banked, TillRefusal>> {
    const till = await closedTillOf(tx, { id, person: person.id })
    const amount = till ? leftIn(till) : 0n
    if (!till || amount === 0n) return refuse('till_not_to_be_banked')
    const known = (await readBankings(tx, [id])).get(id)
    if (known)
      return known.slip === slip ? accept({ state: 'banked', till }) : refuse('till_banked_already')
    const shown = { desk: till.desk, banked: format(amount), slip }
    const contentMac = macOf({ banking: id, slip, amount: `${amount}` })
    const asked = { kind: 'cash_banked', contentMac, shown, reason: slip }
    const leave = await approvals.obtain(tx, asked, person)
    if (!leave.ok) return leave
    if (leave.value.state === 'waits')
      return accept({ state: 'waits', approval: leave.value.approval })
    const now = clock.now()
    const businessDate = await postBanked(tx, tools, { till: id, amount, now })
    const approval = leave.value.approval.id
    await insertBanking(tx, id, { amount, slip, approval, businessDate, at: now })
    await logbook.write(tx, person, {
      action: 'till.bank',
      subject: `till:${id}`,
      after: { amount: format(amount), slip, businessDate },
    })
    return accept({ state: 'banked', till })
  }

  return {
    bank: (person: Person, given: { readonly till: string; readonly slip: string }) =>
      db.transact((tx) => bankIn(tx, person, given)),

    /** The closed tills of a person whose cash has still to go to the bank, oldest first. */
    toBank: (reader: Reader, person: string): Promise<Till[]> => toBankOf(reader, person),
  }
}
