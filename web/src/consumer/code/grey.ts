// Pictures without their colours, one octet a pixel, and what makes a code in them easier to read.

export type Grey = { width: number; height: number; data: Uint8Array<ArrayBuffer> }

type Pixels = { width: number; height: number; data: Uint8ClampedArray }

/** As bright as an eye finds them (ITU-R BT.601). */
export function greyOf({ width, height, data: colours }: Pixels): Grey {
  const data = new Uint8Array(width * height)
  for (let at = 0; at < data.length; at += 1) {
    const red = 77 * (colours[4 * at] ?? 0)
    const green = 150 * (colours[4 * at + 1] ?? 0)
    const blue = 29 * (colours[4 * at + 2] ?? 0)
    data[at] = (red + green + blue) >> 8
  }
  return { width, height, data }
}

/** Of a hundred pixels one may be darker than black, and one lighter than white. */
const outliers = 0.01

/** From black to white, however dark or dull it was. */
export function stretched({ width, height, data: from }: Grey): Grey {
  const counts = new Uint32Array(256)
  for (const shade of from) counts[shade] = (counts[shade] ?? 0) + 1
  const first = (shades: readonly number[]) => {
    let left = from.length * outliers
    return shades.find((shade) => {
      left -= counts[shade] ?? 0
      return left < 0
    })
  }
  const upwards = Array.from({ length: 256 }, (_, shade) => shade)
  const [darkest = 0, lightest = 255] = [first(upwards), first(upwards.toReversed())]
  const span = Math.max(1, lightest - darkest)
  const shades = Uint8ClampedArray.from(upwards, (shade) => ((shade - darkest) * 255) / span)
  return { width, height, data: from.map((shade) => shades[shade] ?? 0) }
}

/** Twice as wide and high, with soft steps between the pixels. */
export function doubled({ width, height, data: from }: Grey): Grey {
  const data = new Uint8Array(4 * width * height)
  let at = 0
  for (let y = 0; y < 2 * height; y += 1) {
    const near = width * (y >> 1)
    const far = width * beyond(y, height)
    for (let x = 0; x < 2 * width; x += 1) {
      const left = x >> 1
      const right = beyond(x, width)
      // What is nearer counts three times, what is beyond it once.
      const upper = 3 * (from[near + left] ?? 0) + (from[near + right] ?? 0)
      const lower = 3 * (from[far + left] ?? 0) + (from[far + right] ?? 0)
      data[at] = (3 * upper + lower + 8) >> 4
      at += 1
    }
  }
  return { width: 2 * width, height: 2 * height, data }
}

/** The second of the two rows, or columns, that a new one lies between. */
const beyond = (place: number, count: number): number =>
  Math.min(count - 1, Math.max(0, (place >> 1) + (place % 2 === 0 ? -1 : 1)))

/** Half as wide and high: where one holds the code. */
export function middle({ width, height, data: from }: Grey): Grey {
  const [columns, rows] = [Math.ceil(width / 2), Math.ceil(height / 2)]
  const [left, top] = [width >> 2, height >> 2]
  const data = new Uint8Array(columns * rows)
  for (let row = 0; row < rows; row += 1) {
    const start = (top + row) * width + left
    data.set(from.subarray(start, start + columns), row * columns)
  }
  return { width: columns, height: rows, data }
}
