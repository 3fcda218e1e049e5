/**
 * Reads one value. A reader keeps where it is; when something is wrong it keeps why and stands on the octet
 * that is, and nothing is read after that.
 */
import type { Value } from '../message.ts'
import type { Reason } from '../refusal.ts'
import { contentOctets, type Format, type Length, prefixOctets } from '../spec/format.ts'
import { firstForeign, textFrom } from './characters.ts'
import { decodeGbk, firstNotGbk } from './gbk.ts'

export interface Reader {
  readonly octets: Uint8Array
  at: number
  reason?: Reason
}

/** The value in this format, or undefined with the reader's reason set. */
export function readField(reader: Reader, format: Format): Value | undefined {
  const { content, encoding, length } = format
  const count = 'fixed' in length ? length.fixed : readLength(reader, length)
  if (count === undefined) return undefined
  const end = reader.at + contentOctets(encoding, count)
  if (end > reader.octets.length) return stop(reader, 'cut_short', reader.at)
  const value =
    content === 'b'
      ? encoding === 'hex'
        ? readHex(reader, count)
        : reader.octets.slice(reader.at, end)
      : encoding === 'ascii'
        ? readText(reader, end, content)
        : encoding === 'gbk'
          ? readGbk(reader, end, content)
          : readBcd(reader, count, end, encoding === 'bcd_right', content === 'z')
  if (value !== undefined) reader.at = end
  return value
}

export function stop(reader: Reader, reason: Reason, at: number): undefined {
  reader.reason = reason
  reader.at = at
}

function readLength(reader: Reader, length: Exclude<Length, { fixed: number }>) {
  const { octets, at } = reader
  const end = at + prefixOctets(length)
  if (end > octets.length) return stop(reader, 'cut_short', at)
  let count = 0
  for (let i = at; i < end; i += 1) {
    const octet = octets[i] ?? 0
    const high = octet >> 4
    const low = octet & 15
    if (low > 9 || (length.prefix === 'ascii' ? high !== 3 : high > 9))
      return stop(reader, 'bad_length', at)
    count = length.prefix === 'ascii' ? count * 10 + low : count * 100 + high * 10 + low
  }
  if (count > length.max) return stop(reader, 'too_long', at)
  reader.at = end
  return count
}

function readText(reader: Reader, end: number, content: Exclude<Format['content'], 'b'>) {
  const foreign = firstForeign(reader.octets, reader.at, end, content)
  if (foreign >= 0) return stop(reader, content === 'n' ? 'bad_digit' : 'bad_character', foreign)
  return textFrom(reader.octets, reader.at, end)
}

function readGbk(reader: Reader, end: number, content: Exclude<Format['content'], 'b'>) {
  const { octets, at } = reader
  const foreign = firstForeign(octets, at, end, content)
  if (foreign < 0) return textFrom(octets, at, end)
  const misfit = firstNotGbk(octets, at, end)
  if (misfit >= 0) return stop(reader, 'bad_character', misfit)
  const text = decodeGbk(octets.subarray(at, end))
  return text ?? stop(reader, 'bad_character', foreign)
}

/** Room for the digits of one field; reading one is over before the next begins. */
const digits = new Uint8Array(10_000)

function readBcd(reader: Reader, count: number, end: number, right: boolean, track: boolean) {
  const { octets, at } = reader
  let from = 0
  let to = 0
  for (let i = at; i < end; i += 1) {
    const octet = octets[i] ?? 0
    digits[to] = octet >> 4
    digits[to + 1] = octet & 15
    to += 2
  }
  if (to > count) {
    const unused = right ? 0 : to - 1
    if (digits[unused] !== 0) return stop(reader, 'bad_padding', right ? at : end - 1)
    if (right) from = 1
    else to -= 1
  }
  for (let i = from; i < to; i += 1) {
    const half = digits[i] ?? 0
    if (half > 9 && !(track && half === 13)) return stop(reader, 'bad_digit', at + (i >> 1))
    // `=` for the half octet D.
    digits[i] = half > 9 ? 0x3d : 0x30 + half
  }
  return textFrom(digits, from, to)
}

/** The value of a digit 0-9 A-F, else -1. */
const hexValue = (code: number) =>
  code >= 0x30 && code <= 0x39 ? code - 0x30 : code >= 0x41 && code <= 0x46 ? code - 0x37 : -1

function readHex(reader: Reader, count: number) {
  const value = new Uint8Array(count)
  for (let i = 0; i < count; i += 1) {
    const at = reader.at + i * 2
    const high = hexValue(reader.octets[at] ?? 0)
    const low = hexValue(reader.octets[at + 1] ?? 0)
    if (high < 0 || low < 0) return stop(reader, 'bad_character', high < 0 ? at : at + 1)
    value[i] = (high << 4) | low
  }
  return value
}
