/**
 * The user data header (3GPP TS 23.040 §9.2.3.24): a length octet, then information elements of
 * identifier, length and data. Only concatenation is interpreted here (§9.2.3.24.1 and §9.2.3.24.8);
 * the other elements are handed on as they are.
 */
import { accept, type Result, refuse } from './result.ts'

export interface InformationElement {
  readonly id: number
  readonly data: Uint8Array
}

/** Which part of a long message this is. `part` counts from 1 to `total`. */
export interface Concatenation {
  readonly reference: number
  readonly referenceBits: 8 | 16
  readonly total: number
  readonly part: number
}

export interface UserData {
  readonly elements: readonly InformationElement[]
  readonly concatenation?: Concatenation
  /** What follows the header. */
  readonly content: Uint8Array
}

export type UserDataRefusal = 'header_overrun' | 'element_overrun'

/** Splits user data that begins with a header (UDHI set). Refused when a length runs past its end. */
export function parseUserData(userData: Uint8Array): Result<UserData, UserDataRefusal> {
  const headerLength = userData[0]
  if (headerLength === undefined || headerLength >= userData.length) return refuse('header_overrun')
  const elements: InformationElement[] = []
  const end = 1 + headerLength
  let at = 1
  while (at < end) {
    const id = userData[at] ?? 0
    const length = at + 1 < end ? userData[at + 1] : undefined
    if (length === undefined || at + 2 + length > end) return refuse('element_overrun')
    elements.push({ id, data: userData.slice(at + 2, at + 2 + length) })
    at += 2 + length
  }
  const concatenation = concatenationOf(elements)
  return accept({
    elements,
    ...(concatenation && { concatenation }),
    content: userData.slice(end),
  })
}

/** §9.2.3.24: when an element is repeated the last one counts; one with impossible values is ignored. */
function concatenationOf(elements: readonly InformationElement[]): Concatenation | undefined {
  let found: Concatenation | undefined
  for (const { id, data } of elements) {
    const [first = 0, second = 0, third = 0, fourth = 0] = data
    if (id === 0x00 && data.length === 3)
      found =
        validConcatenation({ reference: first, referenceBits: 8, total: second, part: third }) ??
        found
    if (id === 0x08 && data.length === 4)
      found =
        validConcatenation({
          reference: (first << 8) | second,
          referenceBits: 16,
          total: third,
          part: fourth,
        }) ?? found
  }
  return found
}

/** §9.2.3.24.1: a part number of zero or above the total makes the element void. */
export const validConcatenation = (it: Concatenation): Concatenation | undefined =>
  it.part >= 1 && it.part <= it.total ? it : undefined

/** The header, its length octet included: 6 octets with an 8-bit reference, 7 with a 16-bit one. */
export function concatenationHeader(it: Concatenation): Uint8Array {
  return it.referenceBits === 8
    ? Uint8Array.of(5, 0x00, 3, it.reference & 0xff, it.total, it.part)
    : Uint8Array.of(6, 0x08, 4, (it.reference >> 8) & 0xff, it.reference & 0xff, it.total, it.part)
}
