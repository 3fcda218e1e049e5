/**
 * Texts in GBK (code page 936): ASCII in one octet, Chinese in two. The platform's own decoder has the
 * table; writing uses the same table turned round, made when it is first needed. The single octets 80 and
 * FF, which products disagree about, are refused. Some 170 pairs (A2E3 among them, the euro sign) stand
 * for private characters or for those of GB 18030-2022, as the platform has it; both are written back.
 */

const decoder = new TextDecoder('gbk')

const isLead = (octet: number) => octet >= 0x81 && octet <= 0xfe
const isTrail = (octet: number) => octet >= 0x40 && octet <= 0xfe && octet !== 0x7f

let table: Uint16Array | undefined

/** Two octets for each UTF-16 unit, 0 where there are none. */
function codes(): Uint16Array {
  if (table) return table
  table = new Uint16Array(0x10000)
  const pair = new Uint8Array(2)
  for (let lead = 0x81; lead <= 0xfe; lead += 1)
    for (let trail = 0x40; trail <= 0xfe; trail += 1) {
      if (!isTrail(trail)) continue
      pair[0] = lead
      pair[1] = trail
      const text = decoder.decode(pair)
      const unit = text.charCodeAt(0)
      // Where two codes mean one character, the lower one is written.
      if (text.length === 1 && unit !== 0xfffd && table[unit] === 0)
        table[unit] = (lead << 8) | trail
    }
  return table
}

/** Index of the first octet that is neither printable ASCII nor part of a pair, or -1. */
export function firstNotGbk(octets: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at += 1) {
    const octet = octets[at] ?? 0
    if (octet >= 0x20 && octet < 0x7f) continue
    if (!isLead(octet) || at + 1 === to || !isTrail(octets[at + 1] ?? 0)) return at
    at += 1
  }
  return -1
}

/** The text of octets that `firstNotGbk` found nothing in; undefined for a pair without a character. */
export function decodeGbk(octets: Uint8Array): string | undefined {
  const text = decoder.decode(octets)
  return text.includes('\ufffd') ? undefined : text
}

/**
 * Writes `text` at `at`, at most two octets a character. Returns where it ends, or undefined when GBK lacks
 * a character or it is a control character.
 */
export function writeGbk(octets: Uint8Array, at: number, text: string): number | undefined {
  let end = at
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x20 && unit < 0x7f) {
      octets[end] = unit
      end += 1
      continue
    }
    const code = unit < 0x80 ? 0 : (codes()[unit] ?? 0)
    if (code === 0) return undefined
    octets[end] = code >> 8
    octets[end + 1] = code & 0xff
    end += 2
  }
  return end
}
