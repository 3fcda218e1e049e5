/**
 * A cipher with its key inside: all that MACs, PIN blocks and key exchange need. One from node:crypto is in
 * `@telepurse/iso8583/node`; a security module can give another whose key never leaves it.
 */
export interface BlockCipher {
  /** 8 for DES and 3DES, 16 for AES. */
  readonly blockOctets: 8 | 16
  /** Encrypts whole blocks one by one (ECB). */
  encrypt(blocks: Uint8Array): Uint8Array
  /** Decrypts whole blocks one by one (ECB). */
  decrypt(blocks: Uint8Array): Uint8Array
  /** The last block of CBC encryption of at least one whole block, from a block of zeros. */
  chain(blocks: Uint8Array): Uint8Array
}

/** Both have the same length. */
export function xor(left: Uint8Array, right: Uint8Array): Uint8Array {
  return left.map((octet, index) => octet ^ (right[index] ?? 0))
}

/** In a time that does not tell where the first difference is. Other lengths are never equal. */
export function equalInConstantTime(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false
  let difference = 0
  for (let i = 0; i < left.length; i += 1) difference |= (left[i] ?? 0) ^ (right[i] ?? 0)
  return difference === 0
}
