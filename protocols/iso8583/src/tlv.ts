/** BER-TLV as chip cards write it (EMV 4.3 book 3, annex B): the content of field 55. */

export interface Tlv {
  /** Hexadecimal digits, upper case: `9F26`. */
  readonly tag: string
  readonly value: Uint8Array
}

/** The outermost data objects in order; undefined when the octets are not exactly a list of them. */
export function readTlvs(octets: Uint8Array): readonly Tlv[] | undefined {
  const tlvs: Tlv[] = []
  let at = 0
  while (at < octets.length) {
    const tagEnd = tagEndOf(octets, at)
    const length = octets[tagEnd]
    if (length === undefined) return undefined
    let valueAt = tagEnd + 1
    let count = length
    if (length >= 0x80) {
      // The low bits say how many octets the length has; two hold more than any message.
      const lengthOctets = length & 0x7f
      if (lengthOctets < 1 || lengthOctets > 2) return undefined
      count = 0
      for (let i = 0; i < lengthOctets; i += 1) count = count * 256 + (octets[valueAt + i] ?? 0)
      valueAt += lengthOctets
    }
    if (valueAt + count > octets.length) return undefined
    tlvs.push({
      tag: hexText(octets.subarray(at, tagEnd)),
      value: octets.subarray(valueAt, valueAt + count),
    })
    at = valueAt + count
  }
  return tlvs
}

/** Five low bits set: another octet follows, and after it as many as have their high bit set. */
function tagEndOf(octets: Uint8Array, at: number): number {
  if (((octets[at] ?? 0) & 0x1f) !== 0x1f) return at + 1
  let end = at + 1
  while (((octets[end] ?? 0) & 0x80) !== 0) end += 1
  return end + 1
}

/** Upper-case hexadecimal digits. */
export function hexText(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += (octet < 16 ? '0' : '') + octet.toString(16)
  return text.toUpperCase()
}
