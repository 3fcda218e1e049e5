/**
 * The bank's books: what the events so far add up to. Every movement debits one account and credits
 * another, so that all balances together are always zero. `applyEvent` only adds up; whether an event
 * may happen was decided before.
 *
 *   purchase              customer  → clearing        cash paid in    vault    → customer
 *   credit, refund, void  clearing  → customer        reversal        the original, turned round
 */
import type { CardFacts } from './card.ts'
import type { BankEvent } from './event.ts'
import type { Transaction, TransactionFacts } from './transaction.ts'

/** What the bank owes the network, and what lies in its own vault. */
export const clearing = 'clearing'
export const vault = 'vault'

/** One movement as one account sees it. */
export interface Entry {
  readonly at: number
  readonly day: string
  /** Positive when the account got it. */
  readonly amount: bigint
  /** The other account. */
  readonly with: string
  /** The transaction; absent for cash. */
  readonly key?: string
}

export interface Account {
  balance: bigint
  readonly entries: Entry[]
  /** Purchases less what was reversed or voided, by business day. */
  readonly spent: Map<string, { amount: bigint; count: number }>
}

export interface Book {
  readonly cards: Map<string, CardFacts>
  readonly accounts: Map<string, Account>
  /** By `transactionId`, in the order in which they were answered. */
  readonly transactions: Map<string, Transaction>
  /** Keys whose reversal came first. */
  readonly reversedEarly: Set<string>
  readonly agreements: Map<string, { readonly mobile: string; readonly agreement: string }>
  readonly wrongPins: Map<string, { readonly date: string; readonly count: number }>
}

export const createBook = (): Book => ({
  cards: new Map(),
  accounts: new Map(),
  transactions: new Map(),
  reversedEarly: new Set(),
  agreements: new Map(),
  wrongPins: new Map(),
})

/** Adds one event to the book. `dayOf` gives the business day of movements that name none. */
export function applyEvent(book: Book, event: BankEvent, dayOf: (at: number) => string): void {
  const { at } = event
  const cash = (account: string, amount: bigint) =>
    move(book, { from: vault, to: account, amount }, { at, day: dayOf(at) })
  switch (event.type) {
    case 'issued':
      book.cards.set(event.card.pan, event.card)
      accountOf(book, event.card.account)
      if (event.balance !== 0n) cash(event.card.account, event.balance)
      return
    case 'card_changed':
      book.cards.set(event.pan, { ...cardOf(book, event.pan), ...event.change })
      if (event.change.pinProof !== undefined) book.wrongPins.delete(event.pan)
      return
    case 'cash_moved':
      cash(event.account, event.amount)
      return
    case 'answered':
      answered(book, event.transaction, at)
      return
    case 'reversed_early':
      book.reversedEarly.add(event.original)
      return
    case 'decided': {
      const credit = transactionOf(book, event.key)
      credit.decided = { outcome: event.outcome, day: event.day }
      if (event.outcome === 'done') give(book, credit, { at, day: event.day })
      return
    }
    case 'agreed':
      book.agreements.set(event.pan, { mobile: event.mobile, agreement: event.agreement })
      return
    case 'agreement_ended':
      book.agreements.delete(event.pan)
      return
    case 'pin_tried': {
      const before = book.wrongPins.get(event.pan)
      const count = before?.date === event.date ? before.count : 0
      if (event.right) book.wrongPins.delete(event.pan)
      else book.wrongPins.set(event.pan, { date: event.date, count: count + 1 })
    }
  }
}

/** A reversal may have the trace number and the time of its original, so it has a name of its own. */
export const transactionId = ({ kind, key }: Pick<TransactionFacts, 'kind' | 'key'>): string =>
  kind === 'reversal' ? `reversal ${key}` : key

type When = { readonly at: number; readonly day: string }

function answered(book: Book, facts: TransactionFacts, at: number): void {
  const { key, kind, day, original: named } = facts
  book.transactions.set(transactionId(facts), {
    ...facts,
    at,
    reversed: false,
    voided: false,
    refunded: 0n,
  })
  if (facts.state !== 'done') return
  if (kind === 'purchase') return take(book, facts, { at, day })
  if (kind === 'credit') return give(book, facts, { at, day })
  const original = transactionOf(book, named ?? '')
  const purchase = kind === 'reversal' && original.kind === 'void' ? original.original : undefined
  if (kind === 'refund') original.refunded += facts.amount
  if (kind === 'void') original.voided = true
  if (kind === 'reversal') original.reversed = true
  // A void that is reversed was never made: the purchase stands again.
  if (purchase !== undefined) {
    const voided = transactionOf(book, purchase)
    voided.voided = false
    spend(book, voided, 1)
    return move(book, { from: facts.account, to: clearing, amount: facts.amount }, { at, day, key })
  }
  if (kind !== 'refund') spend(book, original, -1)
  give(book, facts, { at, day })
}

function take(book: Book, facts: TransactionFacts, when: When): void {
  spend(book, facts, 1)
  const { key, account, amount } = facts
  move(book, { from: account, to: clearing, amount }, { ...when, key })
}

function give(book: Book, { key, account, amount }: TransactionFacts, when: When): void {
  move(book, { from: clearing, to: account, amount }, { ...when, key })
}

function spend(book: Book, purchase: TransactionFacts, count: 1 | -1): void {
  const { spent } = accountOf(book, purchase.account)
  const before = spent.get(purchase.day) ?? { amount: 0n, count: 0 }
  const amount = before.amount + purchase.amount * BigInt(count)
  spent.set(purchase.day, { amount, count: before.count + count })
}

function move(
  book: Book,
  { from, to, amount }: { readonly from: string; readonly to: string; readonly amount: bigint },
  when: When & { readonly key?: string },
): void {
  for (const [name, other, change] of [
    [from, to, -amount],
    [to, from, amount],
  ] as const) {
    const account = accountOf(book, name)
    account.balance += change
    account.entries.push({ ...when, amount: change, with: other })
  }
}

/** The account of that name, opened when it is new. */
export function accountOf(book: Book, name: string): Account {
  const known = book.accounts.get(name)
  if (known) return known
  const opened: Account = { balance: 0n, entries: [], spent: new Map() }
  book.accounts.set(name, opened)
  return opened
}

function cardOf(book: Book, pan: string): CardFacts {
  const card = book.cards.get(pan)
  if (!card) throw new Error('the book of the bank has no such card')
  return card
}

function transactionOf(book: Book, key: string): Transaction {
  const transaction = book.transactions.get(key)
  if (!transaction) throw new Error(`the book of the bank has no transaction ${key}`)
  return transaction
}

/** Empty when the books are right, else what is wrong with them. */
export function complaintsAboutBook(book: Book): string[] {
  const sum = [...book.accounts.values()].reduce((total, { balance }) => total + balance, 0n)
  return [
    ...(sum === 0n ? [] : [`all balances together are ${sum}`]),
    ...[...book.accounts].flatMap(([name, { balance, entries }]) => {
      const added = entries.reduce((total, { amount }) => total + amount, 0n)
      return added === balance ? [] : [`${name} has ${balance}, its entries add up to ${added}`]
    }),
  ]
}
