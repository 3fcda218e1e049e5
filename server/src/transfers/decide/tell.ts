/** What notices say of a change and of the balance after it. */
import type { Amount, Msisdn } from '../../kernel/index.ts'
import type { Purse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'

/** Taken after the posting, so that the balance is the one that its owner has now. */
export const changeOf = (book: Book, { walletId }: Purse, amount: Amount) => ({
  at: localOf(book, book.now),
  amount: amount.toString(),
  balance: book.available(walletId).toString(),
})

export const localOf = (book: Pick<Book, 'time'>, at: number): string => book.time.localOf(at)

/** A number that was given up is not told of what its last owner still has. */
export const isReachable = ({ releasedAt }: Pick<Purse, 'releasedAt'>): boolean =>
  releasedAt === null

/** Whether the number still has the wallet that it had then. */
export const isStill = (
  book: Pick<Book, 'purseOf'>,
  { msisdn, walletId }: { readonly msisdn: Msisdn; readonly walletId: string },
): boolean => book.purseOf(msisdn)?.walletId === walletId

/** The number was given up, and its next owner has nothing to do with this. */
export const hasLeft = ({ subscribers }: Pick<Book, 'subscribers'>, msisdn: Msisdn): boolean =>
  subscribers.get(msisdn)?.status === 'closed'
