/** What a withdrawal or a repayment costs, on top of it; for whoever has to say so before the customer agrees. */
import { type Amount, shareHalfUp } from '../kernel/index.ts'
import type { Policy } from '../risk/index.ts'
import type { Speed } from './movement.ts'

type Rates = Pick<Policy, 'withdrawalFeeBasisPoints' | 'withdrawalFeeMin'>

/** `withdrawn`: on the same day, ever before; so much less of this one is free. */
export function withdrawalFee(
  policy: Rates & Pick<Policy, 'withdrawalFreeEver'>,
  order: { readonly amount: Amount; readonly speed: Speed; readonly withdrawn: Amount },
): Amount {
  const { amount, speed, withdrawn } = order
  if (speed === 'next_day') return 0n
  const free = policy.withdrawalFreeEver - withdrawn
  const charged = free > 0n ? amount - free : amount
  return charged > 0n ? cardFee(policy, charged) : 0n
}

/** Of a repayment and of a transfer to a card: the rate of a withdrawal of the same day, and nothing free. */
export function cardFee(policy: Rates, amount: Amount): Amount {
  const share = shareHalfUp(amount, BigInt(policy.withdrawalFeeBasisPoints))
  return share > policy.withdrawalFeeMin ? share : policy.withdrawalFeeMin
}
