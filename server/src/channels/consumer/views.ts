/** The wallet and what moves in it, as the app is shown them. */
import { z } from 'zod'
import type { Msisdn } from '../../kernel/index.ts'
import { balancesAt, userHolds } from '../../ledger/index.ts'
import type { Movement } from '../../wallet/index.ts'
import type { ConsumerDesk } from './desk.ts'
import { iso, isoOrNull } from './fields.ts'

export const balanceView = z.object({
  available: z.string(),
  held: z.array(z.object({ why: z.enum(['delayed_transfers']), amount: z.string() })),
  inTransit: z.string(),
  asOf: z.string(),
})

export async function balanceOf(desk: ConsumerDesk, msisdn: Msisdn) {
  const found = await stateOf(desk, msisdn)
  return found && { ...found.balance, asOf: iso(desk.clock.now()) }
}

/** The balance without the time at which it was read. */
export async function stateOf({ db, wallet }: ConsumerDesk, msisdn: Msisdn) {
  const balance = await wallet.balance(msisdn)
  if (!balance) return undefined
  const { account, available, inTransit } = balance
  const holds = userHolds(account.bucket, account.id)
  const sums = (await balancesAt(db, [holds])).get(holds.name)
  const sent = sums ? sums.creditsPosted - sums.debitsPosted : 0n
  const held = sent > 0n ? [{ why: 'delayed_transfers' as const, amount: sent.toString() }] : []
  const shown = { available: available.toString(), held, inTransit: inTransit.toString() }
  return { walletId: account.id, balance: shown }
}

export const movementView = z.object({
  id: z.string(),
  kind: z.enum(['top_up', 'withdrawal', 'repayment', 'card_transfer', 'cash_in', 'cash_out']),
  amount: z.string(),
  fee: z.string(),
  speed: z.enum(['same_day', 'next_day']).nullable(),
  last4: z.string().nullable(),
  payee: z.string().nullable().describe('Masked: whose card it is, where it is somebody else’s'),
  billedOn: z.string().nullable().describe('Of a repayment: whose bill it pays'),
  state: z
    .enum(['funding', 'requested', 'unknown', 'done', 'refused', 'reversed', 'paid', 'returned'])
    .describe('`funding`: a repayment that waits for the money of a debit card'),
  reason: z
    .object({ name: z.string(), code: z.string().nullable() })
    .nullable()
    .describe('Why the bank did not do it, and its word for it in our code'),
  requestedAt: z.string(),
  unknownSince: z.string().nullable().describe('Since when the bank owes an answer'),
  endedAt: z.string().nullable(),
})

export const viewOfMovement = (movement: Movement): z.infer<typeof movementView> => ({
  ...{ id: movement.id, kind: movement.kind, state: movement.state },
  ...{ amount: movement.amount.toString(), fee: movement.fee.toString() },
  ...{
    speed: movement.speed,
    last4: movement.last4,
    payee: movement.payee,
    billedOn: movement.billedOn,
  },
  reason: movement.reason === null ? null : { name: movement.reason, code: movement.bankCode },
  requestedAt: iso(movement.requestedAt),
  unknownSince: isoOrNull(movement.unknownSince),
  endedAt: isoOrNull(movement.endedAt),
})
