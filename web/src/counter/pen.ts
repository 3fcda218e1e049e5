// The line of a pen as the path of an SVG of 220 by 80, which the voucher prints.

export const pad = { width: 220, height: 80 }

/** What the server takes; a signature that is longer keeps its beginning. */
const pathMax = 8_000

export type Point = { x: number; y: number }

export function pathOf(strokes: Point[][]): string {
  let path = ''
  for (const stroke of strokes) {
    for (const [place, { x, y }] of stroke.entries()) {
      const next = `${place === 0 ? 'M' : 'L'}${onPad(x, pad.width)} ${onPad(y, pad.height)}`
      if (path.length + next.length > pathMax) return path
      path += next
    }
  }
  return path
}

function onPad(value: number, max: number): string {
  return String(Math.round(Math.min(max, Math.max(0, value)) * 10) / 10)
}
