/**
 * Two people who resolve what differs with billers: one asks the biller, which looks into its own book, the other
 * agrees. They come every hour, whatever goes wrong meanwhile. What that book does not explain they leave as it is.
 */
import type { Reader } from '../../server/src/db/index.ts'
import type { Clock } from '../../server/src/kernel/index.ts'
import {
  askBillerAct,
  billerActsOf,
  decideBillerAct,
} from '../../server/src/reconciliation/index.ts'
import type { Book } from '../../simulators/src/biller/book.ts'
import type { BillerName } from './app-plan.ts'
import type { createClients } from './clients.ts'
import { createDice } from './dice.ts'
import type { Process } from './process.ts'
import type { VirtualTime } from './virtual-time.ts'

const roundMs = 3_600_000

interface Found {
  readonly id: string
  readonly kind: string
  readonly biller: BillerName
  readonly bill: string
}

export function createClerks(options: {
  readonly seed: number
  readonly time: VirtualTime
  readonly clock: Clock
  readonly reader: Reader
  readonly clients: ReturnType<typeof createClients>
  readonly billers: Readonly<Record<BillerName, Book>>
}) {
  const { time, clock, reader, billers } = options
  const dice = createDice('clerks', options.seed)

  const unresolved = () =>
    reader.query<Found>(
      `select id::text as id, kind, biller, bill_id as bill from biller_difference
       where resolution is null order by biller_difference.id`,
    )

  function actFor({ kind, biller, bill }: Found) {
    const payment = billers[biller].payments.get(bill)
    const stands = payment !== undefined && !payment.isReversed
    if (kind === 'amount' && stands) return 'received'
    return kind === 'missing_here' && !stands ? 'explained' : undefined
  }

  async function resolve(differenceId: string, kind: 'received' | 'explained', process: Process) {
    const { app, purse } = process
    if (!app || !purse) throw new Error('nothing is known of billers')
    const { db } = purse
    const asked = { differenceId, kind, reason: 'the biller has looked', by: 'chen.li' }
    await db.transact((tx) => askBillerAct(tx, app.acts, asked, clock.now()))
    // It may be that of a try before, which nobody heard the answer of.
    const act = (await billerActsOf(db, differenceId)).find(({ state }) => state === 'asked')
    if (!act) return true
    const given = { id: act.id, by: 'wu.min', alias: null, agrees: true, note: null }
    await db.transact((tx) => decideBillerAct(tx, app.acts, given, clock.now()))
    return true
  }

  return {
    async work(): Promise<never> {
      for (;;) {
        await time.sleep(roundMs)
        for (const found of await unresolved()) {
          const kind = actFor(found)
          if (kind)
            await options.clients.keepAsking(dice, (process) => resolve(found.id, kind, process))
        }
      }
    },
  }
}
