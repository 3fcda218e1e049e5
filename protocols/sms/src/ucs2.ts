/**
 * UCS-2 as short messages use it: UTF-16, big endian (3GPP TS 23.038 §6.2.3). Characters beyond the
 * basic plane, such as emoji, travel as surrogate pairs; every handset of today sends them so.
 */

export function encodeUcs2(text: string): Uint8Array {
  const octets = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    octets[2 * i] = unit >> 8
    octets[2 * i + 1] = unit & 0xff
  }
  return octets
}

/**
 * It never fails: a surrogate without its other half and a last odd octet become U+FFFD, so that what
 * comes out is well-formed and can be stored anywhere.
 */
export function decodeUcs2(octets: Uint8Array): string {
  let text = ''
  const unitAt = (at: number) => ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  for (let at = 0; at + 1 < octets.length; at += 2) {
    const unit = unitAt(at)
    if (unit < 0xd800 || unit > 0xdfff) {
      text += String.fromCharCode(unit)
      continue
    }
    const low = at + 3 < octets.length ? unitAt(at + 2) : 0
    if (unit > 0xdbff || low < 0xdc00 || low > 0xdfff) text += '\ufffd'
    else {
      text += String.fromCharCode(unit, low)
      at += 2
    }
  }
  return octets.length % 2 === 1 ? `${text}\ufffd` : text
}
