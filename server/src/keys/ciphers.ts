/**
 * What is computed with the octets of a key, by node:crypto. The octets stay the caller's; everything
 * clear that comes out is a `SecretBytes`.
 */
import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto'
import { assert, SecretBytes } from '../kernel/index.ts'
import { isDes, type KeyAlgorithm } from './key.ts'

export type Direction = 'encrypt' | 'decrypt'

const nothing = new Uint8Array(0)
export const gcmNonceOctets = 12
export const gcmTagOctets = 16

/** Whole blocks, each by itself (ECB, NIST SP 800-38A §6.1). */
export function ecb(
  algorithm: KeyAlgorithm,
  key: Uint8Array,
  blocks: Uint8Array,
  direction: Direction,
): Uint8Array {
  return withNodeKey(algorithm, key, (name, nodeKey) => {
    const make = direction === 'encrypt' ? createCipheriv : createDecipheriv
    // A single update gives all of it: without padding, `final` has nothing to add.
    return plainly(make(`${name}-ecb`, nodeKey, nothing).setAutoPadding(false).update(blocks))
  })
}

/** The last block of CBC from a block of zeros: CBC-MAC without padding (ISO/IEC 9797-1 algorithm 1). */
export function chain(algorithm: KeyAlgorithm, key: Uint8Array, blocks: Uint8Array): Uint8Array {
  const octets = isDes(algorithm) ? 8 : 16
  return withNodeKey(algorithm, key, (name, nodeKey) => {
    const cipher = createCipheriv(`${name}-cbc`, nodeKey, new Uint8Array(octets))
    const chained = cipher.setAutoPadding(false).update(blocks)
    return plainly(chained).slice(-octets)
  })
}

/** CMAC of exactly one block (NIST SP 800-38B §6.2, whole last block). */
export function cmacOfBlock(
  algorithm: KeyAlgorithm,
  key: Uint8Array,
  block: Uint8Array,
): Uint8Array {
  const subkey = doubled(ecb(algorithm, key, new Uint8Array(block.length), 'encrypt'))
  return ecb(
    algorithm,
    key,
    block.map((octet, at) => octet ^ (subkey[at] ?? 0)),
    'encrypt',
  )
}

export const hmac = (key: Uint8Array, data: Uint8Array): Uint8Array =>
  createHmac('sha256', key).update(data).digest()

/** AES-256-GCM (NIST SP 800-38D): ciphertext followed by the tag. */
export function gcmSeal(
  key: Uint8Array,
  { nonce, context, clear }: { nonce: Uint8Array; context: Uint8Array; clear: Uint8Array },
): Uint8Array {
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(context)
  return Buffer.concat([cipher.update(clear), cipher.final(), cipher.getAuthTag()])
}

/** Undefined when the tag does not fit: another key, another context, or changed octets. */
export function gcmOpen(
  key: Uint8Array,
  { nonce, context, sealed }: { nonce: Uint8Array; context: Uint8Array; sealed: Uint8Array },
): SecretBytes | undefined {
  if (sealed.length < gcmTagOctets) return undefined
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: gcmTagOctets })
  decipher.setAAD(context).setAuthTag(sealed.subarray(-gcmTagOctets))
  const opened = decipher.update(sealed.subarray(0, -gcmTagOctets))
  try {
    decipher.final()
    return new SecretBytes(opened)
  } catch {
    opened.fill(0)
    return undefined
  }
}

/** RFC 3394 §2.2.3.1, NIST SP 800-38F §6.2 (KW). */
const keyWrapIv = new Uint8Array(8).fill(0xa6)

/** A key under a key: KW under AES, ECB under TDES as zone keys have long been sent (ANSI X9.24-1). */
export function wrap(algorithm: KeyAlgorithm, kek: Uint8Array, key: Uint8Array): Uint8Array {
  if (isDes(algorithm)) return ecb(algorithm, kek, key, 'encrypt')
  const cipher = createCipheriv(`id-aes${kek.length * 8}-wrap`, kek, keyWrapIv)
  return Buffer.concat([cipher.update(key), cipher.final()])
}

/** Undefined when KW finds another key or changed octets. ECB finds nothing: the check value does. */
export function unwrap(
  algorithm: KeyAlgorithm,
  kek: Uint8Array,
  wrapped: Uint8Array,
): SecretBytes | undefined {
  if (isDes(algorithm)) return new SecretBytes(ecb(algorithm, kek, wrapped, 'decrypt'))
  const decipher = createDecipheriv(`id-aes${kek.length * 8}-wrap`, kek, keyWrapIv)
  try {
    return new SecretBytes(decipher.update(wrapped))
  } catch {
    return undefined
  }
}

/** Octets that nothing else shares: a `Buffer` answers `slice` with its own memory. */
export function plainly(buffer: Uint8Array): Uint8Array {
  const octets = Uint8Array.from(buffer)
  buffer.fill(0)
  return octets
}

/** In the form that OpenSSL takes: one DES key stands three times, two are K1 K2 K1. */
function withNodeKey<Value>(
  algorithm: KeyAlgorithm,
  key: Uint8Array,
  use: (name: string, nodeKey: Uint8Array) => Value,
): Value {
  assert(algorithm !== 'hmac-256', 'a key of HMAC enciphers nothing')
  if (!isDes(algorithm)) return use(algorithm, key)
  const whole = new Uint8Array(24)
  for (let at = 0; at < whole.length; at += 1) whole[at] = key[at % key.length] ?? 0
  try {
    return use('des-ede3', whole)
  } finally {
    whole.fill(0)
  }
}

/** Multiplies by x in GF(2^128) or GF(2^64) (NIST SP 800-38B §5.3). */
function doubled(block: Uint8Array): Uint8Array {
  const result = block.map((octet, at) => (octet << 1) | ((block[at + 1] ?? 0) >> 7))
  if (((block[0] ?? 0) & 0x80) !== 0)
    result[block.length - 1] = (result.at(-1) ?? 0) ^ (block.length === 16 ? 0x87 : 0x1b)
  return result
}
