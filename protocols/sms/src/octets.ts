/** The few things done to plain octets. A `Uint8Array` is used throughout: there is no Buffer in a browser. */

export function concatOctets(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

export function equalOctets(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((octet, index) => octet === right[index])
}

/** One octet per character, U+0000 to U+00FF (ISO 8859-1). */
export function latin1Text(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += String.fromCharCode(octet)
  return text
}

/** The octets of a text, or undefined when a character lies above U+00FF. */
export function latin1Octets(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length)
  for (let i = 0; i < text.length; i += 1) {
    const code = text.charCodeAt(i)
    if (code > 0xff) return undefined
    octets[i] = code
  }
  return octets
}
