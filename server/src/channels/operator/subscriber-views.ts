/** A number as the operator sees it. */
import { z } from 'zod'
import { coolOffUntil, type KeptSubscriber, type OwnLimits } from '../../subscribers/index.ts'
import type { Desk } from './desk.ts'
import { amount, fen, iso, isoOrNull } from './fields.ts'

export const lineStatus = z.enum(['active', 'suspended', 'closed'])

export const ownLimits = z.strictObject({
  switchedOn: z.boolean(),
  single: amount.nullable(),
  day: amount.nullable(),
  month: amount.nullable(),
})

export const subscriberView = z.object({
  msisdn: z.string(),
  carrier: z.string(),
  brand: z.string(),
  billing: z.enum(['prepaid', 'postpaid']),
  region: z.string(),
  language: z.enum(['zh', 'en']),
  status: lineStatus,
  simKind: z.enum(['ordinary', 'wallet']),
  own: ownLimits,
  pending: z
    .object({ limits: ownLimits, from: z.string() })
    .nullable()
    .describe('A raise of the limits, and when it comes to count'),
  lastYesAt: z.string().nullable(),
  simChangedAt: z.string().nullable(),
  coolOffUntil: z
    .string()
    .nullable()
    .describe('Until when no money leaves its wallet after a change of SIM; may be past'),
})

const viewOfOwn = (own: OwnLimits): z.infer<typeof ownLimits> => ({
  switchedOn: own.switchedOn,
  single: fen(own.single),
  day: fen(own.day),
  month: fen(own.month),
})

export const limitsOf = (subscriber: KeptSubscriber) => ({
  own: viewOfOwn({
    switchedOn: subscriber.switchedOn,
    single: subscriber.ownSingleLimit,
    day: subscriber.ownDayLimit,
    month: subscriber.ownMonthLimit,
  }),
  pending: subscriber.pending && {
    limits: viewOfOwn(subscriber.pending.limits),
    from: iso(subscriber.pending.from),
  },
})

export const viewOf = (
  subscriber: KeptSubscriber,
  { policy }: Pick<Desk, 'policy'>,
): z.infer<typeof subscriberView> => ({
  msisdn: subscriber.msisdn,
  carrier: subscriber.carrier,
  brand: subscriber.brand,
  billing: subscriber.billing,
  region: subscriber.region,
  language: subscriber.language,
  status: subscriber.status,
  simKind: subscriber.simKind,
  ...limitsOf(subscriber),
  lastYesAt: isoOrNull(subscriber.lastYesAt),
  simChangedAt: isoOrNull(subscriber.simChangedAt),
  coolOffUntil: isoOrNull(coolOffUntil(subscriber, policy.current())),
})
