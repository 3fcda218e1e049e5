/** Fields that many operator requests share. Amounts are strings of fen, times RFC 3339. */
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

export const instant = z.iso.datetime({ offset: true })

export const bilingual = z.strictObject({ zh: line(24), en: line(24) })

export const merchantId = z.string().regex(/^\d{4}$/, 'must be a merchant number of four digits')

export const page = {
  before: z.uuid().optional().describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}

export const pageOfView = <View extends z.ZodType>(view: View) =>
  z.object({ items: z.array(view), next: z.string().nullable() })

export const iso = (at: number): string => new Date(at).toISOString()
export const isoOrNull = (at: number | null): string | null => (at === null ? null : iso(at))
export const msOrNull = (text: string | null): number | null =>
  text === null ? null : Date.parse(text)
export const fen = (value: bigint | null): string | null => value?.toString() ?? null
export const fenOrNull = (text: string | null): bigint | null =>
  text === null ? null : BigInt(text)

/** Everything of the operator's is under one heading of the API's description. */
export const described = (summary: string) => ({
  tags: ['Operator'],
  security: [{ operatorToken: [] }],
  summary,
})
