/** Base64 (RFC 4648 §4), only as it is written: with its padding, without breaks, and no bits left over. */

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'

export function base64Of(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < octets.length; at += 3) {
    const bits = ((octets[at] ?? 0) << 16) | ((octets[at + 1] ?? 0) << 8) | (octets[at + 2] ?? 0)
    for (let part = 0; part < 4; part += 1)
      text += at + part <= octets.length ? alphabet[(bits >> (18 - 6 * part)) & 63] : '='
  }
  return text
}

/** The octets, or the place in the text where it is none. */
export function octetsOfBase64(text: string): Uint8Array | { readonly badAt: number } {
  const digits = text.replace(/={1,2}$/, '')
  const badAt = Array.from(digits).findIndex((it) => !alphabet.includes(it))
  if (badAt >= 0) return { badAt }
  if (text.length % 4 !== 0) return { badAt: text.length }
  const octets = new Uint8Array(Math.floor((digits.length * 6) / 8))
  let bits = 0
  for (let at = 0, held = 0, filled = 0; at < digits.length; at += 1) {
    bits = ((bits << 6) | alphabet.indexOf(digits[at] ?? '')) & 0xffff
    held += 6
    if (held < 8) continue
    held -= 8
    octets[filled] = bits >> held
    filled += 1
  }
  // What the last digit says beyond the last octet would be lost.
  return base64Of(octets) === text ? octets : { badAt: digits.length - 1 }
}
