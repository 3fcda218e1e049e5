/**
 * What movements write into the ledger (fen; all in the bucket of the number).
 *
 *   top-up asked       hold   bank clearing → balance            pending; its id is the movement's
 *     done, or not     post or void the hold
 *   withdrawal asked   balance → in transit, balance → fee       linked; the first has the movement's id
 *     paid             in transit → bank clearing
 *     returned         in transit → balance, fee → balance       linked
 *   repayment, card transfer   the same lines as a withdrawal, with their own reasons
 *   cash in, out       counter cash → balance, and back
 */
import { assert } from '../kernel/index.ts'
import {
  type AccountRef,
  bankClearing,
  counterCash,
  type PlainTransfer,
  type Reason,
  reasons,
  userBalance,
  withdrawalFeeIncome,
  withdrawalsInTransit,
} from '../ledger/index.ts'
import type { Book } from './book.ts'
import type { Movement } from './movement.ts'

export const holdTopUp = (book: Book, movement: Movement): void =>
  book.post(movement, [{ ...topUpOf(book, movement), id: movement.id, kind: 'pending' }])

export const postTopUp = (book: Book, movement: Movement): void =>
  book.settle(movement, 'post', topUpOf(book, movement))

export const voidTopUp = (book: Book, movement: Movement): void =>
  book.settle(movement, 'void', topUpOf(book, movement))

const topUpOf = (book: Book, movement: Movement) =>
  transfer(book, movement, reasons.topUp, {
    from: bankClearing(movement.bucket, bankOf(movement)),
    to: balanceOf(movement),
  })

/** What goes to a card has left the balance. */
export function postSent(book: Book, movement: Movement): void {
  const { bucket, id } = movement
  const asked = transfer(book, movement, sentReasons(movement).sent, {
    from: balanceOf(movement),
    to: withdrawalsInTransit(bucket, bankOf(movement)),
  })
  const fee = transfer(book, movement, sentReasons(movement).fee, {
    from: balanceOf(movement),
    to: withdrawalFeeIncome(bucket),
    amount: movement.fee,
  })
  book.post(movement, [{ ...asked, id }, fee].filter(hasAmount))
}

export const postPaid = (book: Book, movement: Movement): void =>
  book.post(movement, [
    transfer(book, movement, sentReasons(movement).paid, {
      from: withdrawalsInTransit(movement.bucket, bankOf(movement)),
      to: bankClearing(movement.bucket, bankOf(movement)),
    }),
  ])

export function postReturn(book: Book, movement: Movement): void {
  const { bucket, fee } = movement
  const why = sentReasons(movement).back
  const to = balanceOf(movement)
  const back = { from: withdrawalsInTransit(bucket, bankOf(movement)), to }
  const feeBack = { from: withdrawalFeeIncome(bucket), to, amount: fee }
  const both = [back, feeBack].map((one) => transfer(book, movement, why, one))
  book.post(movement, both.filter(hasAmount))
}

export function postCash(book: Book, movement: Movement): void {
  const { bucket, till, kind, id } = movement
  assert(till !== null, 'cash goes through a till')
  const [drawer, balance] = [counterCash(bucket, till), balanceOf(movement)]
  const posted =
    kind === 'cash_in'
      ? transfer(book, movement, reasons.cashIn, { from: drawer, to: balance })
      : transfer(book, movement, reasons.cashOut, { from: balance, to: drawer })
  book.post(movement, [{ ...posted, id }])
}

function sentReasons({ kind }: Movement) {
  if (kind === 'repayment') return ofRepayment
  return kind === 'card_transfer' ? ofCardTransfer : ofWithdrawal
}
const ofWithdrawal = {
  ...{ sent: reasons.withdrawal, fee: reasons.withdrawalFee },
  ...{ paid: reasons.withdrawalPaid, back: reasons.withdrawalReturn },
} as const
const ofRepayment = {
  ...{ sent: reasons.repayment, fee: reasons.repaymentFee },
  ...{ paid: reasons.repaymentPaid, back: reasons.repaymentReturn },
} as const

const ofCardTransfer = {
  ...{ sent: reasons.cardTransfer, fee: reasons.cardTransferFee },
  ...{ paid: reasons.cardTransferPaid, back: reasons.cardTransferReturn },
} as const

/** A free withdrawal has no line for its fee. */
const hasAmount = ({ amount }: PlainTransfer) => amount > 0n

const balanceOf = ({ bucket, walletId }: Movement) => userBalance(bucket, walletId)

function bankOf({ bank }: Movement): string {
  assert(bank !== null, 'a movement of a card names its bank')
  return bank
}

const transfer = (
  book: Book,
  movement: Movement,
  reason: Reason,
  way: { readonly from: AccountRef; readonly to: AccountRef; readonly amount?: bigint },
): PlainTransfer => ({
  kind: 'transfer',
  id: book.newId(movement.bucket),
  bucket: movement.bucket,
  subject: movement.id,
  reason,
  businessDate: book.firstOpenDate,
  debit: way.from,
  credit: way.to,
  amount: way.amount ?? movement.amount,
})
