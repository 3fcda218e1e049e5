/** The payment of a scan: found by its key when whoever ordered it could not write it down. */
import type { BusinessKey, Payment, Payments } from '../payments/index.ts'
import type { Scan, Wanted } from './scan.ts'

/** The merchant's order number, among all it orders in whatever way. */
export const keyOf = (
  { merchantId, merchantOrderId: key }: Scan,
  { contentHash }: Wanted,
): BusinessKey => ({ scope: `order:${merchantId}`, key, contentHash })

export async function paymentOf(
  { payments }: { readonly payments: Pick<Payments, 'get' | 'keyed'> },
  scan: Scan,
): Promise<Payment | undefined> {
  if (scan.wanted === null) return undefined
  return scan.paymentId === null
    ? payments.keyed(keyOf(scan, scan.wanted))
    : payments.get(scan.paymentId)
}
