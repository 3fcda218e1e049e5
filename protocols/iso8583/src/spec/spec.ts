/**
 * A message specification: everything in which one bank's messages differ from another's, as data. A
 * bank's own variation is `deriveSpec(unionPayHost, { fields: { … } })`.
 */

import type { Value } from '../message.ts'
import { type Element, elementOf } from './elements.ts'
import { attribute, checkFormat, contentOctets, type Format, type Style } from './format.ts'

export interface FieldSpec extends Format, Element {}

/** A fixed-length part before the message type. */
export interface HeaderPart extends Format {
  readonly name: string
  /** Always this value; not part of a message. */
  readonly constant?: Value
  /** The octets of header and message, as digits; not part of a message. */
  readonly computed?: 'total_length'
  /** What is written when a message does not say. */
  readonly default?: Value
}

/** How messages follow each other on a connection. */
export interface FrameSpec {
  /** The length before each message: big-endian, or decimal digits. */
  readonly length: 'binary' | 'ascii'
  /** Octets of that length: 2 or 4. */
  readonly lengthOctets: 2 | 4
  /** Whether it counts its own octets. */
  readonly countsItself: boolean
  /** Octets of the longest message, length header not counted. */
  readonly octetsMax: number
  /** Whether a length of nothing is a sign of life. Otherwise it is refused. */
  readonly idle: boolean
}

/** Which field carries the message authentication code, and over what it is computed. */
export interface MacSpec {
  /** `last`: 128 when the message has a secondary bitmap, else 64 (ISO 8583:1987 §4). */
  readonly field: 64 | 128 | 'last'
  /** The first eight octets of the code, or its first four as eight characters 0-9 A-F. */
  readonly form: 'octets' | 'hex'
  /** Everything from the message type to the field before, as sent; or selected fields, cleaned. */
  readonly over:
    | 'message'
    | { readonly management: readonly number[]; readonly others: readonly number[] }
}

export interface MessageSpec {
  readonly name: string
  readonly style: Style
  readonly frame: FrameSpec
  readonly header: readonly HeaderPart[]
  readonly mti: 'ascii' | 'bcd'
  readonly bitmap: {
    readonly encoding: 'binary' | 'hex'
    readonly secondary: 'never' | 'when_needed' | 'always'
  }
  readonly mac: MacSpec
  readonly fields: Readonly<Record<number, FieldSpec>>
}

/**
 * A field in other words: an attribute (`ans...512`, encoded as the flavour does), what differs from the
 * field as it was, both in a list, or null for a field that is not there.
 */
export type FieldChange =
  | string
  | Partial<FieldSpec>
  | readonly [attribute: string, rest: Partial<FieldSpec>]
  | null

export interface SpecChange extends Partial<Omit<MessageSpec, 'fields'>> {
  readonly fields?: Readonly<Record<number, FieldChange>>
}

/** A specification with its fields written as attributes. Throws RangeError when it contradicts itself. */
export const defineSpec = (
  spec: Omit<MessageSpec, 'fields'> & { readonly fields: Readonly<Record<number, FieldChange>> },
): MessageSpec => deriveSpec({ ...spec, fields: {} }, { fields: spec.fields })

/** A specification that differs from another. Throws RangeError when it contradicts itself. */
export function deriveSpec(base: MessageSpec, change: SpecChange): MessageSpec {
  const merged = { ...base, ...change }
  const fields: Record<number, FieldSpec> = { ...base.fields }
  for (const [key, changed] of Object.entries(change.fields ?? {})) {
    const number = Number(key)
    if (changed === null) delete fields[number]
    else fields[number] = changedField(number, fields[number], changed, merged.style)
  }
  const spec = { ...merged, fields }
  checkSpec(spec)
  return spec
}

function changedField(
  number: number,
  before: FieldSpec | undefined,
  change: Exclude<FieldChange, null>,
  style: Style,
): FieldSpec {
  const [notation, rest] =
    typeof change === 'string' ? [change, {}] : isPair(change) ? change : [undefined, change]
  const format = notation === undefined ? before : attribute(notation, style)
  const { content, encoding, length, name, mask } = {
    ...elementOf(number),
    ...before,
    ...format,
    ...rest,
  }
  if (content === undefined || encoding === undefined || length === undefined)
    throw new RangeError(`field ${number} has no format to change`)
  return { content, encoding, length, name, mask }
}

const isPair = (
  change: Partial<FieldSpec> | readonly [string, Partial<FieldSpec>],
): change is readonly [string, Partial<FieldSpec>] => Array.isArray(change)

function checkSpec({ header, frame, fields, mac, bitmap }: MessageSpec): void {
  for (const part of header) {
    checkFormat(`header ${part.name}`, part)
    if (!('fixed' in part.length)) throw new RangeError(`header ${part.name} has no fixed length`)
  }
  for (const [key, field] of Object.entries(fields)) {
    const number = Number(key)
    if (!Number.isInteger(number) || number < 2 || number > 128)
      throw new RangeError(`${key} is no data element`)
    checkFormat(`field ${number}`, field)
  }
  checkFrame(frame)
  const holders = bitmap.secondary === 'never' ? [64] : [64, 128]
  for (const number of mac.field === 'last' ? holders : [mac.field]) {
    const { content, length } = fields[number] ?? {}
    if (content !== 'b' || !length || !('fixed' in length) || length.fixed !== 8)
      throw new RangeError(`field ${number} is to hold the MAC and is not b 64`)
  }
}

function checkFrame({ length, lengthOctets, countsItself, octetsMax }: FrameSpec): void {
  const most = (length === 'ascii' ? 10 : 256) ** lengthOctets - 1
  const longest = most - (countsItself ? lengthOctets : 0)
  if (!Number.isInteger(octetsMax) || octetsMax < 1 || octetsMax > longest)
    throw new RangeError(`messages of ${octetsMax} octets: the frame allows 1 to ${longest}`)
}

/** Octets of the header: where the message type begins. */
export const headerOctets = (spec: MessageSpec): number =>
  spec.header.reduce(
    (sum, { encoding, length }) =>
      sum + contentOctets(encoding, 'fixed' in length ? length.fixed : length.max),
    0,
  )
