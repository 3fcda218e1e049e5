/** Writes messages, in one pass over one array. */
import type { OutgoingMessage, Value } from '../message.ts'
import { type Refusal, refusedAt } from '../refusal.ts'
import { accept, type Result } from '../result.ts'
import { type FieldSpec, headerOctets, type MessageSpec } from '../spec/spec.ts'
import { writeBitmap } from './bitmap.ts'
import { mtiFormats } from './decode.ts'
import { roomFor, type Writer, writeField } from './field-writer.ts'
import { writeHeader } from './header.ts'

/** Message type and two bitmaps in their longest form. */
const fixedOctets = 4 + 32

/** One for all: writing a message is over before the next begins. */
const writer: Writer = { octets: new Uint8Array(4_096), at: 0 }

/**
 * The octets of a message, without a length header. Refused when a value does not fit its field. Texts
 * shorter than a fixed length are filled up with spaces; numbers are not filled up.
 */
export function encode(
  spec: MessageSpec,
  message: OutgoingMessage,
): Result<Uint8Array<ArrayBuffer>, Refusal> {
  const entries = entriesOf(spec, message)
  if (!entries.ok) return entries
  makeRoom(spec, entries.value)
  const header = writeHeader(writer, spec, message.header)
  if (!header.ok) return header
  const mtiReason = writeField(writer, mtiFormats[spec.mti], message.mti)
  if (mtiReason !== undefined) return refusedAt('mti', mtiReason, writer.at)
  writeBitmap(
    writer,
    spec.bitmap,
    entries.value.map(([number]) => number),
  )
  for (const [number, field, value] of entries.value) {
    const start = writer.at
    const reason = writeField(writer, field, value)
    if (reason !== undefined) return refusedAt(`field_${number}`, reason, start, number)
  }
  if (writer.at > spec.frame.octetsMax)
    return refusedAt('message', 'too_long', spec.frame.octetsMax)
  header.value()
  return accept(writer.octets.slice(0, writer.at))
}

type Entry = readonly [number: number, field: FieldSpec, value: Value]

/** The fields in ascending order, as the names of an object that are numbers come by themselves. */
function entriesOf(spec: MessageSpec, { fields }: OutgoingMessage): Result<Entry[], Refusal> {
  const entries: Entry[] = []
  for (const [key, value] of Object.entries(fields)) {
    const number = Number(key)
    const field = spec.fields[number]
    const fits = number <= 64 || spec.bitmap.secondary !== 'never'
    if (field === undefined || !fits || key !== String(number))
      return refusedAt(`field_${number}`, 'unknown', 0, number)
    entries.push([number, field, value])
  }
  return accept(entries)
}

function makeRoom(spec: MessageSpec, entries: readonly Entry[]) {
  let room = headerOctets(spec) + fixedOctets
  for (const [, field] of entries) room += roomFor(field)
  if (writer.octets.length < room) writer.octets = new Uint8Array(room)
  writer.at = 0
}
