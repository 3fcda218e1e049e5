/**
 * What a biller decides: each verb in one turn, journal first, so that callers never see half of it. Every verb of
 * a payment is idempotent under its number. The protocol is docs/reference/biller-http.md.
 */
import type { Account, Book } from './book.ts'
import { type Answer, failure, openRange } from './contract.ts'
import { dailyFile, type FileFault } from './daily-file.ts'
import type { BillerEvent } from './event.ts'

export interface Tools {
  readonly now: () => number
  readonly dateOf: (at: number) => string
  readonly record: (event: BillerEvent) => void
}

export interface PayRequest {
  readonly accountNo: string
  readonly billNo: string
  readonly amount: bigint
  readonly notAfter: number
}

const mobile = /^1[3-9]\d{9}$/

export function inquire({ biller, accounts }: Book, accountNo: string): Answer {
  const ids = { accountNo }
  if (biller.kind === 'top_up') {
    if (!mobile.test(accountNo)) return failure('number_unknown', ids)
    return due(ids, { billNo: openBill, holder: null, items: [], ...range(openRange) })
  }
  const account = accounts.get(accountNo)
  if (!account) return failure(biller.kind === 'phone' ? 'number_unknown' : 'account_unknown', ids)
  if (account.facts.isCardFull) return failure('card_not_loaded', ids)
  const sum = sumOf(account)
  if (sum === 0n) return failure('nothing_due', ids)
  const { holder } = account.facts
  const items = account.items.map(({ period, amount }) => ({ period, amount: amount.toString() }))
  const billNo = billNoOf(account)
  return due(ids, { billNo, holder, items, due: sum.toString(), ...range({ min: sum, max: sum }) })
}

const due = (ids: object, more: object): Answer => ({
  status: 200,
  body: { due: '0', ...ids, ...more },
})
const range = ({ min, max }: { readonly min: bigint; readonly max: bigint }) => ({
  ...{ min: min.toString(), max: max.toString() },
})
const openBill = 'OPEN'
const billNoOf = ({ facts, bills }: Account) => `${facts.accountNo}-${bills + 1}`
const sumOf = ({ items }: Account) => items.reduce((sum, { amount }) => sum + amount, 0n)

export function pay(book: Book, tools: Tools, paymentNo: string, request: PayRequest): Answer {
  const ids = { paymentNo }
  const before = book.payments.get(paymentNo)
  const { accountNo, billNo, amount, notAfter } = request
  if (before) {
    if (before.isReversed) return failure('reversed', ids)
    const isSame = before.accountNo === accountNo && before.amount === amount
    return isSame ? written(book, paymentNo) : failure('exists_with_different_content', ids)
  }
  if (book.dead.has(paymentNo)) return failure('reversed', ids)
  const at = tools.now()
  if (at > notAfter) return failure('expired', ids)
  const asked = inquire(book, accountNo)
  if (asked.status !== 200) return { ...asked, body: { ...(asked.body as object), ...ids } }
  const bill = asked.body as Readonly<Record<'billNo' | 'min' | 'max', string>>
  if (bill.billNo !== billNo || amount < BigInt(bill.min) || amount > BigInt(bill.max))
    return failure('bill_changed', ids)
  const receiptNo = `R${String(book.payments.size + 1).padStart(8, '0')}`
  const paid = { paymentNo, accountNo, billNo, amount, receiptNo, date: tools.dateOf(at) }
  tools.record({ type: 'paid', at, biller: book.biller.code, ...paid })
  return written(book, paymentNo)
}

function written({ payments }: Book, paymentNo: string): Answer {
  const payment = payments.get(paymentNo)
  if (!payment) return failure('payment_not_found', { paymentNo })
  const { accountNo, billNo, amount, receiptNo, date } = payment
  const content = { accountNo, billNo, amount: amount.toString(), receiptNo, date }
  return { status: 200, body: { paymentNo, state: 'written_off', ...content } }
}

export function query(book: Book, paymentNo: string): Answer {
  const isOff = book.dead.has(paymentNo) || book.payments.get(paymentNo)?.isReversed
  if (isOff) return { status: 200, body: { paymentNo, state: 'not_written_off' } }
  return written(book, paymentNo)
}

/** On the day of the payment alone: later it stands in a file. */
export function reverse(book: Book, tools: Tools, paymentNo: string): Answer {
  const payment = book.payments.get(paymentNo)
  const at = tools.now()
  if (payment && !payment.isReversed && payment.date !== tools.dateOf(at))
    return written(book, paymentNo)
  if (!(payment?.isReversed || book.dead.has(paymentNo)))
    tools.record({ type: 'reversed', at, biller: book.biller.code, paymentNo })
  return { status: 200, body: { paymentNo, state: 'reversed' } }
}

/** Of a day that is over. */
export function file(book: Book, tools: Tools, date: string, fault?: FileFault): Answer {
  if (date >= tools.dateOf(tools.now())) return failure('file_not_ready', { date })
  return { status: 200, body: dailyFile(book, date, fault) }
}
