/**
 * What an answer of a biller means. Only one that is signed, to this very request and about our payment is final;
 * everything else is `unknown`, which holds the money. The format is docs/reference/biller-http.md.
 */
import type { BillerAnswer, BillerRefusal, Due } from '../../billers/index.ts'
import type { Secret } from '../../kernel/index.ts'
import type { RawAnswer } from '../http/index.ts'
import { isSigned } from './signature.ts'

export type Fields = Readonly<Record<string, unknown>>

export interface Expectation<Value> {
  /** Fields of every answer that must equal ours. */
  readonly ids: Readonly<Record<string, string>>
  /** The value of a success, or undefined when it makes no sense as an answer to this verb. */
  readonly read: (fields: Fields) => Value | undefined
  /** Error codes that settle this verb. A code not listed settles nothing. */
  readonly errors: ReadonlyMap<string, BillerRefusal | { readonly value: Value }>
}

/** `requestId` was sent with the request. Never throws, whatever the bytes are. */
export function readAnswer<Value>(
  raw: RawAnswer,
  { requestId, secret }: { readonly requestId: string; readonly secret: Secret },
  expected: Expectation<Value>,
): BillerAnswer<Value> {
  const problem = envelopeProblem(raw, requestId, secret)
  if (problem !== undefined) return unknown(problem)
  const isFailure = raw.status >= 400 && raw.status <= 499
  if (raw.status !== 200 && !isFailure) return unknown(`http_${raw.status}`)
  const fields = parseFields(raw.body)
  if (!fields) return unknown('not_json')
  if (!Object.entries(expected.ids).every(([name, value]) => fields[name] === value))
    return unknown('answer_for_another_payment')
  if (isFailure) return readError(fields, raw.status, expected)
  const value = expected.read(fields)
  return value === undefined ? unknown('answer_without_sense') : { outcome: 'done', value }
}

/** A word for what is wrong with an answer before anything of it is believed. */
export function envelopeProblem(
  { status, requestId, signature = '', body }: RawAnswer,
  expectedId: string,
  secret: Secret,
): string | undefined {
  if (requestId !== expectedId) return 'answer_to_another_request'
  return isSigned(secret, { status, requestId, body }, signature) ? undefined : 'not_signed'
}

function readError<Value>(
  { code }: Fields,
  status: number,
  { errors }: Expectation<Value>,
): BillerAnswer<Value> {
  const meaning = typeof code === 'string' ? errors.get(code) : undefined
  if (meaning === undefined)
    return unknown(
      typeof code === 'string' && /^[a-z_]{1,40}$/.test(code) ? `error_${code}` : `http_${status}`,
    )
  return typeof meaning === 'string'
    ? { outcome: 'refused', reason: meaning }
    : { outcome: 'done', value: meaning.value }
}

export const unknown = (detail: string) => ({ outcome: 'unknown', detail }) as const

function parseFields(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const itemsMax = 36

export function readDue({ billNo, holder, items, due, min, max }: Fields): Due | undefined {
  if (!isWord(billNo) || !(holder === null || isText(holder))) return undefined
  if (!isAmount(due) || !isAmount(min) || !isAmount(max) || min === '0') return undefined
  if (!Array.isArray(items) || items.length > itemsMax) return undefined
  const parts = items
    .filter(isFields)
    .flatMap(({ period, amount }) =>
      isWord(period) && isAmount(amount) ? [{ period, amount }] : [],
    )
  const range = { due: BigInt(due), min: BigInt(min), max: BigInt(max) }
  if (parts.length !== items.length || range.max < range.min) return undefined
  return { billNo, holder, items: parts, ...range }
}

export function readWrittenOff({ receiptNo, date }: Fields) {
  return isWord(receiptNo) && isDate(date) ? { receiptNo, date } : undefined
}

export const isAmount = (value: unknown): value is string =>
  typeof value === 'string' && /^(0|[1-9]\d{0,11})$/.test(value)

export const isWord = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9_.-]{1,40}$/.test(value)

export const isDate = (value: unknown): value is string =>
  typeof value === 'string' &&
  /^\d{4}-\d\d-\d\d$/.test(value) &&
  !Number.isNaN(Date.parse(`${value}T00:00:00Z`))

const isText = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 40 && !/\p{Cc}/u.test(value)
