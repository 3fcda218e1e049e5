/**
 * Reads messages. Strict about everything that could shift the meaning of an octet, and never throws: what
 * cannot be read is refused with the place, the reason and the offset. Values are not judged here.
 */
import type { Message, Value } from '../message.ts'
import { type Refusal, refusedAt } from '../refusal.ts'
import { accept, type Result } from '../result.ts'
import type { Format } from '../spec/format.ts'
import type { MessageSpec } from '../spec/spec.ts'
import { readBitmap } from './bitmap.ts'
import { type Reader, readField } from './field-reader.ts'
import { readHeader } from './header.ts'

/** Four digits, of which the first may be a version: 0 is ISO 8583:1987. */
export const mtiFormats: Readonly<Record<MessageSpec['mti'], Format>> = {
  ascii: { content: 'n', encoding: 'ascii', length: { fixed: 4 } },
  bcd: { content: 'n', encoding: 'bcd_left', length: { fixed: 4 } },
}

/** Reads one whole message, no more and no less, without the length header that framed it. */
export function decode(spec: MessageSpec, octets: Uint8Array): Result<Message, Refusal> {
  if (octets.length > spec.frame.octetsMax)
    return refusedAt('message', 'too_long', spec.frame.octetsMax)
  const reader: Reader = { octets, at: 0 }
  const header = readHeader(reader, spec)
  if (!header.ok) return header
  const mti = readField(reader, mtiFormats[spec.mti])
  if (typeof mti !== 'string') return refusedAt('mti', reader.reason ?? 'cut_short', reader.at)
  const present = readBitmap(reader, spec.bitmap)
  if (!present.ok) return present
  const fields: Record<number, Value> = {}
  for (const number of present.value) {
    const field = spec.fields[number]
    if (field === undefined) return refusedAt(`field_${number}`, 'unknown', reader.at, number)
    const value = readField(reader, field)
    if (value === undefined)
      return refusedAt(`field_${number}`, reader.reason ?? 'cut_short', reader.at, number)
    fields[number] = value
  }
  if (reader.at < octets.length) return refusedAt('message', 'trailing_octets', reader.at)
  return accept({ header: header.value, mti, fields })
}

/**
 * Reads the header alone, whatever follows it. A centre that rejects a message sends it back whole, behind a
 * header of its own that says why.
 */
export const decodeHeader = (
  spec: MessageSpec,
  octets: Uint8Array,
): Result<Readonly<Record<string, Value>>, Refusal> => readHeader({ octets, at: 0 }, spec)
