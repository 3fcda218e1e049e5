/** Which octets each kind of content may have, and texts of one octet a character. */
import type { Content } from '../spec/format.ts'

const digit = 1
const letter = 2
const space = 4
const special = 8
const separator = 16

/** The classes of every ASCII character. D separates tracks too where no `=` is available. */
const classes = new Uint8Array(256)
for (let code = 0x20; code < 0x7f; code += 1) {
  const character = String.fromCharCode(code)
  if (code === 0x20) classes[code] = space
  else if (/\d/.test(character)) classes[code] = digit
  else if (/[A-Za-z]/.test(character)) classes[code] = letter
  else classes[code] = special
  if (character === '=' || character === 'D') classes[code] = (classes[code] ?? 0) | separator
}

/** A space fills texts up, so every kind of text has it. */
const allowed: Record<Exclude<Content, 'b'>, number> = {
  n: digit,
  z: digit | separator,
  'x+n': digit,
  a: letter | space,
  an: letter | digit | space,
  as: letter | special | space,
  ns: digit | special | space,
  ans: letter | digit | special | space,
}

/** Index of the first code that `content` does not allow, or -1. */
export function firstForeign(
  codes: Uint8Array,
  from: number,
  to: number,
  content: Exclude<Content, 'b'>,
): number {
  const mask = allowed[content]
  let at = from
  if (content === 'x+n' && from < to) {
    // C is a credit, D a debit.
    if (codes[from] !== 0x43 && codes[from] !== 0x44) return from
    at += 1
  }
  for (; at < to; at += 1) if (((classes[codes[at] ?? 0] ?? 0) & mask) === 0) return at
  return -1
}

/** One character for each octet from U+0000 to U+00FF. A few thousand octets at the most. */
export const textFrom = (octets: Uint8Array, from: number, to: number): string =>
  String.fromCharCode.apply(null, octets.subarray(from, to) as unknown as number[])
