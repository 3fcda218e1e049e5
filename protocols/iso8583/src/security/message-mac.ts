/**
 * The MAC of a message: over which of its octets it is computed, and where it stands. The algorithm is the
 * caller's, as banks differ in it: `(block) => cbcMac(cipher, block, 1)`.
 */
import { needsSecondary } from '../codec/bitmap.ts'
import { textFrom } from '../codec/characters.ts'
import { encode } from '../codec/encode.ts'
import { roomFor, type Writer, writeField } from '../codec/field-writer.ts'
import { type OutgoingMessage, octetsOf } from '../message.ts'
import { type Refusal, refusedAt } from '../refusal.ts'
import type { Result } from '../result.ts'
import { contentOctets } from '../spec/format.ts'
import { headerOctets, type MessageSpec } from '../spec/spec.ts'
import { equalInConstantTime } from './block-cipher.ts'
import { hexOctets } from './mac.ts'

/** Computes a MAC of at least eight octets. */
export type MacFunction = (block: Uint8Array) => Uint8Array

/**
 * Encodes a message and its MAC. The field that holds it need not be in `message`; what is there is replaced.
 * Refused as by `encode`, or when a field comes after the MAC.
 */
export function encodeWithMac(
  spec: MessageSpec,
  message: OutgoingMessage,
  mac: MacFunction,
): Result<Uint8Array<ArrayBuffer>, Refusal> {
  const numbers = Object.keys(message.fields).map(Number)
  const field = macFieldOf(spec, numbers)
  const later = numbers.find((number) => number > field)
  if (later !== undefined) return refusedAt(`field_${later}`, 'unexpected', 0, later)
  const fields = { ...message.fields, [field]: new Uint8Array(8) }
  const encoded = encode(spec, { ...message, fields })
  if (!encoded.ok) return encoded
  const value = macValue(spec, mac(macBlock(spec, message, encoded.value)))
  const isHex = spec.fields[field]?.encoding === 'hex'
  encoded.value.set(isHex ? hexOctets(value) : value, encoded.value.length - macOctets(spec))
  return encoded
}

/**
 * Whether `octets`, decoded as `message`, carry the MAC that they should. False without one. Takes the same
 * time whatever the difference.
 */
export function macHolds(
  spec: MessageSpec,
  octets: Uint8Array,
  message: OutgoingMessage,
  mac: MacFunction,
): boolean {
  const numbers = Object.keys(message.fields).map(Number)
  const field = macFieldOf(spec, numbers)
  const carried = octetsOf(message, field)
  if (carried === undefined || numbers.some((number) => number > field)) return false
  return equalInConstantTime(carried, macValue(spec, mac(macBlock(spec, message, octets))))
}

/**
 * The octets that the MAC is computed over (MAB), without padding, of a message and its encoding with
 * whatever in the MAC's place.
 */
export function macBlock(
  spec: MessageSpec,
  message: OutgoingMessage,
  octets: Uint8Array,
): Uint8Array {
  if (spec.mac.over === 'message')
    return octets.subarray(headerOctets(spec), octets.length - macOctets(spec))
  // 08xx: sign-on, keys, echo (ISO 8583:1987 §4).
  const { management, others } = spec.mac.over
  const selected = message.mti[1] === '8' ? management : others
  const words = [message.mti]
  for (const number of selected)
    if (message.fields[number] !== undefined) words.push(cleaned(rawField(spec, message, number)))
  const text = words.filter((word) => word !== '').join(' ')
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** Octets of the MAC at the end of a message. */
const macOctets = (spec: MessageSpec) => {
  const field = spec.fields[spec.mac.field === 'last' ? 64 : spec.mac.field]
  return field === undefined ? 0 : contentOctets(field.encoding, 8)
}

function macFieldOf(spec: MessageSpec, numbers: readonly number[]): 64 | 128 {
  if (spec.mac.field !== 'last') return spec.mac.field
  const ascending = numbers.toSorted((left, right) => left - right)
  return needsSecondary(spec.bitmap, ascending) ? 128 : 64
}

const macValue = ({ mac }: MessageSpec, code: Uint8Array) =>
  mac.form === 'hex' ? hexOctets(code.subarray(0, 4)) : code.slice(0, 8)

/** A field as it is sent, its length included. Of the original data only the message it names: 20 digits. */
function rawField(spec: MessageSpec, message: OutgoingMessage, number: number): string {
  const field = spec.fields[number]
  const value = message.fields[number]
  if (field === undefined || value === undefined) return ''
  const writer: Writer = { octets: new Uint8Array(roomFor(field)), at: 0 }
  if (writeField(writer, field, value) !== undefined) return ''
  return textFrom(writer.octets, 0, number === 90 ? Math.min(20, writer.at) : writer.at)
}

/**
 * How UnionPay cleans fields for a MAC: upper case; nothing but letters, digits, space, comma and full stop;
 * no space at the ends, one at a time within.
 */
const cleaned = (text: string) =>
  text
    .toUpperCase()
    .replace(/[^A-Z0-9 ,.]/g, '')
    .replace(/ +/g, ' ')
    .trim()
