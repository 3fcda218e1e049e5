/** What every request is checked for, the gravest first. Nothing is written here. */
import type { Amount } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import { isFrozen } from '../limits.ts'
import type { Movement } from '../movement.ts'
import type { BoundCard } from '../ports.ts'
import type { KeptAccount } from '../rows.ts'
import type { CloseRefusal, Detail, Refusal } from '../wallet.ts'

export const refused = <const Why extends CloseRefusal>(refusal: Why, detail: Detail = {}) =>
  ({ ok: false, refusal, ...detail }) as const

export type Refused = ReturnType<typeof refused<Refusal>>

/** The content of a request, as it would stand in its movement. */
export type Content = Pick<
  Movement,
  'walletId' | 'kind' | 'amount' | 'speed' | 'cardId' | 'till' | 'key' | 'msisdn'
>

/** The movement that the request made before; or that its name stands for something else. */
export function earlier(book: Book, content: Omit<Content, 'walletId'>) {
  const found = book.byKey(content.msisdn, content.key)
  if (!found) return undefined
  const { kind, amount, speed, cardId, till } = content
  const isSame =
    found.walletId === (book.accountOf(content.msisdn)?.id ?? found.walletId) &&
    found.kind === kind &&
    found.amount === amount &&
    found.speed === speed &&
    found.cardId === cardId &&
    found.till === till
  return isSame ? found : refused('exists_with_different_content')
}

/** The wallet of the number, if money may move now. */
export function openWallet(book: Book, msisdn: string): KeptAccount | Refused {
  const account = book.accountOf(msisdn)
  if (!account) return refused('wallet_not_found')
  if (account.state !== 'open') return refused('wallet_closing')
  if (book.subscribers.get(msisdn)?.status !== 'active') return refused('line_not_active')
  return account
}

export function frozenRefusal(account: KeptAccount, way: 'in' | 'out'): Refused | null {
  return isFrozen(account, way) ? refused(`frozen_${way}`) : null
}

/** A debit card of the same person: money comes from it and goes to it, and to no other. */
export function ownCard(book: Book, account: KeptAccount, cardId: string): BoundCard | Refused {
  const card = samePersons(book, account, cardId)
  if ('ok' in card) return card
  if (card.kind === 'credit') return refused('credit_card')
  return card.state === 'active' ? card : refused('card_not_active')
}

/** A credit card of the same person. One that pays for nothing now can still be paid off. */
export function ownCredit(book: Book, account: KeptAccount, cardId: string): BoundCard | Refused {
  const card = samePersons(book, account, cardId)
  if ('ok' in card) return card
  if (card.kind !== 'credit') return refused('not_a_credit_card')
  return card.state === 'unbound' || card.state === 'unfinished' ? refused('card_unknown') : card
}

function samePersons(book: Book, account: KeptAccount, cardId: string): BoundCard | Refused {
  const card = book.cards.get(cardId)
  if (card?.msisdn !== account.msisdn) return refused('card_unknown')
  return card.identityId === account.identityId ? card : refused('card_of_other_owner')
}

export function amountRefusal(book: Book, amount: Amount, isLimited: boolean): Refused | null {
  const left = book.policy.walletSingleLimit
  if (amount <= 0n) return refused('amount_too_small')
  return isLimited && amount > left ? refused('over_single_limit', { left }) : null
}

/** A thief with a new SIM of somebody else's number gets nothing out (WL-06). */
export function coolOffRefusal(book: Book, { msisdn }: KeptAccount): Refused | null {
  const until = book.owners.get(msisdn)?.coolOffUntil ?? null
  return until !== null && book.now < until ? refused('cooling_off', { until }) : null
}

export function balanceRefusal(book: Book, account: KeptAccount, total: Amount): Refused | null {
  const left = book.balanceOf(account.id)
  return total > left ? refused('low_balance', { left }) : null
}
