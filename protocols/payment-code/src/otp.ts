/** Six digits that a key gives for a step of time: TOTP (RFC 6238) with HMAC-SHA-256 and steps of 30 seconds. */

/**
 * HMAC-SHA-256 under a key that is not seen here: WebCrypto's, a key store's or a security module's. It throws
 * when it cannot answer, and whoever asked hears that as it is.
 */
export type Hmac = (message: Uint8Array<ArrayBuffer>) => Uint8Array | Promise<Uint8Array>

const stepMs = 30_000
const otpDigits = 6

/** The step a moment lies in; undefined before 1970 and for what is no moment. */
export function stepAt(ms: number): number | undefined {
  const step = Math.floor(ms / stepMs)
  return Number.isSafeInteger(step) && step >= 0 ? step : undefined
}

export async function otpOf(hmac: Hmac, step: number): Promise<string> {
  const counter = new Uint8Array(8)
  new DataView(counter.buffer).setBigUint64(0, BigInt(step))
  const code = truncated(await hmac(counter)) % 10 ** otpDigits
  return String(code).padStart(otpDigits, '0')
}

/** Dynamic truncation: 31 bits from where the last half octet says (RFC 4226 §5.3). */
export function truncated(mac: Uint8Array): number {
  const at = (mac.at(-1) ?? 0) & 0x0f
  return new DataView(mac.buffer, mac.byteOffset, mac.byteLength).getUint32(at) & 0x7fffffff
}
