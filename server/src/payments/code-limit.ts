/** What codes may pay in a day from a card or a wallet. The phone bill has lower limits of its own. */
import type { Amount, BusinessTime } from '../kernel/index.ts'
import {
  type CodeProof,
  type CounterKey,
  cardDay,
  codeDay,
  codeRoom,
  walletDay,
} from '../risk/index.ts'
import type { Book } from './book.ts'
import type { PayingPurse } from './purse.ts'

export interface CodePayer {
  readonly bucket: number
  readonly msisdn: string
  readonly card: { readonly id: string } | null
  readonly purse: PayingPurse | null
  readonly codeProof: CodeProof | null
}

/** Undefined where no code was read, or the phone bill pays. */
export function codeDayOf(
  time: BusinessTime,
  { bucket, msisdn, card, purse, codeProof }: CodePayer,
  at: number,
): CounterKey | undefined {
  if (codeProof === null) return undefined
  if (card) return codeDay(cardDay(time, { msisdn, id: card.id }, at), codeProof)
  return purse ? codeDay(walletDay(time, bucket, purse.walletId, at), codeProof) : undefined
}

export function codeRefusal(
  book: Book,
  payer: CodePayer,
  amount: Amount,
  at: number,
): { readonly refusal: 'over_code_limit'; readonly left: Amount } | null {
  const key = codeDayOf(book.time, payer, at)
  if (key === undefined || payer.codeProof === null) return null
  const left = codeRoom(book.policy, payer.codeProof, book.used(key))
  return amount > left ? { refusal: 'over_code_limit', left } : null
}
