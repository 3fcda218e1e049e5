/**
 * A clerk's till for one shift: a float that was counted, cash in and out by acts, and a count at the end. It
 * is a book of its own beside the ledger, and both must say the same of the acts.
 *
 *   open(count) ──cash_in · cash_out──▶ open ──close(count), equal──▶ closed
 *                                         └──close(count), not equal──▶ only with a reason and a second person
 *
 * What customers left in a closed one goes to the bank, once.
 */
import type { Amount } from '../kernel/index.ts'

/** Pieces by their worth in fen, as text: `{ '10000': 32 }`. */
export type Counts = Readonly<Record<string, number>>

/** Notes and coins that are counted, in fen. */
export const worths = [100_00, 50_00, 20_00, 10_00, 5_00, 1_00, 50, 10] as const

export function totalOf(counts: Counts): Amount {
  return Object.entries(counts).reduce(
    (total, [worth, pieces]) => total + BigInt(worth) * BigInt(pieces),
    0n,
  )
}

export interface Till {
  readonly id: string
  readonly office: string
  readonly desk: string
  readonly person: string
  readonly openedAt: number
  readonly floatCounts: Counts
  /** What must be in it. */
  readonly balance: Amount
  /** Of that, promised to payouts under way. */
  readonly held: Amount
  readonly entries: number
  readonly closedAt: number | null
  readonly closingCounts: Counts | null
  readonly counted: Amount | null
  /** Counted less what had to be there. */
  readonly difference: Amount | null
  readonly reason: string | null
}

export interface TillSums {
  readonly cashIn: Amount
  readonly cashOut: Amount
}

/** That its cash went to the bank; below zero it came from there. */
export interface Banking {
  readonly amount: Amount
  /** The number on the bank's slip. */
  readonly slip: string
  readonly at: number
}

/** What can be paid out of it now. */
export const free = ({ balance, held }: Pick<Till, 'balance' | 'held'>): Amount => balance - held

export type TillRefusal =
  | 'till_missing'
  | 'till_open_already'
  | 'desk_taken'
  | 'till_short'
  | 'till_has_acts_under_way'
  | 'till_reason_missing'
  | 'till_not_to_be_banked'
  | 'till_banked_already'
  | 'approval_declined'
