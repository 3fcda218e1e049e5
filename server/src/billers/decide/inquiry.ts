/** What the biller says is due becomes a bill; one that nobody pays lapses. */
import { openPurse } from '../../wallet/index.ts'
import type { Bill } from '../bill.ts'
import { validMs } from '../bill.ts'
import type { Answer } from '../billers.ts'
import type { Book } from '../book.ts'
import type { Command, Results } from '../command.ts'

type Inquired = Extract<Command, { kind: 'inquired' }>

export function inquired(book: Book, command: Inquired): Answer<Bill> {
  const { msisdn, billId: id, facts, accountNo, due } = command
  const before = book.bills.get(id)
  // A batch that is run again after a commit nobody heard of meets its own bill.
  if (before) return { ok: true, value: before }
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  const { bucket, walletId } = purse
  const { billNo, holder, items, min, max } = due
  const bill = book.bills.create(
    {
      ...{ bucket, id, version: 1, walletId, msisdn, key: null, state: 'inquired' },
      ...{ biller: facts.code, nameZh: facts.name.zh, nameEn: facts.name.en, accountNo },
      ...{ holder, billNo, items, due: due.due, min, max },
      ...{ amount: null, channel: null, unsent: 0, reason: null, receiptNo: null },
      ...{ billerDate: null, paidOverOn: null, paidAt: null, unknownSince: null },
      ...{ endedAt: null, businessDate: null },
      inquiredAt: book.now,
      validUntil: book.now + validMs,
    },
    'inquired',
  )
  book.arm(bill, bill.validUntil)
  return { ok: true, value: bill }
}

export function lapse(book: Book, billId: string): Results['lapse'] {
  const bill = book.bills.get(billId)
  if (!bill) return 'gone'
  if (bill.state !== 'inquired') return 'settled'
  // A timer that rings early, by another clock.
  if (book.now < bill.validUntil) book.arm(bill, bill.validUntil)
  else {
    book.bills.change(bill.id, { state: 'lapsed', endedAt: book.now }, 'lapsed')
    book.disarm(bill)
  }
  return 'settled'
}
