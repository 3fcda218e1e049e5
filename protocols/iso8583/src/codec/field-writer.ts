/** Writes one value. The writer has room for it: `roomFor` says how much that is. */
import type { Value } from '../message.ts'
import type { Reason } from '../refusal.ts'
import {
  type Content,
  contentOctets,
  type Format,
  type Length,
  prefixOctets,
} from '../spec/format.ts'
import { firstForeign } from './characters.ts'
import { writeGbk } from './gbk.ts'

export interface Writer {
  octets: Uint8Array
  at: number
}

/** Octets that no value in this format exceeds while it is written. */
export function roomFor({ encoding, length }: Format): number {
  const most = 'fixed' in length ? length.fixed : length.max
  return prefixOctets(length) + (encoding === 'gbk' ? most * 2 : contentOctets(encoding, most))
}

/** Appends a value; the reason when it does not fit its format, with the writer anywhere. */
export function writeField(writer: Writer, format: Format, value: Value): Reason | undefined {
  const { content, encoding, length } = format
  const prefixAt = writer.at
  if (content === 'b') {
    if (!(value instanceof Uint8Array)) return 'wrong_type'
    if (exceeds(length, value.length)) return misfit(length)
    writer.at += prefixOctets(length)
    writeOctets(writer, value, encoding === 'hex')
    writeLength(writer.octets, prefixAt, length, value.length)
    return undefined
  }
  if (typeof value !== 'string') return 'wrong_type'
  if (exceeds(length, value.length, !fillsUp(content))) return misfit(length)
  writer.at += prefixOctets(length)
  const start = writer.at
  const reason =
    encoding === 'ascii' || encoding === 'gbk'
      ? writeText(writer, value, content, encoding === 'gbk')
      : writeBcd(writer, value, encoding === 'bcd_right', content === 'z')
  if (reason !== undefined) return reason
  if (encoding === 'gbk' && exceeds(length, writer.at - start, false)) return misfit(length)
  // A text shorter than its fixed length is followed by spaces.
  if ('fixed' in length && fillsUp(content))
    for (; writer.at < start + length.fixed; writer.at += 1) writer.octets[writer.at] = 0x20
  const count = encoding === 'gbk' ? writer.at - start : value.length
  writeLength(writer.octets, prefixAt, length, count)
  return undefined
}

const fillsUp = (content: Content) => content !== 'n' && content !== 'z' && content !== 'x+n'

const exceeds = (length: Length, count: number, exactly = true) =>
  'fixed' in length ? count > length.fixed || (exactly && count < length.fixed) : count > length.max

const misfit = (length: Length): Reason => ('fixed' in length ? 'length_differs' : 'too_long')

function writeText(
  writer: Writer,
  text: string,
  content: Exclude<Content, 'b'>,
  gbk: boolean,
): Reason | undefined {
  const start = writer.at
  let plain = true
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    plain &&= code < 0x80
    // 0 is in no kind of content.
    writer.octets[start + i] = plain ? code : 0
  }
  if (firstForeign(writer.octets, start, start + text.length, content) < 0) {
    writer.at = start + text.length
    return undefined
  }
  if (!gbk) return content === 'n' ? 'bad_digit' : 'bad_character'
  const end = writeGbk(writer.octets, start, text)
  if (end === undefined) return 'bad_character'
  writer.at = end
  return undefined
}

function writeBcd(writer: Writer, text: string, right: boolean, track: boolean) {
  const { octets, at } = writer
  const shift = right ? text.length & 1 : 0
  const end = at + ((text.length + 1) >> 1)
  octets.fill(0, at, end)
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    const half = code >= 0x30 && code <= 0x39 ? code - 0x30 : track && code === 0x3d ? 13 : -1
    if (half < 0) return 'bad_digit'
    const place = i + shift
    octets[at + (place >> 1)] =
      (octets[at + (place >> 1)] ?? 0) | ((place & 1) === 0 ? half << 4 : half)
  }
  writer.at = end
  return undefined
}

const hexDigits = '0123456789ABCDEF'

function writeOctets(writer: Writer, value: Uint8Array, hex: boolean) {
  if (!hex) {
    writer.octets.set(value, writer.at)
    writer.at += value.length
    return
  }
  for (const octet of value) {
    writer.octets[writer.at] = hexDigits.charCodeAt(octet >> 4)
    writer.octets[writer.at + 1] = hexDigits.charCodeAt(octet & 15)
    writer.at += 2
  }
}

function writeLength(octets: Uint8Array, at: number, length: Length, count: number) {
  if ('fixed' in length) return
  let rest = count
  for (let i = at + prefixOctets(length) - 1; i >= at; i -= 1) {
    if (length.prefix === 'ascii') {
      octets[i] = 0x30 + (rest % 10)
      rest = Math.floor(rest / 10)
    } else {
      octets[i] = ((Math.floor(rest / 10) % 10) << 4) | (rest % 10)
      rest = Math.floor(rest / 100)
    }
  }
}
