/**
 * PINs between two parties who share a key (ISO 9564-1:2017 §9). The formats 0, 2 and 3 are encrypted as one
 * block with 3DES, format 4 as two with AES. A PIN that passes from one zone to the next is translated, and no
 * one sees it.
 */
import { accept, type Result, refuse } from '../result.ts'
import type { Revealing, Secret } from '../secret.ts'
import { type BlockCipher, xor } from './block-cipher.ts'
import {
  type ClearFormat,
  decodePinBlock,
  encodePinBlock,
  type PinRefusal,
  panField4,
  pinField4,
  pinOfField4,
} from './pin-block.ts'

export type PinFormat = ClearFormat | 4

/** What both sides of an encrypted PIN block have agreed on. */
export interface PinZone {
  readonly format: PinFormat
  /** Of the zone PIN key: 3DES for formats 0, 2 and 3, AES for format 4. */
  readonly cipher: BlockCipher
}

export type PinZoneRefusal = PinRefusal | 'cipher_unfit'

/**
 * A PIN as it is sent: eight octets, or sixteen in format 4. `random` is needed by formats 3 (ten octets) and 4
 * (eight), `pan` by all but format 2.
 */
export function encryptPin(
  zone: PinZone,
  {
    pin,
    pan,
    random,
  }: { readonly pin: Revealing<string>; readonly pan?: string; readonly random?: Uint8Array },
): Result<Uint8Array, PinZoneRefusal> {
  if (!fits(zone)) return refuse('cipher_unfit')
  if (zone.format === 4)
    return encryptPin4(zone.cipher, pin, pan ?? '', random ?? new Uint8Array(0))
  const clear = encodePinBlock({
    format: zone.format,
    pin,
    ...(pan !== undefined && { pan }),
    ...(random && { random }),
  })
  return clear.ok ? accept(zone.cipher.encrypt(clear.value)) : clear
}

/** The PIN of an encrypted block, for him who has to check it. */
export function decryptPin(
  zone: PinZone,
  { block, pan }: { readonly block: Uint8Array; readonly pan?: string },
): Result<Secret<string>, PinZoneRefusal> {
  if (!fits(zone)) return refuse('cipher_unfit')
  if (block.length !== zone.cipher.blockOctets) return refuse('block_length_invalid')
  if (zone.format === 4) return decryptPin4(zone.cipher, block, pan ?? '')
  return decodePinBlock({
    format: zone.format,
    block: zone.cipher.decrypt(block),
    ...(pan !== undefined && { pan }),
  })
}

/**
 * The same PIN for another zone. Refused when the block does not open, which a wrong key or card number causes
 * nearly always, but not always: a PIN is checked where it is known.
 */
export function translatePin(
  from: PinZone,
  to: PinZone,
  {
    block,
    pan,
    random,
  }: { readonly block: Uint8Array; readonly pan?: string; readonly random?: Uint8Array },
): Result<Uint8Array, PinZoneRefusal> {
  const card = pan === undefined ? {} : { pan }
  const pin = decryptPin(from, { block, ...card })
  return pin.ok ? encryptPin(to, { pin: pin.value, ...card, ...(random && { random }) }) : pin
}

const fits = ({ format, cipher }: PinZone) => cipher.blockOctets === (format === 4 ? 16 : 8)

/** §9.4: the block with the PIN is encrypted, the block with the PAN added, and the sum encrypted. */
function encryptPin4(
  cipher: BlockCipher,
  pin: Revealing<string>,
  pan: string,
  random: Uint8Array,
): Result<Uint8Array, PinRefusal> {
  const panField = panField4(pan)
  if (!panField.ok) return panField
  const pinField = pinField4(pin, random)
  if (!pinField.ok) return pinField
  return accept(cipher.encrypt(xor(cipher.encrypt(pinField.value), panField.value)))
}

function decryptPin4(
  cipher: BlockCipher,
  block: Uint8Array,
  pan: string,
): Result<Secret<string>, PinRefusal> {
  const panField = panField4(pan)
  if (!panField.ok) return panField
  return pinOfField4(cipher.decrypt(xor(cipher.decrypt(block), panField.value)))
}
