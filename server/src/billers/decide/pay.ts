/**
 * A bill is paid from the balance: refused for a reason, or taken, with the job that takes it to the biller in the
 * same transaction. While nobody knows how an earlier payment of an account ended, it is not paid again.
 */

import type { Amount } from '../../kernel/index.ts'
import { openPurse, spendingRefusal, takeRoom } from '../../wallet/index.ts'
import { isUndecided } from '../bill.ts'
import type { Answer, Paid, Payment } from '../billers.ts'
import type { Book } from '../book.ts'
import type { KeptBill } from '../rows.ts'
import { type Refused, refused } from './checks.ts'

export function pay(book: Book, order: Payment): Answer<Paid> {
  const { msisdn, billId, key, channel } = order
  const before = book.bills.byKey(msisdn, key)
  if (before) return repeated(before, order)
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  const bill = book.bills.get(billId)
  // A number that was given up takes its bills with it: it is the wallet that says whose they are.
  if (bill?.walletId !== purse.walletId) return refused('not_found')
  const amount = order.amount ?? bill.due
  const refusal =
    billRefusal(book, bill) ?? amountRefusal(bill, amount) ?? spendingRefusal(book, purse, amount)
  if (refusal) return refusal
  takeRoom(book, purse, amount)
  const paid = book.bills.change(
    bill.id,
    {
      ...{ state: 'writing_off', key, amount, channel },
      ...{ paidAt: book.now, businessDate: book.firstOpenDate },
    },
    'paid',
  )
  book.post(paid, 'pay', amount)
  book.arm(paid, book.now)
  return { ok: true, value: { bill: paid, replayed: false } }
}

/** The key of another wallet of the number is taken too: keys are for ever. */
function repeated(before: KeptBill, { billId, amount }: Payment): Answer<Paid> {
  const isSame = before.id === billId && before.amount === (amount ?? before.due)
  if (!isSame) return refused('exists_with_different_content')
  return { ok: true, value: { bill: before, replayed: true } }
}

function billRefusal(book: Book, bill: KeptBill): Refused | null {
  if (isUndecided(bill)) return refused('in_progress')
  if (bill.state === 'lapsed') return refused('inquiry_lapsed')
  if (bill.state !== 'inquired') return refused('already_paid')
  if (book.now >= bill.validUntil) return refused('inquiry_lapsed')
  const isOpen = book.bills
    .of(bill.walletId)
    .some(
      (other) =>
        other.biller === bill.biller && other.accountNo === bill.accountNo && isUndecided(other),
    )
  return isOpen ? refused('in_progress') : null
}

function amountRefusal({ min, max }: KeptBill, amount: Amount): Refused | null {
  if (amount >= min && amount <= max) return null
  return refused('amount_out_of_range', { left: min, most: max })
}
