/**
 * PIN blocks in the clear: ISO 9564-1:2017 formats 0, 2 and 3 (§9.3), and the two fields that format 4 is made
 * of (§9.4). A clear block is as secret as the PIN; `encryptPin` and `translatePin` never let one out.
 *
 *   0  0|length|PIN|F…   xor  0000|twelve digits of the PAN
 *   2  2|length|PIN|F…        for chip cards, without a PAN
 *   3  3|length|PIN|A-F… xor  0000|twelve digits of the PAN
 *   4  4|length|PIN|A…|eight random octets, and the PAN in a block of its own
 */
import { accept, type Result, refuse } from '../result.ts'
import { type Revealing, Secret } from '../secret.ts'
import { xor } from './block-cipher.ts'

/** None of them says anything about the PIN itself. */
export type PinRefusal =
  /** Not 4 to 12 decimal digits. */
  | 'pin_invalid'
  /** Formats 0 and 3: less than 13 digits. Format 4: not 1 to 19 digits. */
  | 'pan_invalid'
  /** Not as many octets as a block of this format has. */
  | 'block_length_invalid'
  /** Made in another format, or with another key. */
  | 'control_field_differs'
  /** A PIN length that is not 4 to 12: another key, or another PAN. */
  | 'pin_length_invalid'
  /** Not the filler of this format: another key, or another PAN. */
  | 'filler_invalid'
  /** Something else than digits in the PIN: another key, or another PAN. */
  | 'pin_not_numeric'
  /** Less random octets than the format takes: ten for format 3, eight for format 4. */
  | 'random_too_short'

export type ClearFormat = 0 | 2 | 3

export interface ClearPin {
  readonly format: ClearFormat
  /** 4 to 12 digits. */
  readonly pin: Revealing<string>
  /** The whole card number with its check digit. Format 2 takes none. */
  readonly pan?: string
  /** Ten unpredictable octets for format 3. */
  readonly random?: Uint8Array
}

/** A clear block of eight octets. */
export function encodePinBlock({
  format,
  pin,
  pan,
  random,
}: ClearPin): Result<Uint8Array, PinRefusal> {
  const digits = pin.reveal()
  if (!isPin(digits)) return refuse('pin_invalid')
  const panField = panFieldOf(format, pan)
  if (panField === undefined) return refuse('pan_invalid')
  if (format === 3 && (random?.length ?? 0) < 10) return refuse('random_too_short')
  const fillerAt = (index: number) => (format === 3 ? 10 + ((random?.[index] ?? 0) % 6) : 15)
  return accept(xor(pinFieldOf(format, digits, 8, fillerAt), panField))
}

/** The PIN of a clear block of eight octets. */
export function decodePinBlock({
  format,
  block,
  pan,
}: {
  readonly format: ClearFormat
  readonly block: Uint8Array
  readonly pan?: string
}): Result<Secret<string>, PinRefusal> {
  if (block.length !== 8) return refuse('block_length_invalid')
  const panField = panFieldOf(format, pan)
  if (panField === undefined) return refuse('pan_invalid')
  const isFiller = (half: number) => (format === 3 ? half >= 10 : half === 15)
  return pinIn(xor(block, panField), format, isFiller)
}

/** Format 4: the block with the PIN. Sixteen octets, the last eight of them random. */
export function pinField4(
  pin: Revealing<string>,
  random: Uint8Array,
): Result<Uint8Array, PinRefusal> {
  const digits = pin.reveal()
  if (!isPin(digits)) return refuse('pin_invalid')
  if (random.length < 8) return refuse('random_too_short')
  const field = pinFieldOf(4, digits, 16, () => 10)
  field.set(random.subarray(0, 8), 8)
  return accept(field)
}

/** Format 4: the PIN of the block with the PIN, decrypted. */
export const pinOfField4 = (field: Uint8Array): Result<Secret<string>, PinRefusal> =>
  pinIn(field.subarray(0, 8), 4, (half) => half === 10)

/** Format 4: the block with the PAN, sixteen octets. How many digits it is longer than 12, then the digits. */
export function panField4(pan: string): Result<Uint8Array, PinRefusal> {
  if (!/^\d{1,19}$/.test(pan)) return refuse('pan_invalid')
  const digits = pan.padStart(12, '0')
  return accept(octetsOfHalves([digits.length - 12, ...digitsOf(digits)], 16))
}

const isPin = (digits: string) => /^\d{4,12}$/.test(digits)

/** Code by code, without strings of single digits on the way. */
const digitsOf = (text: string) => Array.from(text, (digit) => digit.charCodeAt(0) - 0x30)

function pinFieldOf(
  control: number,
  pin: string,
  octets: 8 | 16,
  fillerAt: (index: number) => number,
): Uint8Array {
  const halves = [control, pin.length, ...digitsOf(pin)]
  for (let index = 0; halves.length < 16; index += 1) halves.push(fillerAt(index))
  return octetsOfHalves(halves, octets)
}

/** The twelve digits before the check digit, behind four zeros. Format 2 has none: zeros. */
function panFieldOf(format: ClearFormat, pan: string | undefined): Uint8Array | undefined {
  if (format === 2) return new Uint8Array(8)
  if (pan === undefined || !/^\d{13,19}$/.test(pan)) return undefined
  return octetsOfHalves([0, 0, 0, 0, ...digitsOf(pan.slice(-13, -1))], 8)
}

function pinIn(
  field: Uint8Array,
  control: number,
  isFiller: (half: number) => boolean,
): Result<Secret<string>, PinRefusal> {
  const halves = Array.from(field).flatMap((octet) => [octet >> 4, octet & 15])
  const [found, length = 0, ...rest] = halves
  if (found !== control) return refuse('control_field_differs')
  if (length < 4 || length > 12) return refuse('pin_length_invalid')
  if (!rest.slice(length).every(isFiller)) return refuse('filler_invalid')
  const pin = rest.slice(0, length)
  if (pin.some((half) => half > 9)) return refuse('pin_not_numeric')
  return accept(new Secret(pin.join('')))
}

function octetsOfHalves(halves: readonly number[], octets: number): Uint8Array {
  const field = new Uint8Array(octets)
  for (const [index, half] of halves.entries())
    field[index >> 1] = (field[index >> 1] ?? 0) | (index % 2 === 0 ? half << 4 : half)
  return field
}
