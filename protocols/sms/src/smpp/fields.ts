/**
 * The kinds of mandatory field (SMPP 3.4 §3.1), each with how it is read and written. A reader keeps
 * the first thing that is wrong and gives defaults from there on, so that a table of fields can be
 * walked without a check after each of them.
 */
import type { OctetWriter } from '../octet-writer.ts'
import { latin1Text } from '../octets.ts'

export type Field =
  | { readonly kind: 'integer'; readonly octets: 1 | 4 }
  /** `max` counts the terminating NUL, as the standard's tables do. */
  | { readonly kind: 'c_string'; readonly max: number }
  /** sm_length and short_message are one field here: a length octet, then 0 to 254 octets. */
  | { readonly kind: 'short_message' }
  | { readonly kind: 'destinations' }
  | { readonly kind: 'unsuccessful' }

/** submit_multi, dest_address (§4.5.1.1): an SME address (dest_flag 1) or a distribution list (2). */
export type Destination =
  | {
      readonly dest_addr_ton: number
      readonly dest_addr_npi: number
      readonly destination_addr: string
    }
  | { readonly dl_name: string }

/** submit_multi_resp, unsuccess_sme (§4.5.2.1). */
export interface UnsuccessfulDelivery {
  readonly dest_addr_ton: number
  readonly dest_addr_npi: number
  readonly destination_addr: string
  readonly error_status_code: number
}

export type ValueOf<F extends Field> = F extends { kind: 'integer' }
  ? number
  : F extends { kind: 'c_string' }
    ? string
    : F extends { kind: 'short_message' }
      ? Uint8Array
      : F extends { kind: 'destinations' }
        ? readonly Destination[]
        : readonly UnsuccessfulDelivery[]

export type FieldValue = ValueOf<Field>

export type FieldFault =
  | 'field_truncated'
  | 'string_unterminated'
  | 'string_too_long'
  | 'message_too_long'
  | 'destination_count_invalid'
  | 'destination_flag_invalid'

const shortMessageMax = 254
const destinationsMax = 254
const addressMax = 21

export interface FieldReader {
  /** How far the reader has come. */
  at: number
  fault?: FieldFault
  readonly octets: Uint8Array
}

const noOctets = new Uint8Array(0)

export const defaultOf = (field: Field): FieldValue => {
  if (field.kind === 'integer') return 0
  if (field.kind === 'c_string') return ''
  return field.kind === 'short_message' ? noOctets : []
}

/** Reads one field; after a fault it reads nothing and gives the default. */
export function readField(reader: FieldReader, field: Field): FieldValue {
  switch (field.kind) {
    case 'integer':
      return readInteger(reader, field.octets)
    case 'c_string':
      return readCString(reader, field.max)
    case 'short_message':
      return readShortMessage(reader)
    case 'destinations':
      return readDestinations(reader)
    case 'unsuccessful':
      return readUnsuccessful(reader)
  }
}

function fail(reader: FieldReader, fault: FieldFault) {
  reader.fault ??= fault
}

function readInteger(reader: FieldReader, octets: 1 | 4): number {
  if (reader.at + octets > reader.octets.length) fail(reader, 'field_truncated')
  if (reader.fault) return 0
  let value = 0
  for (let i = 0; i < octets; i += 1) value = value * 256 + (reader.octets[reader.at + i] ?? 0)
  reader.at += octets
  return value
}

function readCString(reader: FieldReader, max: number): string {
  if (reader.fault) return ''
  const end = reader.octets.indexOf(0, reader.at)
  const length = (end < 0 ? reader.octets.length : end) - reader.at
  if (length > max - 1) fail(reader, 'string_too_long')
  else if (end < 0) fail(reader, 'string_unterminated')
  if (reader.fault) return ''
  const text = latin1Text(reader.octets.subarray(reader.at, end))
  reader.at = end + 1
  return text
}

function readShortMessage(reader: FieldReader): Uint8Array {
  const length = readInteger(reader, 1)
  if (length > shortMessageMax) fail(reader, 'message_too_long')
  if (reader.at + length > reader.octets.length) fail(reader, 'field_truncated')
  if (reader.fault) return new Uint8Array(0)
  const octets = reader.octets.slice(reader.at, reader.at + length)
  reader.at += length
  return octets
}

function readDestinations(reader: FieldReader): Destination[] {
  const count = readInteger(reader, 1)
  if (count < 1 || count > destinationsMax) fail(reader, 'destination_count_invalid')
  const destinations: Destination[] = []
  while (!reader.fault && destinations.length < count) {
    const flag = readInteger(reader, 1)
    if (flag === 1) destinations.push(readAddress(reader))
    else if (flag === 2) destinations.push({ dl_name: readCString(reader, addressMax) })
    else fail(reader, 'destination_flag_invalid')
  }
  return destinations
}

function readUnsuccessful(reader: FieldReader): UnsuccessfulDelivery[] {
  const count = readInteger(reader, 1)
  const failures: UnsuccessfulDelivery[] = []
  while (!reader.fault && failures.length < count)
    failures.push({ ...readAddress(reader), error_status_code: readInteger(reader, 4) })
  return failures
}

const readAddress = (reader: FieldReader) => ({
  dest_addr_ton: readInteger(reader, 1),
  dest_addr_npi: readInteger(reader, 1),
  destination_addr: readCString(reader, addressMax),
})

/**
 * Appends one field. Throws RangeError when the value does not fit the field: what we send is made by
 * our own program, so a misfit is a mistake in it or in its settings.
 */
export function writeField(out: OctetWriter, name: string, field: Field, value: FieldValue): void {
  if (field.kind === 'integer' && typeof value === 'number')
    writeInteger(out, name, field.octets, value)
  else if (field.kind === 'c_string' && typeof value === 'string')
    writeCString(out, name, field.max, value)
  else if (field.kind === 'short_message' && value instanceof Uint8Array) {
    if (value.length > shortMessageMax) throw new RangeError(`${name} is longer than 254 octets`)
    out.octet(value.length)
    out.all(value)
  } else if (Array.isArray(value)) writeList(out, name, value)
  else throw new RangeError(`${name} is not a ${field.kind}`)
}

function writeInteger(out: OctetWriter, name: string, octets: 1 | 4, value: number) {
  if (!Number.isInteger(value) || value < 0 || value > (octets === 1 ? 0xff : 0xffffffff))
    throw new RangeError(`${name} does not fit ${octets} octets`)
  for (let shift = 8 * (octets - 1); shift >= 0; shift -= 8) out.octet((value >>> shift) & 0xff)
}

function writeCString(out: OctetWriter, name: string, max: number, value: string) {
  if (value.length > max - 1 || !out.text(value))
    throw new RangeError(`${name} is not a C-octet string of at most ${max - 1} characters`)
  out.octet(0)
}

function writeList(
  out: OctetWriter,
  name: string,
  list: readonly (Destination | UnsuccessfulDelivery)[],
) {
  if (list.length > destinationsMax) throw new RangeError(`${name} has more than 254 entries`)
  out.octet(list.length)
  for (const entry of list) {
    if ('dl_name' in entry) {
      out.octet(2)
      writeCString(out, name, addressMax, entry.dl_name)
      continue
    }
    if (!('error_status_code' in entry)) out.octet(1)
    writeInteger(out, name, 1, entry.dest_addr_ton)
    writeInteger(out, name, 1, entry.dest_addr_npi)
    writeCString(out, name, addressMax, entry.destination_addr)
    if ('error_status_code' in entry) writeInteger(out, name, 4, entry.error_status_code)
  }
}
