/**
 * Whether a payer knows whom the money goes to: above a sum the missing character of the payee's name is asked
 * for once. Three wrong ones, and nothing above that sum goes from this wallet to that one for a day.
 */
export interface Contact {
  readonly id: string
  /** Of the payer. */
  readonly bucket: number
  readonly walletId: string
  readonly payeeWalletId: string
  /** When the name was given right; null when it never was. */
  readonly knownAt: number | null
  /** Wrong ones in a row. */
  readonly wrong: number
  readonly blockedUntil: number | null
}

export const pairOf = ({
  walletId,
  payeeWalletId,
}: Pick<Contact, 'walletId' | 'payeeWalletId'>): string => `${walletId}|${payeeWalletId}`

export const nameTriesMax = 3
export const nameBlockMs = 24 * 3_600_000

export const isBlocked = ({ blockedUntil }: Pick<Contact, 'blockedUntil'>, now: number): boolean =>
  blockedUntil !== null && now < blockedUntil

type Tries = Pick<Contact, 'wrong' | 'blockedUntil'>

/** One more wrong name; after a block they are counted anew. */
export function countWrong(contact: Tries, now: number): Tries {
  const wrong = contact.blockedUntil === null ? contact.wrong + 1 : 1
  return wrong >= nameTriesMax
    ? { wrong, blockedUntil: now + nameBlockMs }
    : { wrong, blockedUntil: null }
}
