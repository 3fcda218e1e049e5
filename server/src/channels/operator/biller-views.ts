/** What differs with billers, and what was done about it, as the operator sees it. */
import { z } from 'zod'
import {
  type Bill,
  type BillerDifference,
  billerDifferenceKinds,
  billerResolutions,
  standingOf,
} from '../../billers/index.ts'
import type { BusinessTime } from '../../kernel/index.ts'
import type { BillerAct } from '../../reconciliation/index.ts'
import { ageView, askedView, viewOfAge, viewOfAsked } from './act-views.ts'
import { amount, fen } from './fields.ts'

export const billerName = z.string().regex(/^[A-Za-z0-9_-]{1,40}$/, 'must be the code of a biller')

export const billerActView = askedView.extend({
  kind: z.enum(billerResolutions),
  biller: z.string(),
  differenceId: z.string(),
  amount: amount.nullable().describe('Of `covered`: what own money pays to the biller'),
})

export const viewOfBillerAct = (act: BillerAct, now: number): z.infer<typeof billerActView> => ({
  ...viewOfAsked(act, now),
  ...{ kind: act.kind, biller: act.biller, differenceId: act.differenceId },
  amount: fen(act.amount),
})

export const billerDifferenceView = ageView.extend({
  id: z.string(),
  biller: z.string(),
  day: z.string(),
  kind: z
    .enum(billerDifferenceKinds)
    .describe('`state`: written off there, and given back or not paid here'),
  billId: z.string(),
  ours: z.string().nullable(),
  theirs: z.string().nullable(),
  receiptNo: z.string().nullable().describe('In the biller’s file'),
  billState: z.string().nullable().describe('How our bill stands now; null where there is none'),
  has: z
    .enum(['ours', 'theirs', 'amount'])
    .describe('Who has the payment now: we alone, the biller alone, or both with other amounts'),
  amount: amount.describe('What it is about now'),
  acts: z.array(z.enum(billerResolutions)).describe('What may be done about it now'),
  resolution: z.enum(billerResolutions).nullable(),
})

export function viewOfBillerDifference(
  one: BillerDifference,
  bill: Bill | undefined,
  seen: { readonly time: BusinessTime; readonly now: number },
): z.infer<typeof billerDifferenceView> {
  const standing = standingOf(one, bill)
  return {
    ...{ id: one.id, biller: one.biller, day: one.day, kind: one.kind, billId: one.billId },
    ...{ ours: one.ours, theirs: one.theirs, receiptNo: one.receiptNo },
    ...{ billState: bill?.state ?? null, has: standing.has, amount: standing.amount.toString() },
    acts: one.resolution === null ? [...standing.acts] : [],
    resolution: one.resolution,
    ...viewOfAge(one, seen),
  }
}
