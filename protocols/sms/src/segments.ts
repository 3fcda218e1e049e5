/**
 * Long texts. A short message holds 140 octets (3GPP TS 23.040 §9.2.3.16): 160 septets or 70 UCS-2
 * characters. A longer text is cut into parts, each beginning with a concatenation header that costs
 * 7 septets or 3 characters (one more septet, and half a character, with a 16-bit reference).
 */
import { type Alphabet, dataCodings } from './data-coding.ts'
import { encodeGsm7, gsm7Cost } from './gsm7.ts'
import { concatOctets } from './octets.ts'
import { accept, type Result, refuse } from './result.ts'
import { encodeUcs2 } from './ucs2.ts'
import { type Concatenation, concatenationHeader } from './user-data-header.ts'

export interface Segment {
  readonly text: string
  readonly dataCoding: number
  /** Absent when the text fits in one message. */
  readonly concatenation?: Concatenation
  /** What goes into short_message: header, then content. With a header, set UDHI in esm_class. */
  readonly userData: Uint8Array
}

export interface SegmentCount {
  readonly alphabet: Extract<Alphabet, 'gsm7' | 'ucs2'>
  /** Septets, or UTF-16 units. */
  readonly units: number
  readonly segments: number
}

interface Plan {
  readonly alphabet: SegmentCount['alphabet']
  readonly units: number
  readonly texts: readonly string[]
}

const capacity = {
  gsm7: { alone: 160, 8: 153, 16: 152 },
  ucs2: { alone: 70, 8: 67, 16: 66 },
} as const

/** The part number is one octet. */
const segmentsMax = 255

/** What the text costs to send: for a counter under a text box, and for billing by part. */
export function countSegments(text: string, referenceBits: 8 | 16 = 8): SegmentCount {
  const { alphabet, units, texts } = plan(text, referenceBits)
  return { alphabet, units, segments: texts.length }
}

/**
 * Cuts a text into messages, in order. Neither an escape sequence nor a surrogate pair is ever torn,
 * so every part can also be read by itself. Refused beyond 255 parts.
 */
export function splitText(
  text: string,
  options: { readonly reference: number; readonly referenceBits?: 8 | 16 },
): Result<Segment[], 'too_many_segments'> {
  const referenceBits = options.referenceBits ?? 8
  const { alphabet, texts } = plan(text, referenceBits)
  if (texts.length > segmentsMax) return refuse('too_many_segments')
  const dataCoding = dataCodings[alphabet]
  return accept(
    texts.map((partText, index) => {
      const content = contentOf(partText, alphabet)
      if (texts.length === 1) return { text: partText, dataCoding, userData: content }
      const concatenation = {
        reference: options.reference % 2 ** referenceBits,
        referenceBits,
        total: texts.length,
        part: index + 1,
      }
      const userData = concatOctets(concatenationHeader(concatenation), content)
      return { text: partText, dataCoding, concatenation, userData }
    }),
  )
}

function contentOf(text: string, alphabet: SegmentCount['alphabet']): Uint8Array {
  const septets = alphabet === 'gsm7' ? encodeGsm7(text) : undefined
  return septets?.ok ? septets.value : encodeUcs2(text)
}

function plan(text: string, referenceBits: 8 | 16): Plan {
  const characters = [...text]
  const septets = characters.reduce((sum, it) => sum + (gsm7Cost(it) ?? Number.NaN), 0)
  const alphabet = Number.isNaN(septets) ? 'ucs2' : 'gsm7'
  const units = alphabet === 'gsm7' ? septets : text.length
  const room = capacity[alphabet]
  if (units <= room.alone) return { alphabet, units, texts: [text] }
  const texts: string[] = []
  let part = ''
  let used = 0
  for (const character of characters) {
    const cost = alphabet === 'gsm7' ? (gsm7Cost(character) ?? 0) : character.length
    if (used + cost > room[referenceBits]) {
      texts.push(part)
      part = ''
      used = 0
    }
    part += character
    used += cost
  }
  return { alphabet, units, texts: [...texts, part] }
}
