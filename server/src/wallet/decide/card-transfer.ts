/**
 * Money to a bank card that is somebody else's (转账到银行卡). It goes as a withdrawal does, but counts in the limits
 * of what is sent, and gives the room back with the money when the bank says no, for example to the name.
 */
import type { Book } from '../book.ts'
import type { PlacedCardTransfer } from '../command.ts'
import { withdrawalFee } from '../fee.ts'
import { countedKeys, outRefusal, usedKeys } from '../limits.ts'
import type { Movement } from '../movement.ts'
import { postSent } from '../postings.ts'
import { purseOf } from '../purses.ts'
import type { KeptAccount } from '../rows.ts'
import type { MoveResult } from '../wallet.ts'
import { again, begin, contentOf, drive } from './begin.ts'
import { balanceRefusal, earlier, openWallet, type Refused, refused } from './checks.ts'
import { changeIn, payeeIn } from './tell.ts'

export function transferToCard(book: Book, order: PlacedCardTransfer): MoveResult {
  const before = earlierToCard(book, order)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const fee = withdrawalFee(book.policy, { amount: order.amount, speed: 'same_day' })
  const refusal =
    sendRefusal(book, account, order.amount) ?? balanceRefusal(book, account, order.amount + fee)
  if (refusal) return refusal
  const { bank, token: cardToken, last4 } = order.card
  const movement = begin(book, account, {
    ...{ ...contentOf('card_transfer', order), id: order.movementId, channel: order.channel, fee },
    ...{ bank, cardToken, last4, payee: order.payee, sealedPayee: order.sealedPayee },
    ...{ sendAt: book.now, businessDate: book.firstOpenDate },
  })
  for (const key of keysOf(book, account, book.now)) book.count(key, order.amount)
  postSent(book, movement)
  drive(book, movement)
  book.tell(account, {
    id: 'wallet_card_transfer_requested',
    ...{ ...changeIn(book, movement), ...payeeIn(movement), fee: fee.toString() },
  })
  return { ok: true, value: { movement, replayed: false } }
}

/** The money is back: so is its part of the periods it was taken in. */
export function giveRoomBack(book: Book, movement: Movement): void {
  const account = book.account(movement.walletId)
  if (movement.kind !== 'card_transfer' || !account) return
  for (const key of keysOf(book, account, movement.requestedAt)) book.count(key, -movement.amount)
}

const keysOf = (book: Book, account: KeptAccount, at: number) =>
  countedKeys(book.time, purseOf(account), at)

function sendRefusal(book: Book, account: KeptAccount, amount: bigint): Refused | null {
  const { now, policy, time } = book
  const purse = purseOf(account)
  const { day, year, ever } = usedKeys(time, purse, now)
  const used = { day: book.usedOf(day), year: book.usedOf(year), ever: book.usedOf(ever) }
  const coolOffUntil = book.owners.get(account.msisdn)?.coolOffUntil ?? null
  const facts = { now, policy, used, coolOffUntil, balance: book.balanceOf(account.id) }
  const refusal = outRefusal(purse, facts, amount)
  return refusal && { ok: false, ...refusal }
}

/** The same request names the same card and the same name. */
function earlierToCard(book: Book, order: PlacedCardTransfer) {
  const before = earlier(book, contentOf('card_transfer', order))
  if (!before || 'ok' in before) return before
  const isSame = before.cardToken === order.card.token && before.payee === order.payee
  return isSame ? before : refused('exists_with_different_content')
}
