/** What is checked before money leaves a wallet for another person, the gravest first. */
import type { Amount } from '../../kernel/index.ts'
import { inRefusal as inRefusalOfPurse, type Purse, spendingRefusal } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import type { SaidName } from '../command.ts'
import { type Contact, countWrong, isBlocked, nameTriesMax, pairOf } from '../contact.ts'
import type { Detail } from '../transfers.ts'
import type { Refusal } from '../words.ts'

export const refused = <const Why extends Refusal>(refusal: Why, detail: Detail = {}) =>
  ({ ok: false, refusal, ...detail }) as const

export type Refused = ReturnType<typeof refused<Refusal>>

/** Why this amount may not leave the wallet: the rules of all wallets, then how often it has sent today. */
export function outRefusal(book: Book, purse: Purse, amount: Amount): Refused | null {
  const isOften = book.sentToday(purse.walletId) >= book.policy.transferDayCount
  return spendingRefusal(book, purse, amount) ?? (isOften ? refused('over_day_count') : null)
}

/** Why nothing may come into this wallet. */
export function inRefusal(purse: Purse): Refused | null {
  const refusal = inRefusalOfPurse(purse)
  return refusal === null ? null : refused(refusal)
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
