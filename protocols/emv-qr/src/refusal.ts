/**
 * Why a code could not be read or made. It names the place, never the content: a refusal may be logged as it is.
 */

export type Reason =
  /** The code ends before the data object does, or the object before its template says. */
  | 'cut_short'
  /** No id or tag where one must be. */
  | 'bad_id'
  /** A length that is none, or is not written in its shortest form. */
  | 'bad_length'
  /** A length of nothing. */
  | 'empty'
  /** The same data object twice where one may be. */
  | 'duplicate'
  /** Must be there and is not. */
  | 'missing'
  /** Must not be there, or not together with what else is. */
  | 'unexpected'
  /** Not at the place where it must be. */
  | 'misplaced'
  /** Longer than allowed. */
  | 'too_long'
  /** Shorter than allowed. */
  | 'too_short'
  /** A character or digit that the format does not have. */
  | 'bad_character'
  /** None of the values it may have. */
  | 'bad_value'
  /** More decimals than the currency has. */
  | 'bad_precision'
  /** The checksum is another one. */
  | 'crc_differs'

export interface Refusal {
  /** For example `object_62_05_too_long`, `object_61_5A_bad_character`, `code_too_long`. */
  readonly code: `${'code' | `object_${string}`}_${Reason}`
  readonly reason: Reason
  /** The ids or tags from the outermost to the one it is about; none for the code as a whole. */
  readonly path: readonly string[]
  /** Where the data object, or what is wrong in its head, begins. See the reader for what is counted. */
  readonly at: number
}

export const refusalAt = (path: readonly string[], reason: Reason, at: number): Refusal => ({
  code: path.length === 0 ? `code_${reason}` : `object_${path.join('_')}_${reason}`,
  reason,
  path,
  at,
})
