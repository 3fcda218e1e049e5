/** Fields that requests of several channels share. Amounts are strings of fen, times RFC 3339. */
import { z } from 'zod'

/** Plain text on one line: no control characters, which a database and a log would choke on. */
export const line = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[^\p{C}]*$/u, 'must be plain text on one line')

export const amount = z
  .string()
  .regex(/^\d{1,12}$/, 'must be fen as a whole number in a string, for example "1000"')
  .describe('Fen, for example "1000" for CNY 10.00')

/** A payment of nothing is none. */
export const positiveAmount = amount.regex(/[1-9]/, 'must be more than nothing')

export const number = z
  .string()
  .max(20)
  .describe('A mobile number, for example 13800138000; never in an address, which is written down')

export const uuid = z.uuid()
export const sixDigits = z.string().regex(/^\d{6}$/, 'must be six digits')

export const words = z.object({ zh: z.string(), en: z.string() })

export const page = {
  before: z.uuid().optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

export const pageOfView = <View extends z.ZodType>(view: View) =>
  z.object({ items: z.array(view), next: z.string().nullable() })

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
