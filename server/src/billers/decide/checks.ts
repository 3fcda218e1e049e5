/** What is checked before money leaves a wallet for a bill, the gravest first. */
import type { Amount, Msisdn } from '../../kernel/index.ts'
import { coolOffUntil } from '../../subscribers/index.ts'
import {
  countedKeys,
  type Purse,
  outRefusal as refusalOfPurse,
  usedKeys,
} from '../../wallet/index.ts'
import type { Detail } from '../billers.ts'
import type { Book } from '../book.ts'
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

/** Why this amount may not leave the wallet. */
export function outRefusal(book: Book, purse: Purse, amount: Amount): Refused | null {
  const { now, policy, subscribers, time } = book
  const line = subscribers.get(purse.msisdn)
  const keys = usedKeys(time, purse, now)
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
  return refusal && { ok: false, ...refusal }
}

export function takeRoom(book: Book, purse: Purse, amount: Amount): void {
  for (const key of countedKeys(book.time, purse, book.now)) book.count(key, amount)
}

/** To the periods from which it was taken. */
export function giveRoomBack(book: Book, purse: Purse, amount: Amount, takenAt: number): void {
  for (const key of countedKeys(book.time, purse, takenAt)) book.count(key, -amount)
}
