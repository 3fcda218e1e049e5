/**
 * Why a message could not be read or written. It names the place, never the content: a refusal may be
 * logged as it is.
 */
import type { Result } from './result.ts'

export type Reason =
  /** The octets end before the value does. */
  | 'cut_short'
  /** The value, or the length that announces it, is above the maximum. */
  | 'too_long'
  /** A fixed-length value of another length. */
  | 'length_differs'
  /** A length prefix that is no number. */
  | 'bad_length'
  /** No decimal digit where there must be one. */
  | 'bad_digit'
  /** A character that the kind of field does not allow, or that the encoding does not have. */
  | 'bad_character'
  /** The unused half octet of an odd number of BCD digits is not zero. */
  | 'bad_padding'
  /** A string where octets belong, octets where a string belongs, or neither. */
  | 'wrong_type'
  /** The message specification has no such field. */
  | 'unknown'
  /** Must be there and is not. */
  | 'missing'
  /** Must not be there and is. */
  | 'unexpected'
  /** Another value than the one it must have. */
  | 'differs'
  /** Octets after the last field. */
  | 'trailing_octets'

export type Place =
  | 'message'
  | 'mti'
  | 'bitmap'
  | 'secondary_bitmap'
  | `header_${string}`
  | `field_${number}`

export interface Refusal {
  /** For example `field_52_cut_short` or `header_total_length_differs`. */
  readonly code: `${Place}_${Reason}`
  readonly reason: Reason
  /** The data element, when it is one. */
  readonly field?: number
  /** Octets from the beginning of the message, its header included, its length header not. */
  readonly at: number
}

/** A refused result. `at` counts octets from the beginning of the message. */
export function refusedAt(
  place: Place,
  reason: Reason,
  at: number,
  field?: number,
): Result<never, Refusal> {
  const code = `${place}_${reason}` as const
  return {
    ok: false,
    refusal: field === undefined ? { code, reason, at } : { code, reason, field, at },
  }
}
