/** How sealed data is written: `k1.<version of the key>.<nonce and ciphertext with its tag, Base64url>`. */
import { gcmNonceOctets, gcmTagOctets } from './ciphers.ts'

export interface Sealed {
  readonly version: number
  readonly nonce: Uint8Array
  readonly sealed: Uint8Array
}

export function sealedText({ version, nonce, sealed }: Sealed): string {
  return `k1.${version}.${Buffer.concat([nonce, sealed]).toString('base64url')}`
}

const shape = /^k1\.([1-9]\d{0,8})\.([\w-]+)$/

export function readSealed(text: string): Sealed | undefined {
  const [, version, body = ''] = shape.exec(text) ?? []
  const octets = Buffer.from(body, 'base64url')
  if (version === undefined || octets.length < gcmNonceOctets + gcmTagOctets) return undefined
  return {
    version: Number(version),
    nonce: octets.subarray(0, gcmNonceOctets),
    sealed: octets.subarray(gcmNonceOctets),
  }
}
