// Looks for a code in a grey picture, in one of several ways: each finds some that the others do not.
import decodeQR from 'qr/decode.js'
import { doubled, type Grey, middle, stretched } from './grey.ts'

/** A larger one would take too long when doubled. */
const doubledEdge = 1_280

/** As it is; dull and dark ones; small, soft and noisy ones. */
const ways: readonly ((grey: Grey) => Grey)[] = [
  (grey) => grey,
  stretched,
  (grey) => {
    const isLarge = Math.max(grey.width, grey.height) > doubledEdge
    return isLarge ? stretched(middle(grey)) : doubled(stretched(grey))
  },
]
export const waysCount = ways.length

export function decodeGrey(
  picture: Grey,
  { way, timeLimit }: { way: number; timeLimit: number },
): string | null {
  const grey = ways[way]?.(picture) ?? picture
  try {
    return decodeQR(grey, { format: 'I420', effort: Number.POSITIVE_INFINITY, timeLimit })
  } catch {
    // It throws where it finds nothing.
    return null
  }
}
