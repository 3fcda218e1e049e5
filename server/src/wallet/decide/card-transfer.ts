/**
 * Money to a bank card that is somebody else's (转账到银行卡). It goes as a withdrawal does, but counts in the limits
 * of what is sent, and gives the room back with the money when the bank says no, for example to the name.
 */
import type { Book } from '../book.ts'
import type { PlacedCardTransfer } from '../command.ts'
import { cardFee } from '../fee.ts'
import type { Movement } from '../movement.ts'
import { postSent } from '../postings.ts'
import { purseOf } from '../purses.ts'
import { giveRoomBack, spendingRefusal, takeRoom } from '../spending.ts'
import type { MoveResult } from '../wallet.ts'
import { again, begin, contentOf, drive } from './begin.ts'
import { balanceRefusal, coolOffRefusal, earlier, openWallet, refused } from './checks.ts'
import { changeIn, payeeIn } from './tell.ts'

export function transferToCard(book: Book, order: PlacedCardTransfer): MoveResult {
  const before = earlierToCard(book, order)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const fee = cardFee(book.policy, order.amount)
  const refusal =
    coolOffRefusal(book, account) ??
    spendingRefusal(book, purseOf(account), order.amount) ??
    balanceRefusal(book, account, order.amount + fee)
  if (refusal) return refusal
  const { bank, token: cardToken, last4 } = order.card
  const movement = begin(book, account, {
    ...{ ...contentOf('card_transfer', order), id: order.movementId, channel: order.channel, fee },
    ...{ bank, cardToken, last4, payee: order.payee, sealedPayee: order.sealedPayee },
    ...{ sendAt: book.now, businessDate: book.firstOpenDate },
  })
  takeRoom(book, purseOf(account), order.amount)
  postSent(book, movement)
  drive(book, movement)
  book.tell(account, {
    id: 'wallet_card_transfer_requested',
    ...{ ...changeIn(book, movement), ...payeeIn(movement), fee: fee.toString() },
  })
  return { ok: true, value: { movement, replayed: false } }
}

/** The money is back: so is its part of the periods it was taken in. */
export function giveBack(book: Book, movement: Movement): void {
  const { kind, walletId, amount, requestedAt } = movement
  const account = book.account(walletId)
  if (kind === 'card_transfer' && account) giveRoomBack(book, purseOf(account), amount, requestedAt)
}

/** The same request names the same card and the same name. */
function earlierToCard(book: Book, order: PlacedCardTransfer) {
  const before = earlier(book, contentOf('card_transfer', order))
  if (!before || 'ok' in before) return before
  const isSame = before.cardToken === order.card.token && before.payee === order.payee
  return isSame ? before : refused('exists_with_different_content')
}
