/** The payment of a scan. */
import type { BusinessKey, Payment, Payments } from '../payments/index.ts'
import type { Scan, Wanted } from './scan.ts'

/** The merchant's order number, among all it orders in whatever way. */
export const keyOf = (
  { merchantId, merchantOrderId: key }: Scan,
  { contentHash }: Wanted,
): BusinessKey => ({ scope: `order:${merchantId}`, key, contentHash })

export const paymentOf = async (
  { payments }: { readonly payments: Pick<Payments, 'get'> },
  { paymentId }: Scan,
): Promise<Payment | undefined> => (paymentId === null ? undefined : payments.get(paymentId))
