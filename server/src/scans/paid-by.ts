/** The payment of a scan: how it is ordered, and found. */
import { assert } from '../kernel/index.ts'
import type { BusinessKey, Order, Payment, Payments } from '../payments/index.ts'
import { answerMs, type Scan, type Wanted } from './scan.ts'
import type { Funds } from './scans.ts'

/** The merchant's order number, among all it orders in whatever way. */
const keyOf = (
  { merchantId, merchantOrderId: key }: Scan,
  { contentHash }: Wanted,
): BusinessKey => ({ scope: `order:${merchantId}`, key, contentHash })

export const paymentOf = async (
  { payments }: { readonly payments: Pick<Payments, 'get'> },
  { paymentId }: Scan,
): Promise<Payment | undefined> => (paymentId === null ? undefined : payments.get(paymentId))

/** Of an order that was taken. */
export function orderOf(
  scan: Scan,
  wanted: Wanted,
  { source, card, asksPin }: Funds,
): Order & { readonly paymentId: string } {
  const { merchantId, merchantOrderId, client, paymentId } = scan
  assert(paymentId !== null, 'what is wanted has the id of its payment')
  const { msisdn, amount, goods } = wanted
  return {
    paymentId,
    msisdn,
    merchantId,
    what: { amount, goods },
    channel: 'api',
    flow: 'charge',
    client,
    consent: asksPin ? 'app' : 'device',
    codeProof: asksPin ? 'two_factors' : 'one_factor',
    replyMs: answerMs,
    keys: [keyOf(scan, wanted)],
    merchantOrderId,
    ...(source === 'wallet' && { source }),
    ...(source === 'card' && { card }),
  }
}
