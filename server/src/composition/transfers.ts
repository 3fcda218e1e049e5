/** Money between people, put together: names from the identities, what was paid from the payments. */
import { instructionWatch } from '../channels/mobile-money/index.ts'
import type { Msisdn } from '../kernel/index.ts'
import { isPaid, type Payment } from '../payments/index.ts'
import {
  type Codes,
  createTransfers,
  type PaidPayment,
  type TransfersModule,
} from '../transfers/index.ts'
import type { Parts } from './cards.ts'

export interface Known {
  readonly knowNumber: (msisdn: Msisdn) => Promise<void>
  readonly payment: (id: string) => Promise<Payment | undefined>
  readonly codes: Codes
}

export function openTransfers(
  parts: Parts,
  { knowNumber, payment, codes }: Known,
): TransfersModule {
  const { db, clock, ids, time, log, policy, identities } = parts
  return createTransfers({
    ...{ db, clock, log, knowNumber, codes },
    refresh: policy.refresh,
    context: { ids, time, policy: policy.current, watch: instructionWatch },
    names: { of: identities.ownerOf, isMissing: identities.isMissingCharacter },
    payments: {
      paidBy: async (msisdn, paymentId) => paidOf(await payment(paymentId), msisdn),
    },
  })
}

/** What a number paid, and what of it has not come back, nor is about to. */
export function paidOf(payment: Payment | undefined, msisdn: Msisdn): PaidPayment | null {
  if (!payment || payment.msisdn !== msisdn) return null
  const { state, amount, refunded, refunding } = payment
  if (!isPaid(state) && state !== 'refunded') return null
  return { amount, kept: amount - refunded - refunding }
}
