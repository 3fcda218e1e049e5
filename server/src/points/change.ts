/** Loads the points of a wallet, lets somebody decide about them, and saves what came of it, in one transaction. */
import type { Tx } from '../db/index.ts'
import { assert, type BusinessDate, type BusinessTime, type Ids } from '../kernel/index.ts'
import {
  executeTransfers,
  type PlainTransfer,
  pointsBalance,
  pointsIssued,
} from '../ledger/index.ts'
import { closedThrough } from '../payments/index.ts'
import { type Move, openPocket, type Pocket } from './pocket.ts'
import { readPocket, savePocket } from './pocket-store.ts'
import type { Holder } from './points.ts'

export interface Tools {
  readonly time: BusinessTime
  readonly ids: Ids
}

/** The number of the holder is locked: so nobody else has these points in hand. */
export async function changePoints<Value>(
  tx: Tx,
  { time, ids }: Tools,
  holder: Holder,
  given: { readonly now: number; readonly decide: (pocket: Pocket) => Value },
): Promise<Value> {
  const { now, decide } = given
  const pocket = openPocket(await readPocket(tx, holder))
  const value = decide(pocket)
  savePocket(tx, holder, pocket.writes())
  const date = await openDate(tx, time, now)
  const transfers = pocket.moves.map((move): PlainTransfer => {
    const id = ids.next(holder.bucket, now)
    return { ...transferOf(holder, move), id, businessDate: date }
  })
  for (const result of await executeTransfers(tx, transfers, now))
    assert(result.ok, `points of ${holder.walletId}: ${result.ok ? '' : result.refusal}`)
  return value
}

function transferOf({ bucket, walletId }: Holder, { way, points, reason, subject }: Move) {
  const [balance, issued] = [pointsBalance(bucket, walletId), pointsIssued(bucket)]
  const [debit, credit] = way === 'in' ? [issued, balance] : [balance, issued]
  return { kind: 'transfer', bucket, subject, reason, debit, credit, amount: points } as const
}

/** A closed day takes no more, of points either. */
async function openDate(tx: Tx, time: BusinessTime, now: number): Promise<BusinessDate> {
  const closed = await closedThrough(tx)
  const today = time.dateOf(now)
  return closed !== null && closed >= today ? time.nextDate(closed) : today
}
