/**
 * Ciphers from node:crypto, the only door to Node in this library. OpenSSL 3 keeps single DES in its legacy
 * provider, which Node does not load. Single DES with the key K is 3DES with K, K, K: the second step undoes the
 * first. So one algorithm serves keys of every length, at three times the work for single ones.
 */
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { BlockCipher } from './security/block-cipher.ts'

export type { BlockCipher } from './security/block-cipher.ts'

/**
 * DES (8 octets), 3DES with two keys (16) or three (24); parity bits are ignored. Throws RangeError for other
 * lengths.
 */
export function desCipher(key: Uint8Array): BlockCipher {
  if (key.length !== 8 && key.length !== 16 && key.length !== 24)
    throw new RangeError('a DES key has 8, 16 or 24 octets')
  const three = new Uint8Array(24)
  for (let at = 0; at < 24; at += key.length) three.set(key.subarray(0, 24 - at), at)
  const secret = createSecretKey(three)
  three.fill(0)
  return cipherOf(secret, { ecb: 'des-ede3', cbc: 'des-ede3-cbc', blockOctets: 8 })
}

/** AES with 16, 24 or 32 octets. Throws RangeError for other lengths. */
export function aesCipher(key: Uint8Array): BlockCipher {
  if (key.length !== 16 && key.length !== 24 && key.length !== 32)
    throw new RangeError('an AES key has 16, 24 or 32 octets')
  const name = `aes-${key.length * 8}`
  return cipherOf(createSecretKey(key), {
    ecb: `${name}-ecb`,
    cbc: `${name}-cbc`,
    blockOctets: 16,
  })
}

function cipherOf(
  secret: KeyObject,
  { ecb, cbc, blockOctets }: { readonly ecb: string; readonly cbc: string; blockOctets: 8 | 16 },
): BlockCipher {
  const zeros = new Uint8Array(blockOctets)
  // Whole blocks come out of `update` at once; without padding `final` would add nothing.
  return {
    blockOctets,
    encrypt: (blocks) =>
      new Uint8Array(
        createCipheriv(ecb, secret, null).setAutoPadding(false).update(whole(blocks, blockOctets)),
      ),
    decrypt: (blocks) =>
      new Uint8Array(
        createDecipheriv(ecb, secret, null)
          .setAutoPadding(false)
          .update(whole(blocks, blockOctets)),
      ),
    chain: (blocks) =>
      new Uint8Array(
        createCipheriv(cbc, secret, zeros)
          .setAutoPadding(false)
          .update(whole(blocks, blockOctets))
          .subarray(-blockOctets),
      ),
  }
}

function whole(blocks: Uint8Array, blockOctets: number): Uint8Array {
  if (blocks.length === 0 || blocks.length % blockOctets !== 0)
    throw new RangeError(`${blocks.length} octets are not whole blocks of ${blockOctets}`)
  return blocks
}
