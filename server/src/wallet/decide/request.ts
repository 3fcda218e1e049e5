/** The four requests that move money, decided: refused for a reason, or begun and bound to succeed. */
import type { Book } from '../book.ts'
import type { PlacedCash, PlacedTopUp, PlacedWithdrawal } from '../command.ts'
import { withdrawalFee } from '../fee.ts'
import { holdTopUp, postCash, postSent } from '../postings.ts'
import type { KeptAccount, KeptMovement } from '../rows.ts'
import type { MoveResult } from '../wallet.ts'
import { again, begin, contentOf, drive, type New, onCard } from './begin.ts'
import {
  amountRefusal,
  balanceRefusal,
  coolOffRefusal,
  earlier,
  frozenRefusal,
  openWallet,
  ownCard,
  refused,
} from './checks.ts'
import { cardIn, changeIn } from './tell.ts'

export function topUp(book: Book, order: PlacedTopUp): MoveResult {
  const content = contentOf('top_up', order)
  const before = earlier(book, content)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const card = ownCard(book, account, order.cardId)
  if ('ok' in card) return card
  const refusal = frozenRefusal(account, 'in') ?? amountRefusal(book, order.amount, true)
  if (refusal) return refusal
  if (card.debitMax !== null && order.amount > card.debitMax)
    return refused('over_card_limit', { left: card.debitMax })
  const movement = begin(book, account, {
    ...{ ...content, ...onCard(card), id: order.movementId, channel: order.channel },
    ...{ sealedPin: order.sealedPin, sendAt: book.now },
  })
  holdTopUp(book, movement)
  drive(book, movement)
  return { ok: true, value: { movement, replayed: false } }
}

export function withdraw(book: Book, order: PlacedWithdrawal): MoveResult {
  const content = contentOf('withdrawal', order)
  const before = earlier(book, content)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const card = ownCard(book, account, order.cardId)
  if ('ok' in card) return card
  const { amount, speed, feeMost } = order
  const withdrawn = book.withdrawnOf(account.id)
  const fee = withdrawalFee(book.policy, { amount, speed, withdrawn })
  if (feeMost !== undefined && fee > feeMost) return refused('fee_changed', { left: fee })
  const refusal =
    frozenRefusal(account, 'out') ??
    coolOffRefusal(book, account) ??
    amountRefusal(book, amount, speed === 'same_day') ??
    balanceRefusal(book, account, amount + fee)
  if (refusal) return refusal
  const movement = beginWithdrawal(book, account, {
    ...{ ...content, ...onCard(card), id: order.movementId, channel: order.channel, fee },
  })
  return { ok: true, value: { movement, replayed: false } }
}

export function moveCash(book: Book, kind: 'cash_in' | 'cash_out', order: PlacedCash): MoveResult {
  const content = contentOf(kind, order)
  const before = earlier(book, content)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const out = () => coolOffRefusal(book, account) ?? balanceRefusal(book, account, order.amount)
  const refusal =
    frozenRefusal(account, kind === 'cash_out' ? 'out' : 'in') ??
    amountRefusal(book, order.amount, true) ??
    (kind === 'cash_out' ? out() : null)
  if (refusal) return refusal
  const movement = putCash(book, account, {
    ...{ ...content, id: order.movementId, channel: order.channel },
  })
  return { ok: true, value: { movement, replayed: false } }
}

/** After the last guard: the money has left the balance, and is on its way until the bank has spoken. */
export function beginWithdrawal(book: Book, account: KeptAccount, order: New): KeptMovement {
  const sendAt = order.speed === 'next_day' ? nextMorning(book) : book.now
  const businessDate = book.firstOpenDate
  const movement = begin(book, account, { ...order, sendAt, businessDate })
  postSent(book, movement)
  drive(book, movement)
  book.tell(account, {
    id: 'wallet_withdrawal_requested',
    ...changeIn(book, movement),
    ...cardIn(movement),
    fee: movement.fee.toString(),
    speed: movement.speed ?? 'same_day',
  })
  return movement
}

export function putCash(book: Book, account: KeptAccount, order: New): KeptMovement {
  const done = { endedAt: book.now, businessDate: book.firstOpenDate }
  const movement = begin(book, account, { ...order, ...done })
  postCash(book, movement)
  const id = movement.kind === 'cash_in' ? 'wallet_cash_in' : 'wallet_cash_out'
  book.tell(account, { id, ...changeIn(book, movement) })
  return movement
}

/** Banks are awake, and their day has begun. */
const morningMs = 8 * 3_600_000

const nextMorning = ({ time, now }: Book) =>
  time.startOf(time.nextDate(time.dateOf(now))) + morningMs
