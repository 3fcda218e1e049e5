/** The wallet and what moves in it, as the app is shown them. */
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import type { Movement } from '../../wallet/index.ts'
import type { ConsumerDesk } from './desk.ts'
import { iso, isoOrNull } from './fields.ts'

export const balanceView = z.object({
  available: z.string(),
  inTransit: z.string(),
  asOf: z.string(),
})

export async function balanceOf({ wallet, clock }: ConsumerDesk, msisdn: Msisdn) {
  const balance = await wallet.balance(msisdn)
  return (
    balance && {
      available: balance.available.toString(),
      inTransit: balance.inTransit.toString(),
      asOf: iso(clock.now()),
    }
  )
}

export const movementView = z.object({
  id: z.string(),
  kind: z.enum(['top_up', 'withdrawal', 'cash_in', 'cash_out']),
  amount: z.string(),
  fee: z.string(),
  speed: z.enum(['same_day', 'next_day']).nullable(),
  last4: z.string().nullable(),
  state: z.enum(['requested', 'unknown', 'done', 'refused', 'reversed', 'paid', 'returned']),
  reason: z
    .object({ name: z.string(), code: z.string().nullable() })
    .nullable()
    .describe('Why the bank did not do it, and its word for it in our code'),
  requestedAt: z.string(),
  endedAt: z.string().nullable(),
})

export const viewOfMovement = (movement: Movement): z.infer<typeof movementView> => ({
  ...{ id: movement.id, kind: movement.kind, state: movement.state },
  ...{ amount: movement.amount.toString(), fee: movement.fee.toString() },
  ...{ speed: movement.speed, last4: movement.last4 },
  reason: movement.reason === null ? null : { name: movement.reason, code: movement.bankCode },
  requestedAt: iso(movement.requestedAt),
  endedAt: isoOrNull(movement.endedAt),
})
