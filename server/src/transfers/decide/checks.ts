/** What is checked before money leaves a wallet for another person, the gravest first. */
import type { Amount, Msisdn } from '../../kernel/index.ts'
import { coolOffUntil } from '../../subscribers/index.ts'
import {
  countedKeys,
  inRefusal as inRefusalOfPurse,
  type Purse,
  outRefusal as refusalOfPurse,
  usedKeys,
} from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { SaidName } from '../command.ts'
import { type Contact, countWrong, isBlocked, nameTriesMax, pairOf } from '../contact.ts'
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

/** Why this amount may not leave the wallet: the rules of all wallets, then how often it has sent today. */
export function outRefusal(book: Book, purse: Purse, amount: Amount): Refused | null {
  const { now, policy, subscribers } = book
  const line = subscribers.get(purse.msisdn)
  const keys = usedKeys(book.time, purse, now)
  const refusal = refusalOfPurse(
    purse,
    {
      ...{ now, policy, balance: book.available(purse.walletId) },
      coolOffUntil: line ? coolOffUntil(line, policy) : null,
      used: {
        day: book.usedOf(keys.day),
        year: book.usedOf(keys.year),
        ever: book.usedOf(keys.ever),
      },
    },
    amount,
  )
  if (refusal) return { ok: false, ...refusal }
  return book.sentToday(purse.walletId) >= policy.transferDayCount
    ? refused('over_day_count')
    : null
}

/** Why nothing may come into this wallet. */
export function inRefusal(purse: Purse): Refused | null {
  const refusal = inRefusalOfPurse(purse)
  return refusal === null ? null : refused(refusal)
}

export function takeRoom(book: Book, purse: Purse, amount: Amount): void {
  for (const key of countedKeys(book.time, purse, book.now)) book.count(key, amount)
}

/** To the periods from which it was taken. */
export function giveRoomBack(book: Book, purse: Purse, amount: Amount, takenAt: number): void {
  for (const key of countedKeys(book.time, purse, takenAt)) book.count(key, -amount)
}

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
  book.sheets.contact.of(pairOf({ walletId: payer.walletId, payeeWalletId: payee.walletId }))[0]

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
