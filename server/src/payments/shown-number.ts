/** The payer's number as the merchant is told it: who pays on the own device, or with a code, has not told it. */
import { masked } from '../kernel/index.ts'
import type { Payment } from './payment.ts'

export const numberForMerchant = ({
  msisdn,
  consent,
}: Pick<Payment, 'msisdn' | 'consent'>): string =>
  consent === 'device' || consent === 'app' ? masked(msisdn) : msisdn
