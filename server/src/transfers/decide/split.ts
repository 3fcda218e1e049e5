/** A bill that several people pay: begun, stopped, reminded of. Paying a share is in `share.ts`. */

import { type Amount, type Msisdn, masked } from '../../kernel/index.ts'
import { openPurse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { Command, DueResult, PlacedSplit } from '../command.ts'
import type { KeptSplit } from '../rows.ts'
import {
  isWithin,
  leftOf,
  peopleMax,
  peopleMin,
  remindMs,
  type Share,
  type Split,
  type SplitState,
  sharedIn,
  splitMs,
} from '../split.ts'
import type { Answer, OfSplit, WholeSplit } from '../transfers.ts'
import { type Refused, refused } from './checks.ts'
import { hasLeft } from './tell.ts'

type Begun = Answer<WholeSplit & { readonly replayed: boolean }>

export function beginSplit(book: Book, order: PlacedSplit): Begun {
  const { msisdn, key, splitId: id, people, amounts, own, title } = order
  const found = book.sheets.split.byKey(msisdn, key)
  if (found) return again(book, found, order)
  const purse = openPurse(book, msisdn)
  if ('ok' in purse) return purse
  const total = own + amounts.reduce((sum, amount) => sum + amount, 0n)
  const refusal = splitRefusal(book, order, total)
  if (refusal) return refusal
  const { bucket, walletId } = purse
  const split = book.sheets.split.create(
    {
      ...{ id, bucket, version: 1, walletId, msisdn, key, title, total, own, state: 'open' },
      ...{ paymentId: order.paymentId ?? null, reminded: false, endedAt: null },
      ...{ begunAt: book.now, dueAt: book.now + remindMs, expiresAt: book.now + splitMs },
    },
    'begun',
  )
  const shares = people.map((number, place) =>
    book.sheets.share.create(
      {
        ...{ id: book.newId(bucket), bucket, splitId: id, place, msisdn: number },
        ...{ amount: amounts[place] ?? 0n, state: 'unpaid', transferId: null, remindedAt: null },
      },
      'asked',
    ),
  )
  arm(book, split)
  for (const share of shares) tellShare(book, split, share, 'transfer_split_asked')
  return { ok: true, value: { split, shares, replayed: false } }
}

function again(book: Book, split: KeptSplit, order: PlacedSplit): Begun {
  const shares = sharesOf(book, split.id)
  const isSame =
    split.title === order.title &&
    split.own === order.own &&
    split.paymentId === (order.paymentId ?? null) &&
    shares.length === order.people.length &&
    shares.every(
      ({ msisdn, amount }, n) => msisdn === order.people[n] && amount === order.amounts[n],
    )
  if (!isSame) return refused('exists_with_different_content')
  return { ok: true, value: { split, shares, replayed: split.id !== order.splitId } }
}

function splitRefusal(book: Book, order: PlacedSplit, total: Amount): Refused | null {
  const { people, amounts, own, msisdn } = order
  if (!order.isVerified) return refused('not_verified')
  const count = people.length + (own > 0n ? 1 : 0)
  const isTwice = new Set([msisdn, ...people]).size !== people.length + 1
  if (isTwice || people.length === 0 || count > peopleMax) return refused('people_wrong')
  // One other person and oneself are two, whoever pays how much.
  if (people.length + 1 < peopleMin) return refused('people_wrong')
  if (amounts.length !== people.length || amounts.some((amount) => amount < 1n) || own < 0n)
    return refused('share_too_small')
  const left = book.policy.splitTotalMax
  if (total > left) return refused('over_split_limit', { left })
  if (order.paymentId === undefined) return null
  if (order.kept === null) return refused('not_found')
  const open = order.kept - sharedOf(book, order.paymentId)
  if (total <= open) return null
  return refused('over_split_payment', { left: open > 0n ? open : 0n })
}

const sharedOf = (book: Book, paymentId: string): Amount =>
  sharedIn(sharesOfPayment(book, paymentId))

const sharesOfPayment = (book: Book, paymentId: string): Share[] =>
  book.sheets.split.of(paymentId).flatMap(({ id }) => sharesOf(book, id))

/** What others may still pay of the bill; null where it is of no payment. */
export const leftIn = (book: Book, { paymentId }: Split, kept: Amount | null): Amount | null =>
  paymentId === null ? null : leftOf(kept ?? 0n, sharesOfPayment(book, paymentId))

/** Of the people of a bill those who still owe, and were not asked for a day. */
export function remind(book: Book, command: Command<'remind'>): Answer<number> {
  const { msisdn, splitId, kept } = command
  const split = ownSplit(book, msisdn, splitId)
  if ('ok' in split) return split
  if (split.state !== 'open') return refused('not_open')
  return { ok: true, value: remindAll(book, split, kept) }
}

export function stop(book: Book, { msisdn, splitId }: OfSplit): Answer<Split> {
  const split = ownSplit(book, msisdn, splitId)
  if ('ok' in split) return split
  if (split.state === 'stopped') return { ok: true, value: split }
  if (split.state !== 'open') return refused('not_open')
  for (const share of unpaidOf(book, splitId))
    book.tell(share.msisdn, { id: 'transfer_split_stopped', other: masked(msisdn) })
  return { ok: true, value: end(book, split, 'stopped') }
}

export function splitDue(book: Book, id: string, kept: Amount | null): DueResult {
  const split = book.sheets.split.get(id)
  if (!split) return 'gone'
  if (split.state !== 'open' || split.dueAt === null) {
    book.disarm('split', split)
    return 'looked_at'
  }
  voidSharesOfLeft(book, split)
  if (hasLeft(book, split.msisdn)) end(book, split, 'stopped')
  else if (book.now >= split.expiresAt) end(book, split, 'expired')
  else if (unpaidOf(book, id).length === 0) settle(book, split)
  else if (book.now < split.dueAt) arm(book, split)
  else {
    remindAll(book, split, kept)
    const patch = { reminded: true, dueAt: split.expiresAt }
    arm(book, book.sheets.split.change(id, patch, 'reminded'))
  }
  return 'looked_at'
}

/** The share was the last owner's of the number, not the next one's. */
function voidSharesOfLeft(book: Book, { id }: KeptSplit): void {
  for (const share of unpaidOf(book, id))
    if (hasLeft(book, share.msisdn)) book.sheets.share.change(share.id, { state: 'void' }, 'void')
}

/** Whoever cannot pay any more, for the payment was refunded, is not asked to. */
function remindAll(book: Book, split: KeptSplit, kept: Amount | null): number {
  const left = leftIn(book, split, kept)
  const waited = ({ remindedAt }: Share) => book.now - (remindedAt ?? split.begunAt) >= remindMs
  const owing = unpaidOf(book, split.id).filter((share) => waited(share) && isWithin(share, left))
  for (const share of owing) {
    book.sheets.share.change(share.id, { remindedAt: book.now }, 'reminded')
    tellShare(book, split, share, 'transfer_split_reminder')
  }
  return owing.length
}

/** Everybody has paid or said no. A bill that nobody pays is not one that was collected. */
export function settle(book: Book, split: KeptSplit): void {
  const paid = sharesOf(book, split.id).filter(({ state }) => state === 'paid')
  if (paid.length === 0) return void end(book, split, 'stopped')
  const collected = paid.reduce((sum, { amount }) => sum + amount, 0n)
  end(book, split, 'closed')
  book.tell(split.msisdn, { id: 'transfer_split_closed', amount: collected.toString() })
}

/** Takes an end: what is unpaid is void, what is paid stays. */
export function end(book: Book, { id }: KeptSplit, state: Exclude<SplitState, 'open'>): KeptSplit {
  for (const share of unpaidOf(book, id))
    book.sheets.share.change(share.id, { state: 'void' }, 'void')
  const ended = book.sheets.split.change(id, { state, dueAt: null, endedAt: book.now }, state)
  book.disarm('split', ended)
  return ended
}

export function ownSplit(book: Book, msisdn: Msisdn, splitId: string): KeptSplit | Refused {
  const split = book.sheets.split.get(splitId)
  const isOwn = split?.msisdn === msisdn && book.purseOf(msisdn)?.walletId === split.walletId
  return split && isOwn ? split : refused('not_found')
}

export const sharesOf = (book: Book, splitId: string): Share[] =>
  book.sheets.share.of(splitId).toSorted((a, b) => a.place - b.place)

export const unpaidOf = (book: Book, splitId: string): Share[] =>
  sharesOf(book, splitId).filter(({ state }) => state === 'unpaid')

function tellShare(
  book: Book,
  { msisdn }: KeptSplit,
  share: Share,
  id: 'transfer_split_asked' | 'transfer_split_reminder',
): void {
  book.tell(share.msisdn, { id, amount: share.amount.toString(), other: masked(msisdn) })
}

function arm(book: Book, split: KeptSplit): void {
  const numbers = [split.msisdn, ...sharesOf(book, split.id).map(({ msisdn }) => msisdn)]
  book.arm('split', split, split.dueAt ?? book.now, { numbers, walletIds: [split.walletId] })
}
