/** What becomes of money that waits: it arrives, is taken back, is claimed, or returns. Each once. */
import { type Msisdn, masked } from '../../kernel/index.ts'
import { reasons } from '../../ledger/index.ts'
import { giveRoomBack, isFrozen, type Purse } from '../../wallet/index.ts'
import { type Book, balanceOf, holdsOf, unclaimedIn } from '../book.ts'
import type { DueResult } from '../command.ts'
import type { KeptTransfer } from '../rows.ts'
import type { EndReason, Transfer } from '../transfer.ts'
import type { Answer } from '../transfers.ts'
import { inRefusal, refused } from './checks.ts'
import { arm } from './pay.ts'
import { changeOf, hasLeft, isReachable } from './tell.ts'

/** By the payer, before it is due or claimed. Said again, it answers the transfer that was taken back. */
export function cancel(
  book: Book,
  { msisdn, transferId }: { readonly msisdn: Msisdn; readonly transferId: string },
): Answer<Transfer> {
  const transfer = book.sheets.transfer.get(transferId)
  const payer = book.purse(transfer?.walletId ?? null)
  if (!transfer || payer?.msisdn !== msisdn || payer.releasedAt !== null)
    return refused('not_found')
  if (transfer.state === 'cancelled' && transfer.reason === 'by_payer')
    return { ok: true, value: transfer }
  if (transfer.state === 'returned') return { ok: true, value: transfer }
  if (book.now >= (transfer.dueAt ?? 0)) return refused('not_open')
  if (transfer.state === 'waiting_claim') return { ok: true, value: callOff(book, transfer, payer) }
  if (transfer.state !== 'delayed') return refused('not_open')
  return { ok: true, value: takeBack(book, transfer, payer, 'by_payer') }
}

/** Its time has come, or its payee has left. What has ended meanwhile is left alone. */
export function transferDue(book: Book, id: string): DueResult {
  const transfer = book.sheets.transfer.get(id)
  if (!transfer) return 'gone'
  const { state, dueAt } = transfer
  if (dueAt === null || (state !== 'delayed' && state !== 'waiting_claim')) {
    book.disarm('transfer', transfer)
    return 'looked_at'
  }
  const payer = mustHave(book, transfer.walletId)
  const isEarly = book.now < dueAt
  if (state === 'waiting_claim' && (!isEarly || hasLeft(book, transfer.payee)))
    giveBack(book, transfer, payer)
  else if (isEarly) arm(book, transfer, dueAt)
  else release(book, transfer, payer)
  return 'looked_at'
}

function release(book: Book, transfer: KeptTransfer, payer: Purse): void {
  const payee = mustHave(book, transfer.payeeWalletId)
  if (isFrozen(payer, 'out')) takeBack(book, transfer, payer, 'payer_frozen')
  else if (inRefusal(payee)) takeBack(book, transfer, payer, 'payee_unable')
  else arrive(book, transfer, payer, payee)
}

function arrive(book: Book, transfer: KeptTransfer, payer: Purse, payee: Purse): void {
  const { id: subject, amount } = transfer
  book.sheets.transfer.change(subject, { state: 'done', endedAt: book.now }, 'arrived')
  const [from, to] = [holdsOf(payer), balanceOf(payee)]
  book.post({ from, to, amount, subject, reason: reasons.transfer })
  book.disarm('transfer', transfer)
  tellArrived(book, transfer, payer, payee)
}

function tellArrived(book: Book, transfer: KeptTransfer, payer: Purse, payee: Purse): void {
  const { amount, msisdn, payee: number } = transfer
  const [mine, theirs] = [masked(msisdn), masked(number)]
  if (isReachable(payer))
    book.tell(msisdn, { id: 'transfer_arrived', amount: amount.toString(), other: theirs })
  book.tell(number, { id: 'transfer_received', ...changeOf(book, payee, amount), other: mine })
}

function takeBack(
  book: Book,
  transfer: KeptTransfer,
  payer: Purse,
  reason: EndReason,
): KeptTransfer {
  const { id: subject, amount, msisdn, payee } = transfer
  const patch = { state: 'cancelled', reason, endedAt: book.now } as const
  const cancelled = book.sheets.transfer.change(subject, patch, 'cancelled')
  const [from, to] = [holdsOf(payer), balanceOf(payer)]
  book.post({ from, to, amount, subject, reason: reasons.transferBack })
  giveRoomBack(book, payer, amount, transfer.requestedAt)
  book.disarm('transfer', transfer)
  if (isReachable(payer)) {
    const other = masked(payee)
    book.tell(msisdn, { id: 'transfer_cancelled', ...changeOf(book, payer, amount), other, reason })
  }
  const toldOf = book.purse(transfer.payeeWalletId)
  if (toldOf && isReachable(toldOf))
    book.tell(payee, {
      id: 'transfer_called_off',
      amount: amount.toString(),
      other: masked(msisdn),
    })
  return cancelled
}

/** What nobody has claimed yet goes back because its payer wants it. */
function callOff(book: Book, transfer: KeptTransfer, payer: Purse): KeptTransfer {
  const { amount, msisdn, payee } = transfer
  const returned = putBack(book, transfer, payer)
  const mine = { ...changeOf(book, payer, amount), other: masked(payee) }
  book.tell(msisdn, { id: 'transfer_cancelled', ...mine, reason: 'by_payer' })
  const theirs = { amount: amount.toString(), other: masked(msisdn) }
  book.tell(payee, { id: 'transfer_called_off', ...theirs })
  return returned
}

function giveBack(book: Book, transfer: KeptTransfer, payer: Purse): void {
  const { amount, msisdn, payee } = transfer
  putBack(book, transfer, payer)
  if (!isReachable(payer)) return
  const other = masked(payee)
  book.tell(msisdn, { id: 'transfer_returned', ...changeOf(book, payer, amount), other })
}

function putBack(book: Book, transfer: KeptTransfer, payer: Purse): KeptTransfer {
  const { id: subject, amount, bucket } = transfer
  const patch = { state: 'returned', endedAt: book.now } as const
  const returned = book.sheets.transfer.change(subject, patch, 'returned')
  const [from, to] = [unclaimedIn(bucket), balanceOf(payer)]
  book.post({ from, to, amount, subject, reason: reasons.transferReturn })
  giveRoomBack(book, payer, amount, transfer.requestedAt)
  book.disarm('transfer', transfer)
  return returned
}

/** A wallet was opened: what still waits for its number is its owner's. What is due already goes back. */
export function claim(book: Book, msisdn: Msisdn): null {
  const payee = book.purseOf(msisdn)
  if (!payee) return null
  for (const transfer of waitingFor(book, msisdn)) {
    if (book.now >= (transfer.dueAt ?? 0)) continue
    const { id: subject, amount, bucket } = transfer
    const patch = { state: 'claimed', payeeWalletId: payee.walletId, endedAt: book.now } as const
    book.sheets.transfer.change(subject, patch, 'claimed')
    const [from, to] = [unclaimedIn(bucket), balanceOf(payee)]
    book.post({ from, to, amount, subject, reason: reasons.transfer })
    book.disarm('transfer', transfer)
    tellArrived(book, transfer, mustHave(book, transfer.walletId), payee)
  }
  return null
}

const waitingFor = (book: Book, msisdn: Msisdn): KeptTransfer[] =>
  book.sheets.transfer.of(msisdn).filter(({ state }) => state === 'waiting_claim')

export function mustHave(book: Book, walletId: string | null): Purse {
  const purse = book.purse(walletId)
  if (!purse) throw new Error('a wallet that money came from is never forgotten')
  return purse
}
