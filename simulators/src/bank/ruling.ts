/**
 * What the bank answers to a message that moves money. Pure: the caller has read the book and records
 * what comes of it. Gravest reason first; after the last one it must succeed.
 */
import type { Book } from './book.ts'
import { transactionId } from './book.ts'
import { type CardFacts, cardStatuses } from './card.ts'
import { readPayee } from './identity.ts'
import type { TransactionRequest } from './request.ts'
import type { Transaction } from './transaction.ts'

/** What the rulings look at beside the request. */
export interface Circumstances {
  readonly book: Book
  /** The prefixes of the bank's own card numbers. */
  readonly bins: readonly string[]
  /** Business day, YYYYMMDD. */
  readonly day: string
  /** YYMM, for cards that expire. */
  readonly month: string
}

/** Field 39 of an approval. */
export const approved = '00'

/** The answer a card gets that cannot be used now. */
export function cardCode(
  { book, bins, month }: Circumstances,
  pan: string,
  expiry: string | undefined,
): string | undefined {
  if (!bins.some((bin) => pan.startsWith(bin))) return '15'
  const card = book.cards.get(pan)
  if (!card) return '14'
  const code = cardStatuses[card.status]
  if (code !== undefined) return code
  const isOver = card.expiry < month || (expiry !== undefined && expiry !== card.expiry)
  return isOver ? '54' : undefined
}

/** What the account can still pay: its balance, with a credit card its limit too. */
export const availableOf = ({ accounts }: Book, { account, creditLimit }: CardFacts): bigint =>
  (accounts.get(account)?.balance ?? 0n) + creditLimit

/** A credit that names its payee goes to nobody else. */
export function payeeCode(identification: string | undefined, card: CardFacts): string {
  const name = readPayee(identification ?? '')
  return name === undefined || name === card.holder.name ? approved : 'A1'
}

/** Of a card that is in order, its PIN too. */
export function purchaseCode(
  { book, day }: Circumstances,
  card: CardFacts,
  { amount }: TransactionRequest,
): string {
  const { perTransaction, perDay, countPerDay } = card.limits
  const spent = book.accounts.get(card.account)?.spent.get(day) ?? { amount: 0n, count: 0 }
  if (perTransaction !== undefined && amount > perTransaction) return '61'
  if (perDay !== undefined && spent.amount + amount > perDay) return '61'
  if (countPerDay !== undefined && spent.count >= countPerDay) return '65'
  return amount > availableOf(book, card) ? '51' : approved
}

/** A void is of the same day and of the whole amount. */
export function voidCode(circumstances: Circumstances, request: TransactionRequest): string {
  const original = originalOf(circumstances.book, request)
  if (!original) return '25'
  if (!isStanding(original, request) || original.refunded > 0n) return '22'
  if (original.day !== circumstances.day) return '22'
  return original.amount === request.amount ? approved : '64'
}

/** Refunds begin on the next day and are never more than the purchase, all together. */
export function refundCode(circumstances: Circumstances, request: TransactionRequest): string {
  const { book, day } = circumstances
  const original = originalOf(book, request)
  if (!original) return '25'
  if (!isStanding(original, request) || original.day === day) return '22'
  if (book.cards.get(original.pan)?.status === 'closed') return cardStatuses.closed
  return original.refunded + request.amount > original.amount ? '64' : approved
}

/**
 * A purchase or a void can be reversed; a credit never, as the money may be gone. `moves` is false where
 * an approval has nothing to undo: the original was declined, or was reversed before.
 */
export function reversalCode(
  book: Book,
  request: TransactionRequest,
): { readonly code: string; readonly moves: boolean } {
  const no = (code: string) => ({ code, moves: false })
  const original = originalOf(book, request)
  if (!original) return no('25')
  if (original.pan !== request.pan) return no('22')
  if (original.kind !== 'purchase' && original.kind !== 'void') return no('12')
  if (original.amount !== request.amount) return no('64')
  if (original.state === 'declined' || original.reversed) return no(approved)
  if (original.voided || original.refunded > 0n) return no('22')
  return { code: approved, moves: true }
}

const originalOf = (book: Book, { original = '' }: TransactionRequest): Transaction | undefined =>
  book.transactions.get(transactionId({ kind: 'purchase', key: original }))

/** Whether there is a purchase to give back, and it is this one. */
const isStanding = (original: Transaction, { pan, authorization }: TransactionRequest): boolean =>
  original.kind === 'purchase' &&
  original.state === 'done' &&
  !original.reversed &&
  !original.voided &&
  original.pan === pan &&
  (authorization === undefined || authorization === original.authorization)
