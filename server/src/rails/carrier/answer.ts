/**
 * What an answer of the carrier means. Only an answer which is well formed, is to this very request
 * and speaks of our ids is final; everything else is `unknown`, which holds the money.
 * The format is docs/reference/carrier-http.md.
 */
import type { CarrierAnswer, CarrierRefusal, Line } from '../../payments/index.ts'
import type { RawAnswer } from '../http/index.ts'

type Fields = Readonly<Record<string, unknown>>

export interface Expectation<Value> {
  /** Fields of the answer that must equal ours: ids, and where we know it the amount. */
  readonly ids: Readonly<Record<string, string>>
  /** Fields that must also equal ours when the answer is a success. */
  readonly content?: Readonly<Record<string, string>>
  /** The value of a success, or undefined when it makes no sense as an answer to this verb. */
  readonly read: (fields: Fields) => Value | undefined
  /** Error codes that settle this verb. A code not listed settles nothing. */
  readonly errors: ReadonlyMap<string, CarrierRefusal | { readonly value: Value }>
}

/** `requestId` was sent with the request. Never throws, whatever the bytes are. */
export function readAnswer<Value>(
  raw: RawAnswer,
  requestId: string,
  expected: Expectation<Value>,
): CarrierAnswer<Value> {
  const isFailure = raw.status >= 400 && raw.status <= 499
  // Without a valid token nothing is read of our request, and no id comes back.
  const isTurnedAway = raw.status === 401 || raw.status === 403
  if ((raw.status !== 200 && !isFailure) || isTurnedAway) return unknown(`http_${raw.status}`)
  const fields = readBody(raw, requestId)
  if (typeof fields === 'string') return unknown(fields)
  if (!holds(fields, expected.ids)) return unknown('answer_for_another_id')
  return isFailure ? readError(fields, raw.status, expected) : readSuccess(fields, expected)
}

/**
 * Reads the answer to a list of charges: an answer for each of them, in their order. What is missing in
 * it, or there twice, is as unknown as if nothing had come.
 */
export function readListAnswer<Value>(
  raw: RawAnswer,
  requestId: string,
  expected: readonly (Expectation<Value> & { readonly ids: { readonly chargeId: string } })[],
): CarrierAnswer<Value>[] {
  const none = (detail: string) => expected.map(() => unknown(detail))
  if (raw.status !== 200) return none(`http_${raw.status}`)
  const fields = readBody(raw, requestId)
  if (typeof fields === 'string') return none(fields)
  if (!Array.isArray(fields.charges)) return none('answer_without_sense')
  const answers = new Map<unknown, Fields | 'twice'>()
  for (const one of fields.charges.filter(isFields))
    answers.set(one.chargeId, answers.has(one.chargeId) ? 'twice' : one)
  return expected.map((one) => {
    const answer = answers.get(one.ids.chargeId)
    if (answer === undefined) return unknown('missing_in_list')
    if (answer === 'twice') return unknown('twice_in_list')
    const isFailure = answer.code !== undefined
    if (isFailure === (answer.status !== undefined)) return unknown('answer_without_sense')
    return isFailure ? readError(answer, raw.status, one) : readSuccess(answer, one)
  })
}

/** The body of an answer to our very request, or a word for what is wrong with it. */
function readBody(raw: RawAnswer, requestId: string): Fields | string {
  if (!/^application\/json\s*(;|$)/i.test(raw.contentType)) return 'not_json'
  const fields = parseFields(raw.body)
  if (!fields) return 'not_json'
  return raw.requestId === requestId ? fields : 'answer_to_another_request'
}

function readSuccess<Value>(fields: Fields, expected: Expectation<Value>): CarrierAnswer<Value> {
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
    return isFields(value) ? value : undefined
  } catch {
    return undefined
  }
}

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

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
