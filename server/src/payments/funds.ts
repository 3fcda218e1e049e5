/** The account that the money of a payment comes from: what the carrier or the bank owes us for it, or the balance. */
import { type AccountRef, bankClearing, carrierReceivable, userBalance } from '../ledger/index.ts'
import type { Payment } from './payment.ts'

export const fundsOf = ({
  bucket,
  carrier,
  card,
  purse,
}: Pick<Payment, 'bucket' | 'carrier' | 'purse'> & {
  readonly card: { readonly bank: string } | null
}): AccountRef => {
  if (purse !== null) return userBalance(bucket, purse.walletId)
  return card === null ? carrierReceivable(bucket, carrier) : bankClearing(bucket, card.bank)
}
