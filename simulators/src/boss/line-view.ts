/** What the demo and the subscriber see of a line. Money in fen as strings, and in yuan for people. */
import { availableOf, type BillKind, type BillLine, type Book } from './book.ts'
import { type LineFacts, yuan } from './line.ts'

export interface BillLineView {
  /** ISO 8601, UTC. */
  readonly at: string
  readonly kind: BillKind
  readonly text: string
  /** Fen, never negative: information and communication were taken, the others given back. */
  readonly amount: string
  readonly yuan: string
  readonly chargeId?: string
}

export interface LineView {
  readonly msisdn: string
  readonly billing: LineFacts['billing']
  readonly status: LineFacts['status']
  readonly carrier: string
  readonly brand: string
  readonly language: LineFacts['language']
  readonly region: string
  /** Prepaid: money on the line. Post-paid: credit not yet used. Reservations are still in it. */
  readonly balance: string
  /** Taken less given back in the current month of the carrier's zone; may be negative. */
  readonly monthSpent: string
  readonly reserved: string
  readonly available: string
  readonly yuan: Readonly<Record<'balance' | 'monthSpent' | 'reserved' | 'available', string>>
  /** Newest first, at most 100. */
  readonly charges: readonly BillLineView[]
}

export interface BillPage {
  readonly msisdn: string
  /** Oldest first, the last 1000. */
  readonly lines: readonly BillLineView[]
}

const viewMax = 100
const pageMax = 1_000

export function lineView(book: Book, msisdn: string, now: number): LineView | undefined {
  const account = book.lines.get(msisdn)
  if (!account) return undefined
  const { balance, ...facts } = account.facts
  const money = {
    balance,
    monthSpent: account.spent.get(book.monthOf(now)) ?? 0n,
    reserved: account.reserved,
    available: availableOf(account),
  }
  return {
    ...facts,
    ...written(money, String),
    yuan: written(money, yuan),
    charges: account.bill.slice(-viewMax).reverse().map(billLineView),
  }
}

export function billPage(book: Book, msisdn: string): BillPage | undefined {
  const account = book.lines.get(msisdn)
  return account && { msisdn, lines: account.bill.slice(-pageMax).map(billLineView) }
}

type Money<Value> = Record<'balance' | 'monthSpent' | 'reserved' | 'available', Value>
const written = (money: Money<bigint>, write: (fen: bigint) => string): Money<string> => ({
  balance: write(money.balance),
  monthSpent: write(money.monthSpent),
  reserved: write(money.reserved),
  available: write(money.available),
})

const billLineView = (line: BillLine): BillLineView => ({
  at: new Date(line.at).toISOString(),
  kind: line.kind,
  text: line.text,
  amount: line.amount.toString(),
  yuan: yuan(line.amount),
  ...(line.chargeId !== undefined && { chargeId: line.chargeId }),
})
