/**
 * The keys in field 62 of the answer to a UnionPay terminal's sign-on, under the terminal's master key (TMK),
 * each with a check value of four octets:
 *
 *   24 octets  PIN key 8, MAC key 8                  single length
 *   40 octets  PIN key 16, MAC key 16                a MAC key of 8 is followed by eight zeros
 *   60 octets  PIN key 16, MAC key 16, track key 16  likewise
 */
import { accept, type Result, refuse } from '../result.ts'
import type { WrappedKey } from './key-exchange.ts'

export interface SignOnKeys {
  readonly pinKey: Required<WrappedKey>
  readonly macKey: Required<WrappedKey>
  readonly trackKey?: Required<WrappedKey>
}

const checkValueOctets = 4

/** Takes field 62 apart. The keys stay encrypted; `unwrapKey` opens them. */
export function readSignOnKeys(octets: Uint8Array): Result<SignOnKeys, 'length_unknown'> {
  const keyOctets = octets.length === 24 ? 8 : octets.length === 40 || octets.length === 60 ? 16 : 0
  if (keyOctets === 0) return refuse('length_unknown')
  const slot = keyOctets + checkValueOctets
  const keyAt = (index: number): Required<WrappedKey> => ({
    wrapped: octets.slice(index * slot, index * slot + keyOctets),
    checkValue: octets.slice(index * slot + keyOctets, (index + 1) * slot),
  })
  const mac = keyAt(1)
  const isSingle = keyOctets === 16 && mac.wrapped.subarray(8).every((octet) => octet === 0)
  return accept({
    pinKey: keyAt(0),
    macKey: isSingle ? { ...mac, wrapped: mac.wrapped.slice(0, 8) } : mac,
    ...(octets.length === 60 && { trackKey: keyAt(2) }),
  })
}

/**
 * Field 62 for an answer. All keys have eight octets, or all sixteen but the MAC key, which may have eight.
 * Throws RangeError for keys of other lengths.
 */
export function writeSignOnKeys({ pinKey, macKey, trackKey }: SignOnKeys): Uint8Array {
  const keyOctets = pinKey.wrapped.length
  const keys = trackKey ? [pinKey, macKey, trackKey] : [pinKey, macKey]
  const fits = keys.every(
    (it) =>
      it.checkValue.length === checkValueOctets &&
      (it.wrapped.length === keyOctets || (it === macKey && it.wrapped.length === 8)),
  )
  if (!fits || (keyOctets !== 8 && keyOctets !== 16) || (keyOctets === 8 && trackKey))
    throw new RangeError('keys of these lengths do not go into field 62')
  const slot = keyOctets + checkValueOctets
  const octets = new Uint8Array(keys.length * slot)
  for (const [index, key] of keys.entries()) {
    octets.set(key.wrapped, index * slot)
    octets.set(key.checkValue, index * slot + keyOctets)
  }
  return octets
}
