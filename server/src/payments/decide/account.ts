/** The account that is topped up, as the customer or the merchant wrote it. */
import { holdsCardNumber } from '../../kernel/index.ts'

/** Where a product says nothing of the form of its accounts, anything goes but the number of a card. */
export function accountFits(pattern: string | null, account: string | null): boolean {
  if (pattern === null) return account === null || !holdsCardNumber(account)
  return account !== null && new RegExp(`^(?:${pattern})$`, 'u').test(account)
}
