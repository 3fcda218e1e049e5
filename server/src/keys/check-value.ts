/**
 * Check values: six hexadecimal digits by which two people see that they have the same key, and which say
 * nothing of use about it (ANSI X9.24-1:2017 Annex A; PCI PIN requirement 15-1).
 *
 *   DES, TDES   the first three octets of a block of zeros encrypted
 *   AES         the first three octets of the CMAC of a block of zeros, never of the encryption itself: that
 *               block is the hash key of GCM, and a quarter of it would be on paper
 *   HMAC        the first three octets of the HMAC of sixteen zeros; a practice of ours, for want of a rule
 */
import { timingSafeEqual } from 'node:crypto'
import { cmacOfBlock, ecb, hmac } from './ciphers.ts'
import { isDes, type KeyAlgorithm } from './key.ts'

const octets = 3

export function checkValueOf(algorithm: KeyAlgorithm, key: Uint8Array): string {
  const zeros = new Uint8Array(isDes(algorithm) ? 8 : 16)
  if (algorithm === 'hmac-256') return shownCheckValue(hmac(key, zeros))
  return shownCheckValue(
    isDes(algorithm) ? ecb(algorithm, key, zeros, 'encrypt') : cmacOfBlock(algorithm, key, zeros),
  )
}

export const shownCheckValue = (code: Uint8Array): string =>
  Buffer.from(code.subarray(0, octets)).toString('hex').toUpperCase()

/** Whether a check value, as a person or a bank gave it, is that of the key: its first six digits count. */
export function checkValuesAgree(given: string, own: string): boolean {
  const shown = given.replaceAll(' ', '').toUpperCase()
  if (!/^[0-9A-F]{6,16}$/.test(shown)) return false
  return timingSafeEqual(Buffer.from(shown.slice(0, octets * 2)), Buffer.from(own))
}
