/** What a withdrawal or a repayment costs, on top of it; for whoever has to say so before the customer agrees. */
import { type Amount, shareHalfUp } from '../kernel/index.ts'
import type { Policy } from '../risk/index.ts'
import type { Speed } from './movement.ts'

export function withdrawalFee(
  policy: Pick<Policy, 'withdrawalFeeBasisPoints' | 'withdrawalFeeMin'>,
  { amount, speed }: { readonly amount: Amount; readonly speed: Speed },
): Amount {
  if (speed === 'next_day') return 0n
  const share = shareHalfUp(amount, BigInt(policy.withdrawalFeeBasisPoints))
  return share > policy.withdrawalFeeMin ? share : policy.withdrawalFeeMin
}

/** At the rate of a withdrawal of the same day. */
export const repaymentFee = (
  policy: Pick<Policy, 'withdrawalFeeBasisPoints' | 'withdrawalFeeMin'>,
  amount: Amount,
): Amount => withdrawalFee(policy, { amount, speed: 'same_day' })
