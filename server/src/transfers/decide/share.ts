/** A share of a bill is paid, once, or given back by hand. Both are transfers like any other. */
import type { Book } from '../book.ts'
import type { Command, PlacedPayShare } from '../command.ts'
import type { Sent } from '../transfers.ts'
import { refused } from './checks.ts'
import { pay } from './pay.ts'
import { end, ownSplit, unpaidOf } from './split.ts'
import { isStill } from './tell.ts'

export function payShare(book: Book, order: PlacedPayShare): Sent {
  const { msisdn, splitId, shareId, transferId: id, channel, key, said } = order
  const split = book.sheets.split.get(splitId)
  const share = book.sheets.share.get(shareId)
  if (!split || share?.splitId !== splitId || share.msisdn !== msisdn) return refused('not_found')
  const isAgain = book.sheets.transfer.byKey(msisdn, key) !== undefined
  if (!isAgain && share.state !== 'unpaid')
    return refused(share.state === 'void' ? 'split_stopped' : 'not_open')
  // Whoever else has the number by now is owed nothing.
  if (!isStill(book, split)) return refused('payee_unable')
  const sent = pay(book, {
    ...{ id, msisdn, payee: split.msisdn, amount: share.amount, memo: split.title },
    ...{ arrival: 'now', origin: 'split', originId: share.id, channel, key, said },
  })
  if (!sent.ok || isAgain) return sent
  book.sheets.share.change(shareId, { state: 'paid', transferId: sent.value.transfer.id }, 'paid')
  if (unpaidOf(book, splitId).length > 0) {
    book.sheets.split.change(splitId, {}, 'share_paid')
    return sent
  }
  const collected = split.total - split.own
  end(book, split, 'closed')
  book.tell(split.msisdn, { id: 'transfer_split_closed', amount: collected.toString() })
  return sent
}

/** By who began the bill, of one share that was paid, also after it has ended. */
export function returnShare(book: Book, command: Command<'return_share'>): Sent {
  const { msisdn, splitId, shareId, transferId: id, channel } = command
  const split = ownSplit(book, msisdn, splitId)
  if ('ok' in split) return split
  const share = book.sheets.share.get(shareId)
  if (!share || share.splitId !== splitId) return refused('not_found')
  const key = `split:${share.id}:returned`
  const isAgain = book.sheets.transfer.byKey(msisdn, key) !== undefined
  if (!isAgain && share.state !== 'paid') return refused('not_open')
  const paid = book.sheets.transfer.get(share.transferId)
  if (!paid || !isStill(book, paid)) return refused('payee_unable')
  const sent = pay(book, {
    ...{ id, msisdn, payee: share.msisdn, amount: share.amount, memo: split.title, channel, key },
    ...{ arrival: 'now', origin: 'split_return', originId: share.id },
    ...{ said: null, isNameKnown: true },
  })
  if (!sent.ok || isAgain) return sent
  book.sheets.share.change(shareId, { state: 'returned' }, 'returned')
  book.sheets.split.change(splitId, {}, 'share_returned')
  return sent
}
