/** What codes may take of a wallet in a day, whoever reads them: one counter for merchants and people. */
import type { Amount, BusinessTime } from '../../kernel/index.ts'
import { type CodeProof, type CounterKey, codeDay, codeRoom, walletDay } from '../../risk/index.ts'
import type { Purse } from '../../wallet/index.ts'
import type { Book } from '../book.ts'
import { type Refused, refused } from './checks.ts'

export const codeKey = (
  { time, now }: { readonly time: BusinessTime; readonly now: number },
  { bucket, walletId }: Pick<Purse, 'bucket' | 'walletId'>,
  proof: CodeProof,
): CounterKey => codeDay(walletDay(time, bucket, walletId, now), proof)

/** Null where no code was read. */
export function codeRefusal(
  book: Book,
  payer: Purse,
  proof: CodeProof | null,
  amount: Amount,
): Refused | null {
  if (proof === null) return null
  const left = codeRoom(book.policy, proof, book.usedOf(codeKey(book, payer, proof)))
  return amount > left ? refused('over_code_limit', { left }) : null
}
