/**
 * A message for people and logs, a line for each field. It shows what a fault-finder needs and nothing that
 * could be paid with: of a card number six and four digits at most, of a PIN block, a key or data whose
 * meaning is not known, nothing but the length.
 */
import { type OutgoingMessage, textOf, type Value } from './message.ts'
import type { FieldSpec, MessageSpec } from './spec/spec.ts'
import { hexText, readTlvs } from './tlv.ts'

const dots = '••••'

/**
 * For example `0200 unionpay_pos`, `2 pan 622424******0113`, `39 response_code 00`. Never throws. A card
 * number of the message is masked in every other field too.
 */
export function describe(spec: MessageSpec, message: OutgoingMessage): readonly string[] {
  const pans = pansOf(message)
  const lines = Object.entries(message.fields).map(([key, value]) => {
    const field = spec.fields[Number(key)]
    if (field === undefined) return `${key} unknown ${lengthOf(value)}`
    let text = shownValue(field, value)
    for (const pan of pans) text = text.replaceAll(pan, maskedPan(pan))
    return `${key} ${field.name} ${text}`
  })
  return [`${printable(message.mti)} ${spec.name}`, ...lines]
}

/** `6224242900000113` → `622424******0113`. Of less than 15 characters only the last four are shown. */
export function maskedPan(pan: string): string {
  const head = pan.length < 15 ? 0 : 6
  const tail = pan.length < 8 ? 0 : 4
  return `${pan.slice(0, head)}${'*'.repeat(pan.length - head - tail)}${pan.slice(pan.length - tail)}`
}

/** Card numbers as they may stand elsewhere in the message: from the PAN, and from track 2. */
function pansOf(message: OutgoingMessage): readonly string[] {
  const pans = [textOf(message, 2) ?? '', panOfTrack(textOf(message, 35) ?? '')]
  return pans.filter((pan) => pan.length >= 8)
}

const panOfTrack = (track: string) => /^\d*/.exec(track)?.[0] ?? ''

function shownValue({ mask }: FieldSpec, value: Value): string {
  if (mask === 'secret') return dots
  if (mask === 'emv') return shownTlvs(value)
  if (value instanceof Uint8Array) return mask === 'shown' ? hexText(value) : lengthOf(value)
  if (mask === 'shown') return printable(value.trimEnd())
  if (mask === 'pan') return printable(maskedPan(value))
  if (mask === 'track') return `${maskedPan(panOfTrack(value))}${dots}`
  if (mask === 'account') return printable(`${dots}${value.length < 8 ? '' : value.slice(-4)}`)
  return lengthOf(value)
}

const lengthOf = (value: Value) =>
  value instanceof Uint8Array ? `(${value.length} octets)` : `(${value.length} characters)`

/** What tags of EMV 4.3 book 3 annex A say about a transaction, a terminal or a cryptogram, not a card. */
const harmless = new Set(
  `82 84 8A 91 95 9A 9B 9C 5F2A 5F34 9F02 9F03 9F09 9F10 9F1A 9F1E 9F26 9F27 9F33 9F34 9F35 9F36 9F37 9F41
  9F53`.split(/\s+/),
)

function shownTlvs(value: Value): string {
  const tlvs = value instanceof Uint8Array ? readTlvs(value) : undefined
  if (tlvs === undefined) return lengthOf(value)
  return tlvs
    .map((it) => `${it.tag}=${harmless.has(it.tag) ? hexText(it.value) : lengthOf(it.value)}`)
    .join(' ')
}

/** A peer must not be able to write a line of its own into the log. */
const printable = (text: string) => text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')
