/**
 * The bill of a credit card: what was owed when the bill day ended, what was paid since, and until when
 * the rest is due. It follows from the entries alone, so it is nowhere kept.
 */
import type { Account } from './book.ts'
import type { CardFacts } from './card.ts'

export interface Bill {
  /** YYYYMMDD. */
  readonly billed: string
  readonly due: string
  readonly amount: bigint
  /** Ten per cent, rounded up. */
  readonly minimum: bigint
  /** Paid since, at most the amount. */
  readonly paid: bigint
}

/** The last bill up to the business day; undefined for a debit card, or before anything was owed. */
export function lastBill(card: CardFacts, account: Account, day: string): Bill | undefined {
  if (card.kind !== 'credit' || card.billDay === 0) return undefined
  const billed = lastBefore(day, card.billDay)
  let owed = 0n
  let paid = 0n
  for (const entry of account.entries) {
    if (entry.day <= billed) owed -= entry.amount
    else if (entry.amount > 0n) paid += entry.amount
  }
  if (owed <= 0n) return undefined
  return {
    billed,
    due: firstAfter(billed, card.dueDay),
    amount: owed,
    minimum: (owed + 9n) / 10n,
    paid: paid < owed ? paid : owed,
  }
}

/** The last date before `day` with that day of the month: a bill is made when its day has ended. */
function lastBefore(day: string, dayOfMonth: number): string {
  const inMonth = `${day.slice(0, 6)}${String(dayOfMonth).padStart(2, '0')}`
  return inMonth < day ? inMonth : monthsOn(inMonth, -1)
}

function firstAfter(day: string, dayOfMonth: number): string {
  const inMonth = `${day.slice(0, 6)}${String(dayOfMonth).padStart(2, '0')}`
  return inMonth > day ? inMonth : monthsOn(inMonth, 1)
}

function monthsOn(date: string, count: 1 | -1): string {
  const month = Number(date.slice(0, 4)) * 12 + Number(date.slice(4, 6)) - 1 + count
  const year = String(Math.floor(month / 12)).padStart(4, '0')
  return `${year}${String((month % 12) + 1).padStart(2, '0')}${date.slice(6)}`
}
