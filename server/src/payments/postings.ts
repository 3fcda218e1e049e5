/**
 * What a payment writes into the ledger (fen; all in the payer's bucket). `funds` is the carrier's receivable,
 * the clearing account of the card's bank, or the balance of the wallet.
 *
 *   yes       hold    funds → merchant pending     pending; its id is the payment's
 *   charged   post    the hold                     posted, business date fixed
 *   not       void    the hold
 *   refund    hold    merchant pending → funds     pending; its id is the refund's
 *                     merchant payable, when the sale was swept
 *   returned  post    the refund's hold; refused: void
 *
 * A wallet needs no hold, for nobody has to be asked: its yes and its refund are a line each, under the same ids.
 */

import { assert } from '../kernel/index.ts'
import { merchantPayable, merchantPending, type PlainTransfer, reasons } from '../ledger/index.ts'
import type { Book } from './book.ts'
import { fundsOf } from './funds.ts'
import { isSwept } from './money.ts'
import type { Payment, Refund } from './payment.ts'

export const holdCharge = (book: Book, payment: Payment): void =>
  charge(book, payment, 'pending', reasons.charge)

export const postPayment = (book: Book, payment: Payment): void =>
  charge(book, payment, 'transfer', reasons.payment)

function charge(
  book: Book,
  payment: Payment,
  kind: PlainTransfer['kind'],
  reason: PlainTransfer['reason'],
): void {
  book.effects.transfers.push({
    kind,
    id: payment.id,
    bucket: payment.bucket,
    subject: payment.id,
    reason,
    businessDate: book.firstOpenDate,
    debit: fundsOf(payment),
    credit: merchantPending(payment.bucket, payment.merchantId),
    amount: payment.amount,
  })
}

export const postCharge = (book: Book, payment: Payment): void =>
  settle(book, payment, 'post', { pendingId: payment.id, reason: reasons.charge })

export const voidCharge = (book: Book, payment: Payment): void =>
  settle(book, payment, 'void', { pendingId: payment.id, reason: reasons.charge })

export const holdRefund = (book: Book, payment: Payment, refund: Refund): void =>
  giveBack(book, payment, refund, 'pending')

export const postToBalance = (book: Book, payment: Payment, refund: Refund): void =>
  giveBack(book, payment, refund, 'transfer')

function giveBack(book: Book, payment: Payment, refund: Refund, kind: PlainTransfer['kind']): void {
  assert(book.sweptThrough.has(payment.merchantId), 'the sweeps of the merchant were loaded')
  const owed = isSwept(payment, book.sweptThrough) ? merchantPayable : merchantPending
  book.effects.transfers.push({
    kind,
    id: refund.id,
    bucket: payment.bucket,
    subject: payment.id,
    reason: reasons.refund,
    businessDate: book.firstOpenDate,
    debit: owed(payment.bucket, payment.merchantId),
    credit: fundsOf(payment),
    amount: refund.amount,
  })
}

export const postRefund = (book: Book, payment: Payment, refund: Refund): void =>
  settle(book, payment, 'post', { pendingId: refund.id, reason: reasons.refund })

export const voidRefund = (book: Book, payment: Payment, refund: Refund): void =>
  settle(book, payment, 'void', { pendingId: refund.id, reason: reasons.refund })

function settle(
  book: Book,
  payment: Payment,
  kind: 'post' | 'void',
  hold: { readonly pendingId: string; readonly reason: string },
): void {
  book.effects.transfers.push({
    kind,
    id: book.newId(payment.bucket),
    pendingId: hold.pendingId,
    reason: hold.reason,
    bucket: payment.bucket,
    subject: payment.id,
    businessDate: book.firstOpenDate,
  })
}
