/**
 * How new working keys travel (field 70 = 101), in field 48 behind `NK`, in hexadecimal digits where that field
 * is text. Two forms, told apart by their length:
 *
 *     one key      three digits with the length of what follows, the key under the zone's master key, its check
 *                  value of four octets; field 53 says which: 1… PIN key, 2… MAC key
 *     both keys    PIN key and MAC key, each with its check value, as in a sign-on (`readSignOnKeys`)
 *
 * A message without field 48 asks for keys: with field 53 for one, without it for both.
 */
import {
  type MessageSpec,
  type OutgoingMessage,
  octetsOf,
  readSignOnKeys,
  textOf,
} from '@telepurse/iso8583'
import type { KeyUse } from './zone-keys.ts'

export interface TravellingKey {
  readonly wrapped: Uint8Array
  readonly checkValue: Uint8Array
}

const checkValueOctets = 4
const mark = 'NK'
const keyOctets = [8, 16, 24]

/** Which key a message is about, where it is about one. */
export function keyUseOf(message: OutgoingMessage): KeyUse | undefined {
  const kind = textOf(message, 53)?.[0]
  return kind === '1' ? 'pin' : kind === '2' ? 'mac' : undefined
}

/** Field 53. */
export const securityControlOf = (use: KeyUse, octets: number): string =>
  `${use === 'pin' ? '1' : '2'}${octets === 8 ? '0' : '6'}`.padEnd(16, '0')

/** The keys in a message; none when there are none, or none that can be read. */
export function readKeys(
  message: OutgoingMessage,
): readonly (TravellingKey & { readonly use: KeyUse })[] {
  const octets = octetsOf(message, 48) ?? octetsOfText(textOf(message, 48))
  if (!octets || latin1(octets.subarray(0, 2)) !== mark) return []
  const both = readSignOnKeys(new Uint8Array(octets.subarray(2)))
  if (both.ok)
    return [
      { use: 'pin', ...both.value.pinKey },
      { use: 'mac', ...both.value.macKey },
    ]
  const use = keyUseOf(message)
  const key = use && oneKey(octets.subarray(2))
  return key ? [{ use, ...key }] : []
}

function oneKey(octets: Uint8Array): TravellingKey | undefined {
  const length = Number(latin1(octets.subarray(0, 3)))
  const body = octets.subarray(3)
  if (body.length !== length || !keyOctets.includes(length - checkValueOctets)) return undefined
  return {
    wrapped: new Uint8Array(body.subarray(0, -checkValueOctets)),
    checkValue: new Uint8Array(body.subarray(-checkValueOctets)),
  }
}

/** Field 48 with one key. */
export function writeKey(spec: MessageSpec, { wrapped, checkValue }: TravellingKey) {
  const head = `${mark}${String(wrapped.length + checkValue.length).padStart(3, '0')}`
  return fieldOf(spec, head, Buffer.concat([wrapped, checkValue]))
}

/** Field 48 with both, as `writeSignOnKeys` gives them. */
export const writeBothKeys = (spec: MessageSpec, keys: Uint8Array) => fieldOf(spec, mark, keys)

const fieldOf = (spec: MessageSpec, head: string, body: Uint8Array): string | Uint8Array =>
  spec.fields[48]?.content === 'b'
    ? new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), body]))
    : `${head}${Buffer.from(body).toString('hex').toUpperCase()}`

/** A text as the octets it stands for. One key has its length in front, in digits that are no octets. */
function octetsOfText(text: string | undefined): Uint8Array | undefined {
  const [, head, hex] = /^(NK(?:\d{3})?)((?:[0-9A-F]{2})*)$/.exec(text ?? '') ?? []
  if (head === undefined || hex === undefined) return undefined
  return Buffer.concat([Buffer.from(head, 'latin1'), Buffer.from(hex, 'hex')])
}

const latin1 = (octets: Uint8Array) => Buffer.from(octets).toString('latin1')
