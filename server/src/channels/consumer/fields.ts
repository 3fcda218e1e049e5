/** Fields of the app's API. */
import { z } from 'zod'
import { fields } from '../http/index.ts'

export const { iso, isoOrNull, line, number, positiveAmount, sixDigits, uuid, words } = fields

export const pin = z.string().regex(/^\d{4,12}$/, 'must be 4 to 12 digits')

/** The same key on every retry is one effect and the same answer. */
export const key = uuid.describe('A UUID of the app, the same on every retry of one request')

export const language = z.enum(['zh', 'en'])

const described = (summary: string) => ({ tags: ['App'], summary })

/** For whoever is signed in. */
export const own = (summary: string) => ({
  ...described(summary),
  security: [{ consumerSession: [] }],
})

/** For whoever is about to be. */
export const open = (summary: string) => ({ ...described(summary), security: [] })
