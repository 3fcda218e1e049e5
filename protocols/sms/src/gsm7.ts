/**
 * The GSM 7-bit default alphabet and its extension table (3GPP TS 23.038 §6.2.1). SMPP carries it
 * unpacked, one septet per octet; the air interface, and a few gateways, carry it packed (§6.1.2.1).
 */
import { accept, type Result, refuse } from './result.ts'

const basic =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'

/** §6.2.1.1: reached by the escape septet 0x1B, so each of these costs two septets. */
const extension: Readonly<Record<number, string>> = {
  10: '\f',
  20: '^',
  40: '{',
  41: '}',
  47: '\\',
  60: '[',
  61: '~',
  62: ']',
  64: '|',
  101: '€',
}

const escapeSeptet = 0x1b
const replacement = '\ufffd'

const septetsByCharacter = new Map<string, readonly number[]>()
for (let septet = 0; septet < basic.length; septet += 1)
  if (septet !== escapeSeptet) septetsByCharacter.set(basic.charAt(septet), [septet])
for (const [septet, character] of Object.entries(extension))
  septetsByCharacter.set(character, [escapeSeptet, Number(septet)])

/** How many septets a character takes (1 or 2), or undefined when the alphabet lacks it. */
export const gsm7Cost = (character: string): number | undefined =>
  septetsByCharacter.get(character)?.length

/** Septets, one per octet. Refused when a character is not in the alphabet. */
export function encodeGsm7(text: string): Result<Uint8Array, 'not_in_gsm7'> {
  const septets: number[] = []
  for (const character of text) {
    const found = septetsByCharacter.get(character)
    if (!found) return refuse('not_in_gsm7')
    septets.push(...found)
  }
  return accept(Uint8Array.from(septets))
}

/**
 * Text of unpacked septets. It never fails: §6.2.1.1 tells a receiver to show the basic character
 * for an escape it does not know, and a space for an escape of an escape or one that ends the text.
 * An octet above 0x7F is no septet and becomes U+FFFD.
 */
export function decodeGsm7(septets: Uint8Array): string {
  let text = ''
  for (let i = 0; i < septets.length; i += 1) {
    const septet = septets[i] ?? 0
    if (septet !== escapeSeptet) {
      text += septet < 0x80 ? basic.charAt(septet) : replacement
      continue
    }
    i += 1
    const next = septets[i]
    if (next === undefined || next === escapeSeptet) text += ' '
    else text += extension[next] ?? (next < 0x80 ? basic.charAt(next) : replacement)
  }
  return text
}

/**
 * Packs septets into octets (§6.1.2.1), least significant bit first. `fillBits` (0 to 6) zero bits
 * come first, as TS 23.040 §9.2.3.24 asks after a user data header.
 */
export function packSeptets(septets: Uint8Array, fillBits = 0): Uint8Array {
  const octets = new Uint8Array(Math.ceil((septets.length * 7 + fillBits) / 8))
  let bit = fillBits
  for (const septet of septets) {
    const at = bit >> 3
    const shifted = (septet & 0x7f) << (bit & 7)
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff)
    if (shifted > 0xff) octets[at + 1] = shifted >> 8
    bit += 7
  }
  return octets
}

/**
 * Unpacks `count` septets; fewer when the octets do not hold them. Without the count, seven octets
 * may mean seven septets or eight, so the sender's length (TP-UDL) must be passed on.
 */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits = 0): Uint8Array {
  const available = Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7))
  const septets = new Uint8Array(Math.min(Math.max(0, count), available))
  let bit = fillBits
  for (let i = 0; i < septets.length; i += 1) {
    const at = bit >> 3
    const pair = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8)
    septets[i] = (pair >> (bit & 7)) & 0x7f
    bit += 7
  }
  return septets
}
