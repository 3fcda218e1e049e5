/** A share of a bill is paid, once, declined, or given back by hand. Money moves in transfers like any other. */
import { masked } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Command, PlacedPayShare } from '../command.ts'
import { isWithin, type Share } from '../split.ts'
import type { Answer, Sent } from '../transfers.ts'
import { refused } from './checks.ts'
import { pay } from './pay.ts'
import { leftIn, ownSplit, settle, unpaidOf } from './split.ts'
import { isStill } from './tell.ts'

export function payShare(book: Book, order: PlacedPayShare): Sent {
  const { msisdn, splitId, shareId, transferId: id, channel, key, said, kept } = order
  const split = book.sheets.split.get(splitId)
  const share = book.sheets.share.get(shareId)
  if (!split || share?.splitId !== splitId || share.msisdn !== msisdn) return refused('not_found')
  const isAgain = book.sheets.transfer.byKey(msisdn, key) !== undefined
  if (!isAgain && share.state !== 'unpaid')
    return refused(share.state === 'void' ? 'split_stopped' : 'not_open')
  // Whoever else has the number by now is owed nothing.
  if (!isAgain && !isStill(book, split)) return refused('payee_unable')
  if (!isAgain && !isWithin(share, leftIn(book, split, kept))) return refused('split_refunded')
  const sent = pay(book, {
    ...{ id, msisdn, payee: split.msisdn, amount: share.amount, memo: split.title },
    ...{ arrival: 'now', origin: 'split', originId: share.id, codeProof: null, channel, key, said },
  })
  if (!sent.ok || isAgain) return sent
  book.sheets.share.change(shareId, { state: 'paid', transferId: sent.value.transfer.id }, 'paid')
  if (unpaidOf(book, splitId).length > 0) {
    book.sheets.split.change(splitId, {}, 'share_paid')
    return sent
  }
  settle(book, split)
  return sent
}

/** By the one who is asked. Said again, it answers the share that is void. */
export function declineShare(book: Book, command: Command<'decline_share'>): Answer<Share> {
  const { msisdn, splitId, shareId } = command
  const split = book.sheets.split.get(splitId)
  const share = book.sheets.share.get(shareId)
  if (!split || share?.splitId !== splitId || share.msisdn !== msisdn) return refused('not_found')
  if (share.state === 'void') return { ok: true, value: share }
  if (share.state !== 'unpaid') return refused('not_open')
  const declined = book.sheets.share.change(shareId, { state: 'void' }, 'declined')
  const told = { amount: share.amount.toString(), other: masked(msisdn) }
  book.tell(split.msisdn, { id: 'transfer_share_declined', ...told })
  if (unpaidOf(book, splitId).length === 0) settle(book, split)
  else book.sheets.split.change(splitId, {}, 'share_declined')
  return { ok: true, value: declined }
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
  if (!isAgain && (!paid || !isStill(book, paid))) return refused('payee_unable')
  const sent = pay(book, {
    ...{ id, msisdn, payee: share.msisdn, amount: share.amount, memo: split.title, channel, key },
    ...{ arrival: 'now', origin: 'split_return', originId: share.id, codeProof: null },
    ...{ said: null, isNameKnown: true },
  })
  if (!sent.ok || isAgain) return sent
  book.sheets.share.change(shareId, { state: 'returned' }, 'returned')
  book.sheets.split.change(splitId, {}, 'share_returned')
  return sent
}
