/**
 * What everybody does alike whose book lets money leave a wallet: find it, ask the rules, take room of its limits and
 * give it back.
 */
import type { Amount, BusinessTime, Msisdn } from '../kernel/index.ts'
import type { CounterKey, Policy } from '../risk/index.ts'
import { coolOffUntil, type Subscriber } from '../subscribers/index.ts'
import { countedKeys, type OutRefusal, outRefusal, usedKeys } from './limits.ts'
import type { Purse } from './purses.ts'

export interface SpendingBook {
  readonly now: number
  readonly policy: Policy
  readonly time: BusinessTime
  readonly subscribers: ReadonlyMap<Msisdn, Subscriber>
  /** The wallet that is found by the number. */
  readonly purseOf: (msisdn: Msisdn) => Purse | undefined
  readonly available: (walletId: string) => Amount
  readonly usedOf: (key: CounterKey) => Amount
  readonly count: (key: CounterKey, amount: Amount) => void
}

/** The wallet of a number, if its owner may ask for something now. */
export function openPurse(book: Pick<SpendingBook, 'purseOf' | 'subscribers'>, msisdn: Msisdn) {
  const purse = book.purseOf(msisdn)
  if (!purse) return { ok: false, refusal: 'wallet_not_found' } as const
  if (purse.state !== 'open') return { ok: false, refusal: 'wallet_closing' } as const
  if (book.subscribers.get(msisdn)?.status !== 'active')
    return { ok: false, refusal: 'line_not_active' } as const
  return purse
}

/** Why this amount may not leave the wallet. */
export function spendingRefusal(
  book: Omit<SpendingBook, 'purseOf'>,
  purse: Purse,
  amount: Amount,
): ({ readonly ok: false } & OutRefusal) | null {
  const { now, policy, subscribers, time, usedOf } = book
  const line = subscribers.get(purse.msisdn)
  const keys = usedKeys(time, purse, now)
  const used = { day: usedOf(keys.day), year: usedOf(keys.year), ever: usedOf(keys.ever) }
  const until = line ? coolOffUntil(line, policy) : null
  const facts = { now, policy, used, balance: book.available(purse.walletId), coolOffUntil: until }
  const refusal = outRefusal(purse, facts, amount)
  return refusal && { ok: false, ...refusal }
}

export function takeRoom(
  book: Pick<SpendingBook, 'time' | 'now' | 'count'>,
  purse: Purse,
  amount: Amount,
): void {
  for (const key of countedKeys(book.time, purse, book.now)) book.count(key, amount)
}

/** To the periods from which it was taken. */
export function giveRoomBack(
  book: Pick<SpendingBook, 'time' | 'count'>,
  purse: Purse,
  amount: Amount,
  takenAt: number,
): void {
  for (const key of countedKeys(book.time, purse, takenAt)) book.count(key, -amount)
}
