/** BER-TLV as EMV writes it (EMV 4.3 book 3, annex B), each length in its shortest form. */
import { type Reason, type Refusal, refusalAt } from '../refusal.ts'
import { accept, type Result, refuse } from '../result.ts'

export interface BerObject {
  /** Hexadecimal digits, upper case: `9F26`. */
  readonly tag: string
  /** Octets; of the templates 61 to 64 the objects in them. */
  readonly value: Uint8Array | readonly BerObject[]
}

/** Where an object was read, which it does not say itself. */
export interface Placed {
  readonly object: BerObject
  readonly path: readonly string[]
  /** Octets from the beginning of the code. */
  readonly at: number
  readonly children: readonly Placed[]
}

/** 61 and 62 in the code, 63 and 64 in either of them. */
export const isTemplate = (path: readonly string[]) =>
  path.length === 1
    ? /^6[12]$/.test(path[0] ?? '')
    : path.length === 2 && /^6[12]$/.test(path[0] ?? '') && /^6[34]$/.test(path[1] ?? '')

export function readBer(
  octets: Uint8Array,
  {
    from,
    to,
    path,
  }: { readonly from: number; readonly to: number; readonly path: readonly string[] } = {
    from: 0,
    to: octets.length,
    path: [],
  },
): Result<readonly Placed[], Refusal> {
  const all: Placed[] = []
  for (let at = from; at < to; ) {
    const head = headAt(octets, at, to)
    if ('reason' in head) {
      const own = head.tag === undefined ? path : [...path, head.tag]
      return refuse(refusalAt(own, head.reason, at))
    }
    const own = [...path, head.tag]
    const end = head.valueAt + head.length
    const inside = isTemplate(own)
      ? readBer(octets, { from: head.valueAt, to: end, path: own })
      : accept(undefined)
    if (!inside.ok) return inside
    const value = inside.value?.map(({ object }) => object) ?? octets.slice(head.valueAt, end)
    all.push({ object: { tag: head.tag, value }, path: own, at, children: inside.value ?? [] })
    at = end
  }
  return accept(all)
}

type Head =
  | { readonly tag: string; readonly valueAt: number; readonly length: number }
  | { readonly tag?: string; readonly reason: Reason }

function headAt(octets: Uint8Array, at: number, to: number): Head {
  const tagEnd = tagEndOf(octets, at)
  if (tagEnd > to) return { reason: 'cut_short' }
  const tag = hexOf(octets.subarray(at, tagEnd))
  if (!isTag(tag)) return { reason: 'bad_id' }
  const first = tagEnd < to ? (octets[tagEnd] ?? 0) : undefined
  if (first === undefined) return { tag, reason: 'cut_short' }
  // Two octets of length count more than any code has.
  if (first === 0x80 || first > 0x82) return { tag, reason: 'bad_length' }
  const more = first < 0x80 ? 0 : first - 0x80
  const valueAt = tagEnd + 1 + more
  if (valueAt > to) return { tag, reason: 'cut_short' }
  let length = more === 0 ? first : 0
  for (let i = 0; i < more; i += 1) length = length * 256 + (octets[tagEnd + 1 + i] ?? 0)
  if (headOf(length).length !== 1 + more) return { tag, reason: 'bad_length' }
  if (length === 0) return { tag, reason: 'empty' }
  return valueAt + length > to ? { tag, reason: 'cut_short' } : { tag, valueAt, length }
}

/** Five low bits set: another octet follows, and after it as many as have their high bit set. */
function tagEndOf(octets: Uint8Array, at: number): number {
  if (((octets[at] ?? 0) & 0x1f) !== 0x1f) return at + 1
  let end = at + 1
  while (((octets[end] ?? 0) & 0x80) !== 0) end += 1
  return end + 1
}

/** One octet, or up to three where the first says so; 00 is filling. */
export const isTag = (tag: string) =>
  /^(?!00)([0-9A-F][0-9A-E]|[02468ACE]F|[13579BDF]F([89A-F][0-9A-F])?[0-7][0-9A-F])$/.test(tag)

/** The octets of a length. */
function headOf(length: number): readonly number[] {
  if (length < 0x80) return [length]
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
}

/** All objects one after the other. Refuses a tag that is none, and nothing where something must be. */
export function writeBer(
  objects: readonly BerObject[],
  path: readonly string[] = [],
): Result<readonly number[], Refusal> {
  const octets: number[] = []
  for (const { tag, value } of objects) {
    const own = [...path, tag]
    if (!isTag(tag)) return refuse(refusalAt(path, 'bad_id', octets.length))
    const inside = value instanceof Uint8Array ? accept([...value]) : writeBer(value, own)
    if (!inside.ok) return inside
    const { length } = inside.value
    if (length === 0) return refuse(refusalAt(own, 'empty', octets.length))
    if (length > 0xffff) return refuse(refusalAt(own, 'too_long', octets.length))
    for (let at = 0; at < tag.length; at += 2)
      octets.push(Number.parseInt(tag.slice(at, at + 2), 16))
    for (const octet of headOf(length)) octets.push(octet)
    for (const octet of inside.value) octets.push(octet)
  }
  return accept(octets)
}

/** Upper-case hexadecimal digits. */
export function hexOf(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += octet.toString(16).padStart(2, '0')
  return text.toUpperCase()
}
