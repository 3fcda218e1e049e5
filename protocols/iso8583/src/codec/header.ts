/** The parts before the message type. Constants and the total length are checked and written, not told. */
import type { OutgoingMessage, Value } from '../message.ts'
import { type Refusal, refusedAt } from '../refusal.ts'
import { accept, type Result } from '../result.ts'
import type { HeaderPart, MessageSpec } from '../spec/spec.ts'
import { type Reader, readField } from './field-reader.ts'
import { type Writer, writeField } from './field-writer.ts'

/** Reads all parts; a total length must be the number of octets there are. */
export function readHeader(
  reader: Reader,
  { header }: MessageSpec,
): Result<Record<string, Value>, Refusal> {
  const values: Record<string, Value> = {}
  for (const part of header) {
    const start = reader.at
    const value = readField(reader, part)
    if (value === undefined)
      return refusedAt(`header_${part.name}`, reader.reason ?? 'cut_short', reader.at)
    const expected = part.computed ? totalLength(part, reader.octets.length) : part.constant
    if (expected === undefined) values[part.name] = value
    else if (!sameValue(value, expected)) return refusedAt(`header_${part.name}`, 'differs', start)
  }
  return accept(values)
}

/**
 * Writes all parts. The answer fills the total length in, if there is one: call it when the whole message is
 * written.
 */
export function writeHeader(
  writer: Writer,
  { header }: MessageSpec,
  given: OutgoingMessage['header'],
): Result<() => void, Refusal> {
  let finish = () => {}
  for (const part of header) {
    const start = writer.at
    const value = part.computed
      ? totalLength(part, 0)
      : (part.constant ?? given?.[part.name] ?? part.default)
    if (value === undefined) return refusedAt(`header_${part.name}`, 'missing', start)
    const reason = writeField(writer, part, value)
    if (reason !== undefined) return refusedAt(`header_${part.name}`, reason, start)
    if (part.computed)
      finish = () => {
        writeField({ octets: writer.octets, at: start }, part, totalLength(part, writer.at))
      }
  }
  return accept(finish)
}

const totalLength = ({ length }: HeaderPart, octets: number) =>
  String(octets).padStart('fixed' in length ? length.fixed : 0, '0')

const sameValue = (left: Value, right: Value) =>
  typeof left === 'string' || typeof right === 'string'
    ? left === right
    : left.length === right.length && left.every((octet, index) => octet === right[index])
