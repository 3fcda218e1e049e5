/**
 * Working keys on their way: encrypted under a key that both sides have, with a check value that shows whether
 * the right key came out. A key leaves here only as a `Secret` or inside a cipher.
 */
import { accept, type Result, refuse } from '../result.ts'
import { Secret } from '../secret.ts'
import { type BlockCipher, equalInConstantTime } from './block-cipher.ts'

/** Less would let every 65,536th wrong key pass. */
const checkValueOctetsMin = 3

/** The first octets of a block of zeros encrypted: three by custom, four on UnionPay terminals. */
export const keyCheckValue = (cipher: BlockCipher, octets = checkValueOctetsMin): Uint8Array =>
  cipher.encrypt(new Uint8Array(cipher.blockOctets)).slice(0, octets)

export interface WrappedKey {
  /** The key, its blocks encrypted one by one. */
  readonly wrapped: Uint8Array
  /** Absent where the bank sends none. */
  readonly checkValue?: Uint8Array
}

export type KeyRefusal =
  | 'key_length_invalid'
  /** Less than three octets. */
  | 'check_value_too_short'
  | 'check_value_differs'

/** Makes the cipher of a key, as `desCipher` does. Throws RangeError for a key of a length it does not take. */
export type CipherOf = (key: Uint8Array) => BlockCipher

/** A working key, decrypted under the key that both sides have, and its cipher. */
export function unwrapKey(
  under: BlockCipher,
  { wrapped, checkValue }: WrappedKey,
  cipherOf: CipherOf,
): Result<{ readonly key: Secret<Uint8Array>; readonly cipher: BlockCipher }, KeyRefusal> {
  if (wrapped.length === 0 || wrapped.length % under.blockOctets !== 0)
    return refuse('key_length_invalid')
  const key = under.decrypt(wrapped)
  const cipher = cipherIfFit(key, cipherOf)
  if (cipher === undefined) return refuse('key_length_invalid')
  if (checkValue !== undefined) {
    if (checkValue.length < checkValueOctetsMin) return refuse('check_value_too_short')
    const right = equalInConstantTime(keyCheckValue(cipher, checkValue.length), checkValue)
    if (!right) return refuse('check_value_differs')
  }
  return accept({ key: new Secret(key), cipher })
}

function cipherIfFit(key: Uint8Array, cipherOf: CipherOf): BlockCipher | undefined {
  try {
    return cipherOf(key)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The other direction, with a check value of four octets. */
export const wrapKey = (
  under: BlockCipher,
  key: Secret<Uint8Array>,
  cipherOf: CipherOf,
): Required<WrappedKey> => ({
  wrapped: under.encrypt(key.reveal()),
  checkValue: keyCheckValue(cipherOf(key.reveal()), 4),
})
