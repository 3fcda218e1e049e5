/** The four requests that move money, decided: refused for a reason, or begun and bound to succeed. */
import type { Book } from '../book.ts'
import type { PlacedCash, PlacedTopUp, PlacedWithdrawal } from '../command.ts'
import { withdrawalFee } from '../fee.ts'
import { first, type Movement } from '../movement.ts'
import type { BoundCard } from '../ports.ts'
import { holdTopUp, postCash, postWithdrawal } from '../postings.ts'
import type { KeptAccount, KeptMovement } from '../rows.ts'
import { topics } from '../topics.ts'
import type { MoveResult } from '../wallet.ts'
import {
  amountRefusal,
  balanceRefusal,
  type Content,
  coolOffRefusal,
  earlier,
  frozenRefusal,
  openWallet,
  ownCard,
  refused,
} from './checks.ts'
import { cardIn, changeIn } from './tell.ts'

/** Said of the request alone; what the batch knows comes besides. */
const contentOf = (
  kind: Movement['kind'],
  order: {
    readonly msisdn: string
    readonly amount: bigint
    readonly key: string
    readonly cardId?: string
    readonly till?: string
    readonly speed?: Movement['speed']
  },
): Omit<Content, 'walletId'> => ({
  kind,
  msisdn: order.msisdn,
  amount: order.amount,
  key: order.key,
  cardId: order.cardId ?? null,
  till: order.till ?? null,
  speed: order.speed ?? null,
})

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
  const fee = withdrawalFee(book.policy, order)
  const refusal =
    frozenRefusal(account, 'out') ??
    coolOffRefusal(book, account) ??
    amountRefusal(book, order.amount, order.speed === 'same_day') ??
    balanceRefusal(book, account, order.amount + fee)
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

type New = Omit<Content, 'walletId'> &
  Pick<Movement, 'id' | 'channel'> &
  Partial<Pick<KeptMovement, 'bank' | 'cardToken' | 'last4' | 'fee' | 'sealedPin' | 'sendAt'>>

/** After the last guard: the money has left the balance, and is on its way until the bank has spoken. */
export function beginWithdrawal(book: Book, account: KeptAccount, order: New): KeptMovement {
  const sendAt = order.speed === 'next_day' ? nextMorning(book) : book.now
  const businessDate = book.firstOpenDate
  const movement = begin(book, account, { ...order, sendAt, businessDate })
  postWithdrawal(book, movement)
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

function begin(
  book: Book,
  account: KeptAccount,
  order: New & Partial<Pick<Movement, 'endedAt' | 'businessDate'>>,
): KeptMovement {
  return book.create({
    ...order,
    ...{ bucket: account.bucket, walletId: account.id, version: 1, state: first[order.kind] },
    fee: order.fee ?? 0n,
    bank: order.bank ?? null,
    cardToken: order.cardToken ?? null,
    last4: order.last4 ?? null,
    sealedPin: order.sealedPin ?? null,
    ...{ reason: null, bankCode: null, requestedAt: book.now, unknownSince: null },
    sendAt: order.sendAt ?? null,
    endedAt: order.endedAt ?? null,
    businessDate: order.businessDate ?? null,
  })
}

export const onCard = ({ bank, token: cardToken, last4 }: BoundCard) => ({ bank, cardToken, last4 })

/** Banks are awake, and their day has begun. */
const morningMs = 8 * 3_600_000

const nextMorning = ({ time, now }: Book) =>
  time.startOf(time.nextDate(time.dateOf(now))) + morningMs

/** The bank is asked by a worker, which finds the intent committed. */
function drive(book: Book, { bucket, id: subject, msisdn, walletId, sendAt }: Movement): void {
  const dueAt = sendAt ?? book.now
  book.arm({ bucket, topic: topics.drive, subject, dueAt, payload: { msisdn, walletId } })
}

/** A batch that is run again after a commit nobody heard of meets its own movement. */
const again = (before: NonNullable<ReturnType<typeof earlier>>, id: string): MoveResult =>
  'ok' in before ? before : { ok: true, value: { movement: before, replayed: before.id !== id } }
