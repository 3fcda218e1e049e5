/** What acts and differences have alike, whomever they are about, as the operator sees them. */
import { z } from 'zod'
import type { BusinessTime } from '../../kernel/index.ts'
import { type Asked, actStates, dueDate, isOverdue } from '../../reconciliation/index.ts'
import { iso, isoOrNull } from './fields.ts'

/** A database knows no year 0000. */
export const dayField = z.iso.date().regex(/^2/, 'must be a date from 2000 on')
export const differenceId = z.string().regex(/^\d{1,18}$/, 'must be the number of a difference')

export const askedView = z.object({
  id: z.string(),
  state: z.enum(actStates).describe('`asked`: waits for a second person, until it expires'),
  reason: z.string(),
  askedBy: z.string(),
  askedAt: z.string(),
  expiresAt: z.string(),
  decidedBy: z.string().nullable(),
  decidedAt: z.string().nullable(),
  note: z.string().nullable(),
})

export const viewOfAsked = (act: Asked, now: number): z.infer<typeof askedView> => ({
  id: act.id,
  state: act.state === 'asked' && now >= act.expiresAt ? 'expired' : act.state,
  reason: act.reason,
  askedBy: act.askedBy,
  askedAt: iso(act.askedAt),
  expiresAt: iso(act.expiresAt),
  decidedBy: act.decidedBy,
  decidedAt: isoOrNull(act.decidedAt),
  note: act.note,
})

export const ageView = z.object({
  foundAt: z.string(),
  ageHours: z.int().describe('Until now, or until it was resolved'),
  dueOn: z.string().describe('The last of two working days'),
  overdue: z.boolean(),
  resolvedAt: z.string().nullable(),
})

export function viewOfAge(
  { foundAt, resolvedAt }: { readonly foundAt: number; readonly resolvedAt: number | null },
  { time, now }: { readonly time: BusinessTime; readonly now: number },
): z.infer<typeof ageView> {
  const until = resolvedAt ?? now
  return {
    foundAt: iso(foundAt),
    ageHours: Math.max(0, Math.floor((until - foundAt) / 3_600_000)),
    dueOn: dueDate(time, foundAt),
    overdue: resolvedAt === null && isOverdue(time, { foundAt, now }),
    resolvedAt: isoOrNull(resolvedAt),
  }
}
