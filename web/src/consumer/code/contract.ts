// What the app's API says of codes and payments.
import type { Fen } from '../../fen.ts'
import type { Name } from '../../names.ts'
import type { Source } from '../contract.ts'

export type Payment = {
  id: string
  orderNo: string
  merchant: Name
  goods: Name
  amount: Fen
  refunded: Fen
  source: Source
  last4: string | null
  state: string
  reason: string | null
  reasonWords: Name | null
  at: string
  answerBy: string | null
  pinKeptBy: 'wallet' | 'bank' | null
}

/** What a merchant's code asks for. */
export type Scanned = {
  merchant: { id: string; name: Name }
  order: string | null
  goods: Name | null
  amount: Fen | null
  min: Fen | null
  max: Fen | null
  expiresAt: string | null
}
