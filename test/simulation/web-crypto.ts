/**
 * The HMAC of the browsers' cryptography, done at once: the machine's own threads would answer at a moment that is not
 * of the simulation.
 */
import { createHmac } from 'node:crypto'

/** Answers what gives the real one back. */
export function installWebCrypto(): () => void {
  const { subtle } = globalThis.crypto
  const imported = async (_format: string, octets: Uint8Array) => ({ octets })
  const sign = async (_name: string, key: { octets: Uint8Array }, message: Uint8Array) =>
    new Uint8Array(createHmac('sha256', key.octets).update(message).digest()).buffer
  Object.assign(subtle, { importKey: imported, sign })
  return () => {
    for (const name of ['importKey', 'sign']) Reflect.deleteProperty(subtle, name)
  }
}
