/**
 * Message authentication codes: ISO/IEC 9797-1:2011 algorithms 1, 3 and 5 with its padding methods, and the
 * one of UnionPay terminals. All answer a whole block, of which a protocol uses the first four or eight
 * octets; compare with `equalInConstantTime`.
 */
import { type BlockCipher, xor } from './block-cipher.ts'

/**
 * ISO/IEC 9797-1 §6.3. 1: zeros as needed. 2: a one bit, then zeros as needed. 3: method 1 after a block that
 * holds the number of bits.
 */
export type Padding = 1 | 2 | 3

/** Data followed, or preceded, by what makes it whole blocks; at least one block. */
export function padded(data: Uint8Array, padding: Padding, blockOctets: number): Uint8Array {
  const before = padding === 3 ? blockOctets : 0
  const content = data.length + (padding === 2 ? 1 : 0)
  const blocks = Math.max(1, Math.ceil(content / blockOctets))
  const whole = new Uint8Array(before + blocks * blockOctets)
  whole.set(data, before)
  if (padding === 2) whole[data.length] = 0x80
  let bits = padding === 3 ? data.length * 8 : 0
  for (let at = before - 1; bits > 0; at -= 1) {
    whole[at] = bits % 256
    bits = Math.floor(bits / 256)
  }
  return whole
}

/**
 * CBC-MAC, ISO/IEC 9797-1 algorithm 1. With single DES and padding 1 it is ANSI X9.9, of which four octets are
 * used.
 */
export const cbcMac = (cipher: BlockCipher, data: Uint8Array, padding: Padding): Uint8Array =>
  cipher.chain(padded(data, padding, cipher.blockOctets))

/**
 * Retail MAC, ISO/IEC 9797-1 algorithm 3 and ANSI X9.19: CBC with the left half of the key, the last block
 * decrypted with the right half and encrypted with the left again. Both are ciphers of one DES key.
 */
export function retailMac(
  keys: { readonly left: BlockCipher; readonly right: BlockCipher },
  data: Uint8Array,
  padding: Padding,
): Uint8Array {
  return keys.left.encrypt(keys.right.decrypt(cbcMac(keys.left, data, padding)))
}

/** CMAC, ISO/IEC 9797-1 algorithm 5; with AES it is RFC 4493. */
export function cmac(cipher: BlockCipher, data: Uint8Array): Uint8Array {
  const { blockOctets } = cipher
  const complete = data.length > 0 && data.length % blockOctets === 0
  const first = doubled(cipher.encrypt(new Uint8Array(blockOctets)))
  const blocks = padded(data, complete ? 1 : 2, blockOctets)
  const last = blocks.subarray(-blockOctets)
  last.set(xor(last, complete ? first : doubled(first)))
  return cipher.chain(blocks)
}

/** Multiplies by x in the field of the block's size: shifts left, and folds the carry in. */
function doubled(block: Uint8Array): Uint8Array {
  const result = block.map((octet, index) => (octet << 1) | ((block[index + 1] ?? 0) >> 7))
  const fold = block.length === 16 ? 0x87 : 0x1b
  if (((block[0] ?? 0) & 0x80) !== 0) result[block.length - 1] = (result.at(-1) ?? 0) ^ fold
  return result
}

/**
 * The MAC of UnionPay terminals ("ECB"): all blocks of eight octets are added up (xor), the sum is written as
 * 16 characters 0-9 A-F, of which the first eight are encrypted, the last eight added and encrypted again. A
 * message carries the first four octets as eight such characters.
 */
export function unionPayEcbMac(cipher: BlockCipher, data: Uint8Array): Uint8Array {
  const sum = new Uint8Array(8)
  for (let i = 0; i < data.length; i += 1) sum[i & 7] = (sum[i & 7] ?? 0) ^ (data[i] ?? 0)
  const text = hexOctets(sum)
  return cipher.encrypt(xor(cipher.encrypt(text.subarray(0, 8)), text.subarray(8)))
}

/** Octets as characters 0-9 A-F, two for each. */
export function hexOctets(octets: Uint8Array): Uint8Array {
  const text = new Uint8Array(octets.length * 2)
  const characterOf = (half: number) => half + (half < 10 ? 0x30 : 0x37)
  for (let i = 0; i < octets.length; i += 1) {
    text[i * 2] = characterOf((octets[i] ?? 0) >> 4)
    text[i * 2 + 1] = characterOf((octets[i] ?? 0) & 15)
  }
  return text
}
