/** Fields that many operator requests share. */
import { z } from 'zod'
import { fields } from '../http/index.ts'

export const { amount, iso, isoOrNull, line, page, pageOfView } = fields

export const instant = z.iso.datetime({ offset: true })

export const bilingual = z.strictObject({ zh: line(24), en: line(24) })

export const merchantId = z.string().regex(/^\d{4}$/, 'must be a merchant number of four digits')

export const msOrNull = (text: string | null): number | null =>
  text === null ? null : Date.parse(text)
export const fen = (value: bigint | null): string | null => value?.toString() ?? null
export const fenOrNull = (text: string | null): bigint | null =>
  text === null ? null : BigInt(text)

/** Everything of the operator's is under one heading of the API's description. */
export const described = (summary: string) => ({ tags: ['Operator'], summary })
