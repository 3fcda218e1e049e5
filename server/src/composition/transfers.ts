/** Money between people, put together: names from the identities, what was paid from the payments. */
import { instructionWatch } from '../channels/mobile-money/index.ts'
import type { Amount, Msisdn } from '../kernel/index.ts'
import { isPaid, type Payment } from '../payments/index.ts'
import { createTransfers, type TransfersModule } from '../transfers/index.ts'
import type { Parts } from './cards.ts'

export interface Known {
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly payment: (id: string) => Promise<Payment | undefined>
}

export function openTransfers(parts: Parts, { knowNumber, payment }: Known): TransfersModule {
  const { db, clock, ids, time, log, policy, identities } = parts
  return createTransfers({
    ...{ db, clock, log, knowNumber },
    refresh: policy.refresh,
    context: { ids, time, policy: policy.current, watch: instructionWatch },
    names: { of: identities.ownerOf, isMissing: identities.isMissingCharacter },
    payments: {
      paidBy: async (msisdn, paymentId) => keptOf(await payment(paymentId), msisdn),
    },
  })
}

/** What of a payment of this number has not come back, nor is about to; null where that is nothing. */
export function keptOf(payment: Payment | undefined, msisdn: Msisdn): Amount | null {
  if (!payment || payment.msisdn !== msisdn || !isPaid(payment.state)) return null
  const kept = payment.amount - payment.refunded - payment.refunding
  return kept > 0n ? kept : null
}
