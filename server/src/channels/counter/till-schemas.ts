/** What the counter's app sends about tills, and is answered. */
import { z } from 'zod'
import { counts, line, reason } from './fields.ts'
import { approvalView, tillView } from './schemas.ts'

export const tillOpenBody = z.strictObject({
  desk: z.string().regex(/^[\p{L}\p{N} ._-]{1,20}$/u),
  counts,
})
export const tillCloseBody = z.strictObject({ counts, reason: reason.nullable().default(null) })
export const tillCloseAnswer = z.object({
  till: tillView.nullable(),
  approval: approvalView.nullable(),
})
export const tillBankBody = z.strictObject({
  slip: line(40).describe('The number on the bank’s slip'),
})
export const tillsView = z.object({ items: z.array(tillView) })
