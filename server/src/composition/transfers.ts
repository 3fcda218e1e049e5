/** Money between people, put together: names from the identities, what was paid from the payments. */
import { instructionWatch } from '../channels/mobile-money/index.ts'
import type { Msisdn } from '../kernel/index.ts'
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
      async paidBy(msisdn, paymentId) {
        const found = await payment(paymentId)
        return found && isPaid(found.state) && found.msisdn === msisdn ? found.amount : null
      },
    },
  })
}
