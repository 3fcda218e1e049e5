/** What is checked before money leaves a wallet for another person, the gravest first. */
import type { Amount, Msisdn } from '../../kernel/index.ts'
import { walletDay, walletEver, walletYear } from '../../risk/index.ts'
import { coolOffUntil } from '../../subscribers/index.ts'
import type { Purse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { SaidName } from '../command.ts'
import { type Contact, countWrong, isBlocked, nameTriesMax } from '../contact.ts'
import { transferCount } from '../counters.ts'
import type { Detail } from '../transfers.ts'
import type { Refusal } from '../words.ts'

export const refused = <const Why extends Refusal>(refusal: Why, detail: Detail = {}) =>
  ({ ok: false, refusal, ...detail }) as const

export type Refused = ReturnType<typeof refused<Refusal>>

/** The wallet of a number, if its owner may ask for something now. */
export function openPurse(book: Book, msisdn: Msisdn): Purse | Refused {
  const purse = book.purseOf(msisdn)
  if (!purse) return refused('wallet_not_found')
  if (purse.state !== 'open') return refused('wallet_closing')
  if (book.subscribers.get(msisdn)?.status !== 'active') return refused('line_not_active')
  return purse
}

/** Why nothing may leave this wallet, whatever the amount. */
export function outRefusal(book: Book, purse: Purse): Refused | null {
  if (purse.frozen === 'out' || purse.frozen === 'both') return refused('frozen_out')
  const line = book.subscribers.get(purse.msisdn)
  // A thief with a new SIM of somebody else's number gets nothing out (WL-06).
  const until = line ? coolOffUntil(line, book.policy) : null
  return until !== null && book.now < until ? refused('cooling_off', { until }) : null
}

/** Why nothing may come into this wallet. */
export function inRefusal(purse: Purse): Refused | null {
  if (purse.state !== 'open' || purse.releasedAt !== null) return refused('payee_unable')
  return purse.frozen === 'in' || purse.frozen === 'both' ? refused('payee_frozen') : null
}

/** Why this amount may not leave it: limits, then the balance itself. */
export function amountRefusal(book: Book, purse: Purse, amount: Amount): Refused | null {
  const { policy } = book
  if (amount <= 0n) return refused('amount_too_small')
  if (amount > policy.walletSingleLimit)
    return refused('over_single_limit', { left: policy.walletSingleLimit })
  const day = policy.walletDayLimit - book.usedOf(keysOf(book, purse, book.now).day)
  if (amount > day) return refused('over_day_limit', { left: atLeastNothing(day) })
  const ofClass = classLeft(book, purse)
  if (amount > ofClass) return refused('over_class_limit', { left: atLeastNothing(ofClass) })
  if (book.usedOf(transferCount(book.time, purse, book.now)) >= BigInt(policy.transferDayCount))
    return refused('over_day_count')
  const left = book.available(purse.walletId)
  return amount > left ? refused('low_balance', { left }) : null
}

function classLeft(book: Book, purse: Purse): Amount {
  const { policy, now } = book
  const { year, ever } = keysOf(book, purse, now)
  if (purse.class === 'I') return policy.classILimit - book.usedOf(ever)
  const limit = purse.class === 'II' ? policy.classIIYearLimit : policy.classIIIYearLimit
  return limit - book.usedOf(year)
}

const keysOf = ({ time }: Book, { bucket, walletId }: Purse, at: number) => ({
  day: walletDay(time, bucket, walletId, at),
  year: walletYear(time, bucket, walletId, at),
  ever: walletEver(bucket, walletId),
})

/** Counted however high the class is, so that an upgrade keeps what was used. */
export function takeRoom(book: Book, purse: Purse, amount: Amount): void {
  for (const key of Object.values(keysOf(book, purse, book.now))) book.count(key, amount)
  book.count(transferCount(book.time, purse, book.now), 1n)
}

/** To the periods from which it was taken. */
export function giveRoomBack(book: Book, purse: Purse, amount: Amount, takenAt: number): void {
  for (const key of Object.values(keysOf(book, purse, takenAt))) book.count(key, -amount)
}

const atLeastNothing = (left: Amount): Amount => (left > 0n ? left : 0n)

/** Above a sum somebody must know whose wallet it is. A wrong name counts whatever comes of the rest. */
export function nameRefusal(
  book: Book,
  {
    payer,
    payee,
    amount,
  }: { readonly payer: Purse; readonly payee: Purse; readonly amount: Amount },
  said: SaidName | null,
): Refused | null {
  const contact = contactOf(book, payer, payee)
  if (contact && isBlocked(contact, book.now))
    return refused('name_blocked', { until: contact.blockedUntil ?? 0 })
  if (amount <= book.policy.transferNameAbove || contact?.knownAt != null) return null
  // Another person may have the number since the name was compared.
  if (said?.identityId !== payee.identityId) return refused('name_needed')
  if (said.isRight) {
    noteContact(book, { payer, payee }, { knownAt: book.now, wrong: 0, blockedUntil: null })
    return null
  }
  const { wrong, blockedUntil } = countWrong(contact ?? fresh, book.now)
  noteContact(book, { payer, payee }, { knownAt: null, wrong, blockedUntil })
  return refused('name_wrong', { triesLeft: nameTriesMax - wrong })
}

const fresh = { wrong: 0, blockedUntil: null }

const contactOf = (book: Book, payer: Purse, payee: Purse): Contact | undefined =>
  book.sheets.contact.where(
    (one) => one.walletId === payer.walletId && one.payeeWalletId === payee.walletId,
  )[0]

function noteContact(
  book: Book,
  { payer, payee }: { readonly payer: Purse; readonly payee: Purse },
  patch: Pick<Contact, 'knownAt' | 'wrong' | 'blockedUntil'>,
): void {
  const known = contactOf(book, payer, payee)
  if (known) {
    book.sheets.contact.change(known.id, patch, 'named')
    return
  }
  const id = book.newId(payer.bucket)
  const pair = { walletId: payer.walletId, payeeWalletId: payee.walletId }
  book.sheets.contact.create({ bucket: payer.bucket, id, ...pair, ...patch }, 'named')
}
