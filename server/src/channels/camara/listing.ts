/** Pages and date ranges, the same for payments and refunds. */
import { z } from 'zod'
import { CamaraProblem, common, problem } from './problems.ts'

/** At most so many records in one answer; who asks for more and would get more is told to narrow. */
const recordsMax = 100
const perPageMax = 1_000
/** Beyond this many records a page is not worth its cost: narrow the dates instead. */
const offsetMax = 10_000
/** Filters that the database cannot apply look through this many payments. */
export const scanMax = 1_000

export const pageQuery = {
  page: z.coerce.number().int().default(1),
  perPage: z.coerce.number().int().default(10),
  order: z.enum(['desc', 'asc']).default('desc'),
  merchantIdentifier: z.string().max(256).optional(),
}
/** RFC 3339 with a time zone. */
export const instantQuery = z.iso.datetime({ offset: true }).optional()
/** `?status=a&status=b`, or once. */
export const listOf = <Values extends readonly [string, ...string[]]>(values: Values) =>
  z.union([z.enum(values).transform((one) => [one]), z.array(z.enum(values)).max(10)]).optional()

export interface Window {
  readonly offset: number
  readonly limit: number
}

export function windowOf({ page, perPage }: { page: number; perPage: number }): Window {
  const offset = (page - 1) * perPage
  if (page < 1 || perPage < 1 || perPage > perPageMax || offset > offsetMax)
    throw problem(common.outOfRange)
  return { offset, limit: perPage }
}

/** `prefix` is `CARRIER_BILLING` or `CARRIER_BILLING_REFUND`. */
export function rangeOf(
  prefix: string,
  { gte, lte }: { gte: string | undefined; lte: string | undefined },
  now: number,
): { readonly from: number | undefined; readonly to: number | undefined } {
  const from = gte === undefined ? undefined : Date.parse(gte)
  const to = lte === undefined ? undefined : Date.parse(lte)
  if (from !== undefined && from > (to ?? now))
    throw new CamaraProblem(
      400,
      `${prefix}.INVALID_DATE_RANGE`,
      'Client specified an invalid date range.',
    )
  return { from, to }
}

export const tooManyRecords = (prefix: string) =>
  new CamaraProblem(
    400,
    `${prefix}.TOO_MANY_MATCHING_RECORDS`,
    'Too many matching records found. Specify additional/suitable criteria to limit the number of records.',
  )

/** Refuses an answer of more than a hundred records. */
export function boundAnswer(prefix: string, { offset, limit }: Window, total: number): void {
  if (Math.min(limit, total - offset) > recordsMax) throw tooManyRecords(prefix)
}

export const pageHeaders = ({ offset }: Window, shown: number, total: number) => ({
  'x-total-count': String(total),
  'content-last-key': String(offset + shown),
})
