/** HMAC by the platform, browser or Node. A key that was imported cannot be read out again. */
import type { Hmac } from './otp.ts'

/** The platform's own type, by whatever name its declarations have it. */
export type HmacKey = Parameters<typeof crypto.subtle.sign>[1]

const keyOctets = 32

/** A key that a browser may keep in its database, where no script can read it. RangeError unless 32 octets. */
export async function importHmacKey(octets: Uint8Array<ArrayBuffer>): Promise<HmacKey> {
  if (octets.length !== keyOctets) throw new RangeError(`a key has ${keyOctets} octets`)
  return crypto.subtle.importKey('raw', octets, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
}

export const webCryptoHmac =
  (key: HmacKey): Hmac =>
  async (message) =>
    new Uint8Array(await crypto.subtle.sign('HMAC', key, message))
