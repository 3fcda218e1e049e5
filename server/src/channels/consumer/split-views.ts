/** Bills that several people pay, as those who have a part in them are shown them. */
import { z } from 'zod'
import { type Msisdn, masked } from '../../kernel/index.ts'
import { type AskedShare, isWithin, type Split, type SplitInFull } from '../../transfers/index.ts'
import { iso, isoOrNull } from './fields.ts'

const shareView = z.object({
  id: z.string(),
  number: z.string(),
  amount: z.string(),
  state: z.enum(['unpaid', 'paid', 'returned', 'void']),
  isOwn: z.boolean(),
  isPayable: z
    .boolean()
    .describe('False where it is over, or more than is left of the payment the bill is of'),
})
export const splitView = z.object({
  id: z.string(),
  title: z.string(),
  by: z.string(),
  isOwn: z.boolean(),
  total: z.string(),
  ownShare: z.string().describe('Of who began it, who owes it to nobody'),
  state: z.enum(['open', 'closed', 'stopped', 'expired']),
  shares: z.array(shareView),
  begunAt: z.string(),
  expiresAt: z.string(),
  payment: z
    .object({ amount: z.string(), kept: z.string() })
    .nullable()
    .describe('The payment it is of and what of that has not come back, for who began it'),
  endedAt: z.string().nullable(),
})
export const splitRow = splitView.omit({ shares: true, payment: true })
export const askedView = z.object({
  id: z.string(),
  splitId: z.string(),
  title: z.string(),
  by: z.string(),
  amount: z.string(),
  state: shareView.shape.state,
  askedAt: z.string(),
})

export const rowOf = (split: Split, msisdn: Msisdn): z.infer<typeof splitRow> => ({
  ...{ id: split.id, title: split.title, state: split.state },
  by: masked(split.msisdn),
  isOwn: split.msisdn === msisdn,
  total: split.total.toString(),
  ownShare: split.own.toString(),
  begunAt: iso(split.begunAt),
  expiresAt: iso(split.expiresAt),
  endedAt: isoOrNull(split.endedAt),
})

export const viewOf = (
  { split, shares, payment }: SplitInFull,
  msisdn: Msisdn,
): z.infer<typeof splitView> => ({
  ...rowOf(split, msisdn),
  payment:
    payment && split.msisdn === msisdn
      ? { amount: payment.amount.toString(), kept: payment.kept.toString() }
      : null,
  shares: shares.map((share) => ({
    ...{
      id: share.id,
      number: masked(share.msisdn),
      amount: share.amount.toString(),
      state: share.state,
    },
    isOwn: share.msisdn === msisdn,
    isPayable: share.state === 'unpaid' && isWithin(share, payment?.left ?? null),
  })),
})

export const askedOf = ({ split, share }: AskedShare): z.infer<typeof askedView> => ({
  ...{ id: share.id, splitId: split.id, state: share.state, amount: share.amount.toString() },
  ...{ title: split.title, by: masked(split.msisdn), askedAt: iso(split.begunAt) },
})
