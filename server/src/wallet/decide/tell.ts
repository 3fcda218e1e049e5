/** What notices say of a movement and of the balance after it. */
import { assert } from '../../kernel/index.ts'
import type { Book } from '../book.ts'
import type { Movement } from '../movement.ts'

/** Taken after the posting, so that the balance is the one that the customer has now. */
export const changeIn = (book: Book, { walletId, amount }: Movement) => ({
  at: book.time.localOf(book.now),
  amount: amount.toString(),
  balance: book.balanceOf(walletId).toString(),
})

export function cardIn({ last4 }: Movement): { readonly last4: string } {
  assert(last4 !== null, 'a movement of a card knows its last digits')
  return { last4 }
}

export function payeeIn({ last4, payee }: Movement): {
  readonly last4: string
  readonly payee: string
} {
  assert(last4 !== null && payee !== null, 'a transfer to a card knows whose it is')
  return { last4, payee }
}
