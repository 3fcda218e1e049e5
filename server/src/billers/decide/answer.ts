/**
 * What becomes of a payment once the biller, or its daily file, has said something. Only "written off" and "not
 * written off" end it. "Not found" does not: the payment may still be on its way, so the biller is asked to take it
 * back first. What contradicts an end moves nothing, and somebody must look.
 */

import { accept, type Result, refuse } from '../../kernel/index.ts'
import { giveRoomBack } from '../../wallet/index.ts'
import { maskedAccount } from '../account.ts'
import { type Bill, isPaid, isUndecided } from '../bill.ts'
import type { WrittenOff } from '../biller.ts'
import type { Book } from '../book.ts'
import type { Answered, Command, FindingRefusal, Outcome } from '../command.ts'
import type { KeptBill } from '../rows.ts'
import { askAgainMs, unsentMax } from '../waits.ts'

type Answer = Extract<Command, { kind: 'answered' }>

export function answered(book: Book, { billId, outcome, attempt }: Answer): Answered | null {
  const bill = book.bills.get(billId)
  if (!bill) return null
  if (!isUndecided(bill)) return late(bill, outcome)
  switch (outcome.kind) {
    case 'written_off':
      return writtenOff(book, bill, outcome)
    case 'not_written_off':
      return refund(book, bill, outcome.reason)
    case 'not_found':
      return bill.state === 'refunding' ? again(book, bill, attempt) : takeBack(book, bill)
    case 'unknown':
      return bill.state === 'writing_off' ? unknown(book, bill) : again(book, bill, attempt)
    case 'unsent':
      return bill.state === 'writing_off' ? unsent(book, bill, attempt) : again(book, bill, attempt)
  }
}

/** Ends what is open, and gives back even what was written off; what has been given back or paid over stays so. */
export function foundOut(
  book: Book,
  { billId, finding }: Extract<Command, { kind: 'found_out' }>,
): Result<Bill, FindingRefusal> {
  const bill = book.bills.get(billId)
  if (!bill || !isPaid(bill)) return refuse('bill_not_paid')
  if (finding.kind === 'received')
    return accept(isUndecided(bill) ? writtenOff(book, bill, finding).bill : bill)
  if (bill.paidOverOn !== null) return refuse('bill_paid_over')
  if (book.purse(bill.walletId)?.state === 'closed') return refuse('wallet_not_open')
  return accept(refund(book, bill, finding.reason).bill)
}

const settled = (bill: KeptBill): Answered => ({ bill, askAgainAt: null, isContradiction: false })

const again = (book: Book, bill: KeptBill, attempt: number): Answered => ({
  ...{ bill, askAgainAt: book.now + askAgainMs(attempt + 1), isContradiction: false },
})

function writtenOff(book: Book, bill: KeptBill, { receiptNo, date }: WrittenOff): Answered {
  const patch = { state: 'written_off', receiptNo, billerDate: date, endedAt: book.now } as const
  const done = book.bills.change(bill.id, patch, 'written_off')
  book.disarm(done)
  const { walletId } = done
  tell(book, done, {
    ...{ id: 'bill_written_off', receiptNo, at: book.time.localOf(book.now) },
    balance: book.available(walletId).toString(),
  })
  return settled(done)
}

/** Into the balance it came from, whatever has become of the wallet; only a closed one cannot have it, and is not. */
function refund(
  book: Book,
  bill: KeptBill,
  reason: Extract<Outcome, { kind: 'not_written_off' }>['reason'],
): Answered {
  const { amount, paidAt } = paidOf(bill)
  const patch = {
    state: 'refunded',
    reason,
    endedAt: book.now,
    receiptNo: null,
    billerDate: null,
  } as const
  const back = book.bills.change(bill.id, patch, 'refunded')
  book.post(back, 'back', amount)
  book.disarm(back)
  const purse = book.purse(bill.walletId)
  if (purse) giveRoomBack(book, purse, amount, paidAt)
  tell(book, back, {
    ...{ id: 'bill_returned', reason, at: book.time.localOf(book.now) },
    balance: book.available(bill.walletId).toString(),
  })
  return settled(back)
}

function takeBack(book: Book, bill: KeptBill): Answered {
  const asked = book.bills.change(bill.id, { state: 'refunding' }, 'not_found')
  book.arm(asked, book.now)
  return settled(asked)
}

function unknown(book: Book, bill: KeptBill): Answered {
  const patch = { state: 'write_off_unknown', unknownSince: book.now } as const
  const open = book.bills.change(bill.id, patch, 'unknown')
  tell(book, open, { id: 'bill_unknown' })
  // Armed anew: the waits between questions are counted from here, not from the payments before.
  book.arm(open, book.now + askAgainMs(1))
  return settled(open)
}

/** Only of the first attempt since it was armed is it certain that no other has left before. */
function unsent(book: Book, bill: KeptBill, attempt: number): Answered {
  if (attempt > 1) return unknown(book, bill)
  const times = bill.unsent + 1
  if (times >= unsentMax) return refund(book, bill, 'away')
  const waiting = book.bills.change(bill.id, { unsent: times }, 'unsent')
  book.arm(waiting, book.now + askAgainMs(times))
  return settled(waiting)
}

function late(bill: KeptBill, { kind }: Outcome): Answered {
  const isOpposite =
    (kind === 'written_off' && bill.state === 'refunded') ||
    (kind === 'not_written_off' && bill.state === 'written_off')
  return { ...settled(bill), isContradiction: isOpposite }
}

function paidOf({ amount, paidAt }: KeptBill) {
  if (amount === null || paidAt === null) throw new Error('an undecided bill is paid')
  return { amount, paidAt }
}

type Told =
  | { readonly id: 'bill_unknown' }
  | {
      readonly id: 'bill_written_off'
      readonly at: string
      readonly receiptNo: string
      readonly balance: string
    }
  | {
      readonly id: 'bill_returned'
      readonly at: string
      readonly balance: string
      readonly reason: NonNullable<KeptBill['reason']>
    }

/** A number that was given up is not told of what its last owner still has. */
function tell(book: Book, bill: KeptBill, told: Told): void {
  const { walletId, msisdn, nameZh: zh, nameEn: en, accountNo } = bill
  if (book.purse(walletId)?.releasedAt !== null) return
  const amount = paidOf(bill).amount.toString()
  book.tell(msisdn, { ...told, amount, name: { zh, en }, account: maskedAccount(accountNo) })
}
