/** The state of one biller: what its customers owe and what was paid, as the sum of the events so far. */
import type { BillItem, NewAccount, NewBiller } from './contract.ts'
import type { BillerEvent } from './event.ts'

export interface Account {
  readonly facts: NewAccount
  items: BillItem[]
  /** Paid bills so far: part of the number of the next one. */
  bills: number
}

export interface Payment {
  readonly paymentNo: string
  readonly accountNo: string
  readonly billNo: string
  readonly amount: bigint
  readonly receiptNo: string
  readonly date: string
  readonly items: readonly BillItem[]
  isReversed: boolean
}

export interface Book {
  readonly biller: NewBiller
  readonly accounts: Map<string, Account>
  readonly payments: Map<string, Payment>
  /** Taken back before they came. */
  readonly dead: Set<string>
}

export function createBook(biller: NewBiller): Book {
  const accounts = new Map<string, Account>()
  for (const facts of biller.accounts ?? [])
    accounts.set(facts.accountNo, { facts, items: [...facts.items], bills: 0 })
  return { biller, accounts, payments: new Map(), dead: new Set() }
}

/** Adds one event; whether it may happen was decided before. */
export function applyEvent(book: Book, event: BillerEvent): void {
  if (event.type === 'billed') {
    book.accounts.get(event.accountNo)?.items.push(event.item)
    return
  }
  if (event.type === 'paid') {
    const { paymentNo, accountNo, billNo, amount, receiptNo, date } = event
    const account = book.accounts.get(accountNo)
    const items = account?.items ?? []
    const paid = { paymentNo, accountNo, billNo, amount, receiptNo, date, items }
    book.payments.set(paymentNo, { ...paid, isReversed: false })
    if (account) Object.assign(account, { items: [], bills: account.bills + 1 })
    return
  }
  const payment = book.payments.get(event.paymentNo)
  if (!payment) {
    book.dead.add(event.paymentNo)
    return
  }
  payment.isReversed = true
  book.accounts.get(payment.accountNo)?.items.unshift(...payment.items)
}
