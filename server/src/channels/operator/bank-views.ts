/** Days of banks, what differs in them, and what was done about it, as the operator sees them. */
import { z } from 'zod'
import type { Day } from '../../bank-cards/index.ts'
import type { BusinessTime } from '../../kernel/index.ts'
import {
  type Act,
  type Difference,
  differenceKinds,
  differenceStates,
  resolutionActs,
  stepOf,
} from '../../reconciliation/index.ts'
import { ageView, askedView, viewOfAge, viewOfAsked } from './act-views.ts'
import { amount, fen, isoOrNull } from './fields.ts'

export const bankName = z.string().regex(/^[a-z0-9_]{1,40}$/, 'must be the name of a bank')
export const actView = askedView.extend({
  kind: z.enum(['to_suspense', 'identified', 'covered', 'explained', 'complete_file']),
  bank: z.string(),
  day: z.string(),
  differenceId: z.string().nullable(),
  amount: amount.nullable(),
  walletId: z.string().nullable(),
})

export const viewOfAct = (act: Act, now: number): z.infer<typeof actView> => ({
  ...viewOfAsked(act, now),
  ...{ kind: act.kind, bank: act.bank, day: act.day, differenceId: act.differenceId },
  amount: fen(act.amount),
  walletId: act.wallet?.id ?? null,
})

export const differenceView = ageView.extend({
  id: z.string(),
  bank: z.string(),
  day: z.string(),
  kind: z.enum(differenceKinds),
  key: z.string(),
  operationId: z.string().nullable(),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  side: z
    .enum(['long', 'short'])
    .nullable()
    .describe(
      'long: the bank has more for us than we booked; short: less; null: no money, or unclear',
    ),
  amount: amount.nullable(),
  state: z.enum(differenceStates),
  acts: z.array(z.enum(resolutionActs)).describe('What may be done about it now'),
  resolution: z.enum(['identified', 'covered', 'explained', 'by_file']).nullable(),
})

export const viewOfDifference = (
  one: Difference,
  seen: { readonly time: BusinessTime; readonly now: number },
): z.infer<typeof differenceView> => ({
  ...{ id: one.id, bank: one.bank, day: one.day, kind: one.kind, key: one.key },
  ...{ operationId: one.operationId, ours: one.ours, theirs: one.theirs, side: one.side },
  ...{ amount: fen(one.amount), state: one.state, resolution: one.resolution },
  acts: resolutionActs.filter((act) => stepOf(one, act).ok),
  ...viewOfAge(one, seen),
})

export const dayView = z.object({
  bank: z.string(),
  day: z.string(),
  state: z
    .enum(['awaited', 'read', 'differs', 'refused'])
    .describe(
      'awaited: no file yet; differs: it does not add up to the totals; refused: it is no file of that day',
    ),
  problem: z.string().nullable(),
  cutOverAt: z.string().nullable(),
  hasTotals: z.boolean(),
  acceptedAt: z
    .string()
    .nullable()
    .describe('When two people said that its file is whole, where the bank told no totals'),
})

export const viewOfDay = (day: Day): z.infer<typeof dayView> => ({
  ...{ bank: day.bank, day: day.day, state: day.state, problem: day.problem },
  cutOverAt: isoOrNull(day.cutOverAt),
  hasTotals: day.totals !== null,
  acceptedAt: isoOrNull(day.acceptedAt),
})
