/**
 * How a new working key travels (field 70 = 101):
 *
 *     53   1… PIN key, 2… MAC key; the second digit is 0 for a single key and 6 for a double one
 *     48   NK, three digits with the length of what follows, the key under the zone's master key,
 *          its check value of four octets; in hexadecimal digits where field 48 is text
 *
 * The same message asks for a key when it has no field 48.
 */
import { type MessageSpec, type OutgoingMessage, octetsOf, textOf } from '@telepurse/iso8583'
import type { KeyUse } from './zone-keys.ts'

export interface TravellingKey {
  readonly wrapped: Uint8Array
  readonly checkValue: Uint8Array
}

const checkValueOctets = 4
const mark = 'NK'
const keyOctets = [8, 16, 24]

/** Which key a message is about. */
export function keyUseOf(message: OutgoingMessage): KeyUse | undefined {
  const kind = textOf(message, 53)?.[0]
  return kind === '1' ? 'pin' : kind === '2' ? 'mac' : undefined
}

/** Field 53. */
export const securityControlOf = (use: KeyUse, octets: number): string =>
  `${use === 'pin' ? '1' : '2'}${octets === 8 ? '0' : '6'}`.padEnd(16, '0')

/** The key in a message; undefined when there is none, or none that can be read. */
export function readKey(message: OutgoingMessage): TravellingKey | undefined {
  const octets = octetsOf(message, 48) ?? octetsOfText(textOf(message, 48))
  if (!octets || Buffer.from(octets.subarray(0, 2)).toString('latin1') !== mark) return undefined
  const length = Number(Buffer.from(octets.subarray(2, 5)).toString('latin1'))
  const body = octets.subarray(5)
  if (body.length !== length || !keyOctets.includes(length - checkValueOctets)) return undefined
  return {
    wrapped: new Uint8Array(body.subarray(0, -checkValueOctets)),
    checkValue: new Uint8Array(body.subarray(-checkValueOctets)),
  }
}

/** Field 48 for a specification: octets, or the same with the key in hexadecimal digits. */
export function writeKey(spec: MessageSpec, { wrapped, checkValue }: TravellingKey) {
  const head = `${mark}${String(wrapped.length + checkValue.length).padStart(3, '0')}`
  const body = Buffer.concat([wrapped, checkValue])
  return spec.fields[48]?.content === 'b'
    ? new Uint8Array(Buffer.concat([Buffer.from(head, 'latin1'), body]))
    : `${head}${body.toString('hex').toUpperCase()}`
}

function octetsOfText(text: string | undefined): Uint8Array | undefined {
  if (text === undefined || !/^NK\d{3}([0-9A-F]{2})*$/.test(text)) return undefined
  return Buffer.concat([Buffer.from(text.slice(0, 5), 'latin1'), Buffer.from(text.slice(5), 'hex')])
}
