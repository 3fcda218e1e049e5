/**
 * What an answer of the carrier means. Only an answer which is well formed, is to this very request
 * and speaks of our ids is final; everything else is `unknown`, which holds the money.
 * The format is docs/reference/carrier-http.md.
 */
import type { CarrierAnswer, CarrierRefusal, Line } from '../../payments/index.ts'
import type { RawAnswer } from './exchange.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Expectation<Value> {
  /** Sent with the request; the answer repeats it. */
  readonly requestId: string
  /** Fields of the answer that must equal ours: ids, and where we know it the amount. */
  readonly ids: Readonly<Record<string, string>>
  /** Fields that must also equal ours when the answer is a success. */
  readonly content?: Readonly<Record<string, string>>
  /** The value of a success, or undefined when it makes no sense as an answer to this verb. */
  readonly read: (fields: Fields) => Value | undefined
  /** Error codes that settle this verb. A code not listed settles nothing. */
  readonly errors: ReadonlyMap<string, CarrierRefusal | { readonly value: Value }>
}

/** Reads the answer to one request. Never throws, whatever the bytes are. */
export function readAnswer<Value>(
  raw: RawAnswer,
  expected: Expectation<Value>,
): CarrierAnswer<Value> {
  const isFailure = raw.status >= 400 && raw.status <= 499
  // Without a valid token nothing is read of our request, and no id comes back.
  const isTurnedAway = raw.status === 401 || raw.status === 403
  if ((raw.status !== 200 && !isFailure) || isTurnedAway) return unknown(`http_${raw.status}`)
  if (!/^application\/json\s*(;|$)/i.test(raw.contentType)) return unknown('not_json')
  const fields = parseFields(raw.body)
  if (!fields) return unknown('not_json')
  if (raw.requestId !== expected.requestId) return unknown('answer_to_another_request')
  if (!holds(fields, expected.ids)) return unknown('answer_for_another_id')
  if (isFailure) return readError(fields, raw.status, expected)
  if (!holds(fields, expected.content ?? {})) return unknown('answer_with_other_content')
  const value = expected.read(fields)
  if (value === undefined) return unknown('answer_without_sense')
  const { carrierRef } = fields
  if (carrierRef === undefined) return { outcome: 'done', value }
  if (typeof carrierRef !== 'string' || !/^[A-Za-z0-9_.-]{1,40}$/.test(carrierRef))
    return unknown('answer_without_sense')
  return { outcome: 'done', value, carrierRef }
}

function readError<Value>(
  fields: Fields,
  status: number,
  expected: Expectation<Value>,
): CarrierAnswer<Value> {
  const { code } = fields
  if (typeof code !== 'string') return unknown(`http_${status}`)
  const meaning = expected.errors.get(code)
  if (meaning === undefined)
    return unknown(/^[a-z_]{1,40}$/.test(code) ? `error_${code}` : `http_${status}`)
  return typeof meaning === 'string'
    ? { outcome: 'refused', reason: meaning }
    : { outcome: 'done', value: meaning.value }
}

function parseFields(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body))
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Fields)
      : undefined
  } catch {
    return undefined
  }
}

const holds = (fields: Fields, wanted: Readonly<Record<string, string>>): boolean =>
  Object.entries(wanted).every(([name, value]) => fields[name] === value)

const unknown = (detail: string) => ({ outcome: 'unknown', detail }) as const

/** Reads one of a few words from `status`. */
export const readStatus =
  <Status extends string>(meanings: Readonly<Partial<Record<string, Status>>>) =>
  ({ status }: Fields): Status | undefined =>
    typeof status === 'string' && Object.hasOwn(meanings, status) ? meanings[status] : undefined

export function readLine(fields: Fields): Line | undefined {
  const { msisdn, carrier, brand, billing, status, language, region, available } = fields
  if (!isWord(msisdn) || !isWord(carrier) || !isWord(brand)) return undefined
  if (billing !== 'prepaid' && billing !== 'postpaid') return undefined
  if (status !== 'active' && status !== 'suspended' && status !== 'closed') return undefined
  if (language !== 'zh' && language !== 'en') return undefined
  if (typeof region !== 'string' || !/^\d{6}$/.test(region)) return undefined
  if (typeof available !== 'string' || !/^\d{1,15}$/.test(available)) return undefined
  return {
    msisdn,
    carrier,
    brand,
    billing,
    status,
    language,
    region,
    available: BigInt(available),
  }
}

const isWord = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= 32 && !/\p{Cc}/u.test(value)
