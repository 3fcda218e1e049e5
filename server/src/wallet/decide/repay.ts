/**
 * A credit card's bill is paid off (还款): from the balance, or by way of it from a debit card. What a repayment
 * is about to pay counts as paid from the moment it is asked for, so that two at once never pay more than is due.
 */
import type { Amount } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { PlacedRepayment } from '../command.ts'
import { cardFee } from '../fee.ts'
import type { EndReason } from '../movement.ts'
import type { BoundCard, Due } from '../ports.ts'
import { holdTopUp, postSent } from '../postings.ts'
import type { KeptAccount, KeptMovement } from '../rows.ts'
import type { MoveResult } from '../wallet.ts'
import { again, begin, contentOf, drive, onCard } from './begin.ts'
import {
  amountRefusal,
  balanceRefusal,
  coolOffRefusal,
  earlier,
  frozenRefusal,
  openWallet,
  ownCard,
  ownCredit,
  type Refused,
  refused,
} from './checks.ts'
import { cardIn, changeIn } from './tell.ts'

export function repay(book: Book, order: PlacedRepayment): MoveResult {
  const before = earlierRepayment(book, order)
  if (before) return again(before, order.movementId)
  const account = openWallet(book, order.msisdn)
  if ('ok' in account) return account
  const card = ownCredit(book, account, order.cardId)
  if ('ok' in card) return card
  const due = dueOf(book, order)
  if ('ok' in due) return due
  const outOf = frozenRefusal(account, 'out') ?? coolOffRefusal(book, account)
  const refusal = outOf ?? amountRefusal(book, order.amount, true)
  if (refusal) return refusal
  const fee = cardFee(book.policy, order.amount)
  return order.fromCardId === undefined
    ? fromBalance(book, { order, account, card, due, fee })
    : fromCard(book, { order, account, card, due, fee }, order.fromCardId)
}

interface Ready {
  readonly order: PlacedRepayment
  readonly account: KeptAccount
  readonly card: BoundCard
  readonly due: Due
  readonly fee: Amount
}

function fromBalance(book: Book, ready: Ready): MoveResult {
  const { order, account, fee } = ready
  const refusal = balanceRefusal(book, account, order.amount + fee)
  if (refusal) return refusal
  const businessDate = book.firstOpenDate
  const movement = begin(book, account, { ...rowOf(book, ready), businessDate })
  send(book, account, movement)
  return { ok: true, value: { movement, replayed: false } }
}

/** The debit card tops the wallet up with all that is needed; when that is done the repayment goes on. */
function fromCard(book: Book, ready: Ready, fromCardId: string): MoveResult {
  const { order, account, fee } = ready
  const { topUpId, movementId, sealedPin, channel, msisdn } = order
  const from = ownCard(book, account, fromCardId)
  if ('ok' in from) return from
  const refusal = frozenRefusal(account, 'in')
  if (refusal) return refusal
  const amount = order.amount + fee
  if (from.debitMax !== null && amount > from.debitMax)
    return refused('over_card_limit', { left: from.debitMax })
  const key = `repayment:${movementId}`
  const topUp = begin(book, account, {
    ...contentOf('top_up', { msisdn, amount, key, cardId: fromCardId }),
    ...{ ...onCard(from), id: topUpId, channel, sealedPin, sendAt: book.now },
    linkedId: movementId,
  })
  holdTopUp(book, topUp)
  drive(book, topUp)
  const waits = { state: 'funding', linkedId: topUpId } as const
  const movement = begin(book, account, { ...rowOf(book, ready), ...waits })
  return { ok: true, value: { movement, replayed: false } }
}

const rowOf = (book: Book, { order, card, due, fee }: Ready) => ({
  ...{ ...contentOf('repayment', order), ...onCard(card), id: order.movementId },
  ...{ channel: order.channel, fee, billedOn: due.billedOn, sendAt: book.now },
})

/** The money has left the balance, and is on its way until the bank has spoken. */
function send(book: Book, account: KeptAccount, movement: KeptMovement): void {
  postSent(book, movement)
  drive(book, movement)
  const told = { ...changeIn(book, movement), ...cardIn(movement), fee: movement.fee.toString() }
  book.tell(account, { id: 'wallet_repayment_requested', ...told })
}

/** Its top-up has ended. What the wallet does not let go any more stays in it. */
export function goOn(book: Book, topUp: KeptMovement): void {
  const repayment = waitingFor(book, topUp)
  const account = repayment && book.account(repayment.walletId)
  if (!repayment || !account) return
  const isUsable = account.state === 'open' && account.releasedAt === null
  const shut =
    frozenRefusal(account, 'out') ??
    coolOffRefusal(book, account) ??
    balanceRefusal(book, account, repayment.amount + repayment.fee)
  if (!isUsable || shut) return giveUp(book, repayment, 'not_funded')
  const businessDate = book.firstOpenDate
  send(book, account, book.change(repayment.id, { state: 'requested', businessDate }, 'requested'))
}

/** Its top-up did not come about. */
export function goOff(book: Book, topUp: KeptMovement): void {
  const repayment = waitingFor(book, topUp)
  if (repayment) giveUp(book, repayment, topUp.reason ?? 'not_funded')
}

function giveUp(book: Book, repayment: KeptMovement, reason: EndReason): void {
  const patch = { state: 'refused', reason, endedAt: book.now } as const
  const refusedNow = book.change(repayment.id, patch, 'refused')
  const account = book.account(repayment.walletId)
  const told = { amount: refusedNow.amount.toString(), ...cardIn(refusedNow) }
  if (account) book.tell(account, { id: 'wallet_repayment_refused', ...told })
}

function waitingFor(book: Book, { linkedId }: KeptMovement): KeptMovement | undefined {
  const found = linkedId === null ? undefined : book.movement(linkedId)
  return found?.state === 'funding' ? found : undefined
}

function dueOf(book: Book, { cardId, amount }: PlacedRepayment): Due | Refused {
  const due = book.due(cardId)
  if (!due) return refused('no_bill')
  const left = due.left > 0n ? due.left : 0n
  return amount > left ? refused('over_bill', { left }) : due
}

/** The same request names the same debit card, or none. */
function earlierRepayment(book: Book, order: PlacedRepayment) {
  const before = earlier(book, contentOf('repayment', order))
  if (!before || 'ok' in before) return before
  const funds = before.linkedId === null ? undefined : book.movement(before.linkedId)
  const isSame = (funds?.cardId ?? undefined) === order.fromCardId
  return isSame ? before : refused('exists_with_different_content')
}
