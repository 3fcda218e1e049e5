/** Which data elements follow: one bit each, the first of 64 saying that 64 more bits follow. */

import { type Refusal, refusedAt } from '../refusal.ts'
import type { Result } from '../result.ts'
import { accept } from '../result.ts'
import type { Format } from '../spec/format.ts'
import type { MessageSpec } from '../spec/spec.ts'
import { type Reader, readField } from './field-reader.ts'
import { type Writer, writeField } from './field-writer.ts'

const half = (encoding: 'binary' | 'hex'): Format => ({
  content: 'b',
  encoding,
  length: { fixed: 8 },
})
const halves = { binary: half('binary'), hex: half('hex') }

/** The numbers of the elements that follow, ascending, without 1. */
export function readBitmap(
  reader: Reader,
  { encoding, secondary }: MessageSpec['bitmap'],
): Result<number[], Refusal> {
  const start = reader.at
  const primary = readField(reader, halves[encoding])
  if (!(primary instanceof Uint8Array))
    return refusedAt('bitmap', reader.reason ?? 'cut_short', reader.at)
  const present: number[] = []
  const more = ((primary[0] ?? 0) & 0x80) !== 0
  if (more && secondary === 'never') return refusedAt('secondary_bitmap', 'unexpected', start)
  if (!more && secondary === 'always') return refusedAt('secondary_bitmap', 'missing', start)
  collect(primary, 0, present)
  if (!more) return accept(present)
  present.shift()
  const before = present.length
  const secondaryAt = reader.at
  const rest = readField(reader, halves[encoding])
  if (!(rest instanceof Uint8Array))
    return refusedAt('secondary_bitmap', reader.reason ?? 'cut_short', reader.at)
  collect(rest, 64, present)
  if (secondary === 'when_needed' && present.length === before)
    return refusedAt('secondary_bitmap', 'unexpected', secondaryAt)
  return accept(present)
}

function collect(bits: Uint8Array, offset: number, present: number[]) {
  for (let octet = 0; octet < 8; octet += 1) {
    const eight = bits[octet] ?? 0
    for (let bit = 0; eight !== 0 && bit < 8; bit += 1)
      if ((eight & (0x80 >> bit)) !== 0) present.push(offset + octet * 8 + bit + 1)
  }
}

/** Whether a message of these elements, ascending, has a secondary bitmap. */
export const needsSecondary = (
  { secondary }: MessageSpec['bitmap'],
  present: readonly number[],
): boolean => secondary === 'always' || (secondary === 'when_needed' && (present.at(-1) ?? 0) > 64)

/** Writes the bits of these elements, ascending, all of which the specification has. */
export function writeBitmap(
  writer: Writer,
  bitmap: MessageSpec['bitmap'],
  present: readonly number[],
): void {
  const bits = new Uint8Array(needsSecondary(bitmap, present) ? 16 : 8)
  if (bits.length === 16) bits[0] = 0x80
  for (const number of present) {
    const at = (number - 1) >> 3
    bits[at] = (bits[at] ?? 0) | (0x80 >> ((number - 1) & 7))
  }
  writeField(writer, halves[bitmap.encoding], bits.subarray(0, 8))
  if (bits.length === 16) writeField(writer, halves[bitmap.encoding], bits.subarray(8))
}
