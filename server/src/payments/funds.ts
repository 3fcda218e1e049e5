/** The account that the money of a payment comes from: what the carrier or the bank owes us for it. */
import { type AccountRef, bankClearing, carrierReceivable } from '../ledger/index.ts'
import type { Payment } from './payment.ts'

export const fundsOf = ({
  bucket,
  carrier,
  card,
}: Pick<Payment, 'bucket' | 'carrier'> & {
  readonly card: { readonly bank: string } | null
}): AccountRef =>
  card === null ? carrierReceivable(bucket, carrier) : bankClearing(bucket, card.bank)
