/**
 * The end of a wallet, which loses nothing. What is left is paid out first; what is in transit is waited for.
 * If it comes back, the wallet is open again and its owner is told.
 */
import type { Book } from '../book.ts'
import type { PlacedClosing } from '../command.ts'
import type { KeptAccount } from '../rows.ts'
import type { CloseResult } from '../wallet.ts'
import { onCard } from './begin.ts'
import { coolOffRefusal, frozenRefusal, ownCard, refused } from './checks.ts'
import { beginWithdrawal, putCash } from './request.ts'

export function closeWallet(book: Book, order: PlacedClosing): CloseResult {
  const account = book.account(order.walletId)
  if (account?.msisdn !== order.msisdn) return refused('wallet_not_found')
  if (account.state === 'closed') return { ok: true, value: account }
  const open = book.openOf(account.id)
  if (open.some(({ kind }) => kind === 'top_up')) return refused('top_up_open')
  if (account.releasedAt === null && book.tied.has(account.id)) return refused('transfers_open')
  const left = book.balanceOf(account.id)
  if (left > 0n) {
    const refusal = payOut(book, account, order, left)
    if (refusal) return refusal
  }
  const closing =
    account.state === 'open'
      ? book.changeAccount(account.id, { state: 'closing' }, 'closing')
      : account
  return { ok: true, value: endClosing(book, closing.id) ?? closing }
}

function payOut(book: Book, account: KeptAccount, order: PlacedClosing, left: bigint) {
  const { payTo, movementId: id, channel, key, msisdn } = order
  if (!payTo) return refused('balance_left', { left })
  if (book.byKey(msisdn, key)) return refused('exists_with_different_content')
  // Whoever has the number now says nothing of the one whose money this is.
  const frozen = frozenRefusal(account, 'out')
  if (frozen) return frozen
  const cooling = account.releasedAt === null ? coolOffRefusal(book, account) : null
  if (cooling) return cooling
  const base = { id, channel, key, msisdn, amount: left, till: null, cardId: null, speed: null }
  if ('till' in payTo) {
    putCash(book, account, { ...base, kind: 'cash_out', till: payTo.till })
    return null
  }
  const card = ownCard(book, account, payTo.cardId)
  if ('ok' in card) return card
  const free = { kind: 'withdrawal', speed: 'next_day', cardId: card.id } as const
  beginWithdrawal(book, account, { ...base, ...free, ...onCard(card) })
  return null
}

/** Looked at whenever something has ended. Answers the wallet where it moved. */
export function endClosing(book: Book, walletId: string): KeptAccount | undefined {
  const account = book.account(walletId)
  const isWaiting = book.openOf(walletId).length > 0 || book.tied.has(walletId)
  if (account?.state !== 'closing' || isWaiting) return undefined
  const left = book.balanceOf(walletId)
  if (left === 0n) {
    const closed = book.changeAccount(walletId, { state: 'closed', closedAt: book.now }, 'closed')
    book.tell(account, { id: 'wallet_closed' })
    return closed
  }
  // Nobody could use it under a number that was given up: it waits to be paid out at a counter.
  if (account.releasedAt !== null) return undefined
  book.tell(account, { id: 'wallet_not_closed', balance: left.toString() })
  return book.changeAccount(walletId, { state: 'open' }, 'open')
}
