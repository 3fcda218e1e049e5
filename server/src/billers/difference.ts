/**
 * What a biller's file and our bills say differently, until people have resolved it. Nothing is deleted. How it stands
 * now depends on the bill, which may have moved on since it was found:
 *
 *     ours     we have the payment, the file has not     received, or returned to the customer
 *     amount   both have it, with other amounts          the same; or covered, where the biller has more
 *     theirs   the file has it, we have not              covered from own money, or explained
 */
import type { Amount, BusinessDate } from '../kernel/index.ts'
import { type Bill, isPaid } from './bill.ts'

export const billerDifferenceKinds = ['missing_here', 'missing_there', 'amount', 'state'] as const
/** Missing in our books, missing in its file, another amount, or given back by us and written off there. */
export type DifferenceKind = (typeof billerDifferenceKinds)[number]

export const billerResolutions = ['received', 'returned', 'covered', 'explained'] as const
export type BillerResolution = (typeof billerResolutions)[number]

export interface FoundDifference {
  readonly biller: string
  readonly day: BusinessDate
  readonly kind: DifferenceKind
  readonly billId: string
  readonly ours: string | null
  readonly theirs: string | null
  /** Of the payment in its file. */
  readonly receiptNo: string | null
  readonly foundAt: number
}

export interface Difference extends FoundDifference {
  readonly id: string
  readonly resolution: BillerResolution | null
  readonly resolvedAt: number | null
}

export interface Standing {
  readonly has: 'ours' | 'theirs' | 'amount'
  /** What the customer paid and the biller does not have, or what the biller has more, or less, than we. */
  readonly amount: Amount
  readonly acts: readonly BillerResolution[]
}

export function standingOf(
  { biller, theirs }: Pick<Difference, 'biller' | 'theirs'>,
  bill: Pick<Bill, 'state' | 'biller' | 'amount'> | undefined,
): Standing {
  const ours = bill?.biller === biller && isPaid(bill) ? (bill.amount ?? 0n) : 0n
  const amount = BigInt(theirs ?? 0) - ours
  if (ours === 0n)
    return { has: 'theirs', amount, acts: amount > 0n ? ['covered', 'explained'] : ['explained'] }
  if (theirs === null) return { has: 'ours', amount: ours, acts: ['received', 'returned'] }
  return amount > 0n
    ? { has: 'amount', amount, acts: ['received', 'returned', 'covered'] }
    : { has: 'amount', amount: -amount, acts: ['received', 'returned'] }
}
